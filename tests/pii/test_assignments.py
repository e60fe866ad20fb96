"""Values assigned to names that say "secret"."""

from __future__ import annotations

import pytest

from pii import find
from tests.pii.invented_values import HEX, drawn

TOKEN = drawn(32, seed="assigned")
DIGEST = drawn(40, HEX, seed="assigned")


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ('password = "hunter2!"', "PASSWORD", "hunter2!"),
        ("'password': 'hunter2!',", "PASSWORD", "hunter2!"),
        ('db_pwd := "qx7kd9"', "PASSWORD", "qx7kd9"),
        ("MYSQL_ROOT_PASSWORD=w0nderland\n", "PASSWORD", "w0nderland"),
        ("  password: w0nderland\n", "PASSWORD", "w0nderland"),
        ("run --password w0nderland", "PASSWORD", "w0nderland"),
        ("<password>w0nderland</password>", "PASSWORD", "w0nderland"),
        ('if password == "w0nderland":', "PASSWORD", "w0nderland"),
        ('{\\"password\\": \\"w0nderland\\"}', "PASSWORD", "w0nderland"),
        (f'api_key = "{TOKEN}"', "KEY", TOKEN),
        (f"secretKey: '{TOKEN}'", "KEY", TOKEN),
        (f"https://x.org/?token={TOKEN}&a=b", "KEY", TOKEN),
        (f"export CLIENT_SECRET={TOKEN}\n", "KEY", TOKEN),
        (f'access_token => "{DIGEST}"', "KEY", DIGEST),
    ],
)
def test_the_value_alone_is_found(text: str, kind: str, value: str) -> None:
    assert {(span.kind, text[span.start : span.end]) for span in find(text, kinds=["KEY", "PASSWORD"])} == {
        (kind, value)
    }


@pytest.mark.parametrize(
    "text",
    [
        'password = ""',
        "password = get_password()",
        "password = user_password",
        'password = "${DB_PASSWORD}"',
        'password = os.environ["DB_PASSWORD"]',
        'password_label = "Password:"',
        'message = "Enter your password"',
        'password_hash = "sha256"',
        'PASSWORD_FILE = "/run/secrets/db"',
        'token_type = "bearer"',
        'key = "application/json"',
        'secret_name = "production-database"',
        f'cache_key = "{DIGEST}"',
        f'public_key = "{TOKEN}"',
        "the token is read from the header",
        "password: str",
        "def set_password(self, password: str) -> None:",
        "",
    ],
)
def test_names_templates_and_look_ups_are_left(text: str) -> None:
    assert list(find(text, kinds=["KEY", "PASSWORD"])) == []
