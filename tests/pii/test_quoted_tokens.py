"""Quoted machine-made strings and everything that resembles them."""

from __future__ import annotations

import pytest

from pii import find
from tests.pii.invented_values import HEX, drawn

BASE64 = drawn(40, seed="quoted")
DIGEST = drawn(40, HEX, seed="quoted")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f'client(auth, "{BASE64}")', BASE64),
        (f"configure(secret, '{DIGEST}')", DIGEST),
        (f'x.auth = ["{drawn(24, seed="t")}"]', drawn(24, seed="t")),
    ],
)
def test_random_strings_in_quotes_are_found(text: str, value: str) -> None:
    assert [text[span.start : span.end] for span in find(text, kinds=["KEY", "PASSWORD"])] == [value]


@pytest.mark.parametrize(
    "text",
    [
        f'"{DIGEST}"',
        f'commit = "{DIGEST}"',
        f'"integrity": "sha512-{BASE64}"',
        f'md5 token "{DIGEST[:32]}"',
        'key "123e4567-e89b-12d3-a456-426614174000"',
        'secret "/api/v1/users/4/items/x/detail"',
        'secret "AbstractSingletonProxyFactoryBean1"',
        f'src="{BASE64}"',
        f'"-----BEGIN CERTIFICATE-----\\n" +\n f("{BASE64}") + "-----END CERTIFICATE-----"',
        f'"{BASE64}',
        '""',
    ],
)
def test_ids_checksums_paths_and_certificates_are_left(text: str) -> None:
    assert list(find(text, kinds=["KEY", "PASSWORD"])) == []
