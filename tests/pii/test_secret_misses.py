"""Keys and passwords that other finders miss, and what stands at their place and is none."""

from __future__ import annotations

import base64
import string

import pytest

from tests.pii.failure_classes import Classes, each_text, found_and_marked, one_sided
from tests.pii.invented_values import ALNUM, HEX, drawn, json_web_token, pem

BASIC = base64.b64encode(b"mara:t1dal-wr3n").decode()
OPAQUE = drawn(40, seed="misses")
SIXTEEN = drawn(16, HEX, seed="sixteen")
SEED = "SU" + drawn(56, string.ascii_uppercase + "234567", seed="nkey")
BLOCK = pem(seed="misses")
INDENTED = BLOCK.replace("\n", "\n    ")

CLASSES: Classes = {
    "header with Basic": (
        f"Authorization: Basic ⟦KEY|{BASIC}⟧",
        f'headers["Authorization"] = "Basic ⟦KEY|{BASIC}⟧"',
        f"curl -H 'authorization: basic ⟦KEY|{BASIC}⟧' https://palereed.org",
        f"{{'Proxy-Authorization': 'Basic ⟦KEY|{BASIC}⟧'}}",
        'WWW-Authenticate: Basic realm="nest"',
        "Basic authentication and Basic understanding",
        'f"Basic {encoded}"',
        "Authorization: Basic <credentials>",
    ),
    "header with Bearer": (
        f"Authorization: Bearer ⟦KEY|{OPAQUE}⟧",
        f'-H "Authorization: Bearer ⟦KEY|{json_web_token()}⟧"',
        f"headers = {{'Authorization': 'Bearer ⟦KEY|{OPAQUE}⟧'}}",
        f'req.Header.Add("Authorization", "Bearer ⟦KEY|{OPAQUE}⟧")',
        "Authorization: Bearer ${TOKEN}",
        'if scheme != "Bearer": raise Unauthorized',
        "the Bearer authentication_scheme_of_the_server",
        "Authorization: Bearer {{ token }}",
    ),
    "password in a URL": (
        "postgres://nest:⟦PASSWORD|t1dal-wr3n⟧@db.palereed.org/tern",
        "redis://:⟦PASSWORD|t1dal-wr3n⟧@cache:6379/0",
        'url="mysql+pymysql://nest:⟦PASSWORD|gr4y%40heron⟧@db/tern"',
        "https_proxy=http://mara:⟦PASSWORD|t1dal-wr3n⟧@⟦IP_ADDRESS|10.3.0.9⟧:3128",
        "postgres://${USER}:${PASSWORD}@db/tern",
        "https://palereed.org:8080/@tern/nest",
        "amqp://nest:<password>@queue",
        "redis://cache:6379/0",
    ),
    "password without quotes": (
        "spring.datasource.password=⟦PASSWORD|t1dal-wr3n⟧\n",
        "DB_PASSWORD=⟦PASSWORD|t1dal-wr3n⟧\nDB_USER=nest\n",
        "db:\n  user: nest\n  password: ⟦PASSWORD|t1dal-wr3n⟧\n",
        "[client]\npassword = ⟦PASSWORD|Gr4yHeron!⟧\n",
        "  - POSTGRES_PASSWORD=⟦PASSWORD|t1dal-wr3n⟧",
        "DB_PASSWORD=\nDB_USER=nest\n",
        "password: ${DB_PASSWORD}\n",
        "password: null\n",
        "password: !vault |\n",
        "db.password.file=/run/secrets/nest\n",
    ),
    "password that is a word": (
        'password = "⟦PASSWORD|sunflower⟧"',
        "MYSQL_PASSWORD=⟦PASSWORD|mountaingoat⟧\n",
        "password: ⟦PASSWORD|greyheron7⟧\n",
        '"password": "⟦PASSWORD|letmein⟧"',
        "password: string",
        'password_label = "Passwort"',
        "def check(password: str, heron: Bird) -> bool:",
        "password = heron",
    ),
    "seed of NATS": (
        f"seed: ⟦KEY|{SEED}⟧",
        f'nkey = "⟦KEY|{SEED}⟧"',
        f"-----BEGIN USER NKEY SEED-----\n⟦KEY|{SEED}⟧\n------END USER NKEY SEED------",
        "user: U" + drawn(55, string.ascii_uppercase + "234567", seed="public"),
        "SUBSCRIPTION_MANAGEMENT_SERVICE_CONFIGURATION_PROPERTIES_FILE",
        "SU" + "A" * 56,
    ),
    "query and parameters of OAuth": (
        f"GET /me?oauth_token=⟦KEY|{OPAQUE}⟧&oauth_version=1.0",
        f"?consumer_key=⟦KEY|{drawn(25, seed='consumer')}⟧&x=1",
        f'oauth_consumer_secret="⟦KEY|{OPAQUE}⟧", oauth_nonce="{SIXTEEN}"',
        "?oauth_token={token}&oauth_version=1.0",
        "?oauth_token=TOKEN&consumer_key=YOUR_KEY",
        'oauth_version="1.0", oauth_signature_method="HMAC-SHA1"',
    ),
    "key of fewer than twenty characters": (
        f'api_key = "⟦KEY|{SIXTEEN}⟧"',
        f"SECRET_KEY=⟦KEY|{drawn(18, seed='eighteen')}⟧\n",
        f'"appSecret": "⟦KEY|{drawn(16, ALNUM, seed="mixed")}⟧"',
        'color_key = "ff8800"',
        'key = "Enter"',
        'api_key = "0123456789abcdef"',
        'primary_key = "customer_id"',
    ),
    "whole private key": (
        f"⟦KEY|{BLOCK}⟧",
        f"key: |\n    ⟦KEY|{INDENTED}⟧\nother: 1\n",
        '"private_key": "⟦KEY|' + BLOCK.replace("\n", "\\n") + '⟧\\n"',
        'const char *k = "⟦KEY|' + '\\n"\n  "'.join(BLOCK.split("\n")) + '⟧\\n";',
        "-----BEGIN RSA PRIVATE KEY-----\n(paste it here)\n-----END RSA PRIVATE KEY-----",
        "grep -L 'BEGIN RSA PRIVATE KEY' *.pem",
        BLOCK.replace("PRIVATE", "PUBLIC"),
    ),
}


@pytest.mark.parametrize("marked", each_text(CLASSES))
def test_a_secret_is_found_exactly_and_what_stands_for_one_is_left(marked: str) -> None:
    found, expected = found_and_marked(marked)
    assert found == expected


def test_every_class_is_shown_in_both_directions() -> None:
    assert one_sided(CLASSES) == []
