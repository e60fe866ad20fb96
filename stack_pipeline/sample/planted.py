"""Invented secrets, e-mail addresses and public IP addresses, none of which may be published.

Every value is drawn from a hash of its purpose when the module is loaded, so that no scanner finds one in
this source, and each has the shape that its provider gives it. Nothing here opens any door or belongs to
anybody.
"""

from __future__ import annotations

import base64
import hashlib
import string
import zlib
from typing import Literal, NamedTuple

PlantedKind = Literal["key", "password", "private_key", "email", "ip_address"]

_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_BASE32 = string.ascii_uppercase + "234567"


class Planted(NamedTuple):
    """A value that must be found: the text, what it is, and where it lies (`full_name:place`)."""

    value: str
    kind: PlantedKind
    where: str


def _drawn(purpose: str, alphabet: str, length: int) -> str:
    """Return characters that look random and are the same on every machine."""
    stream = b"".join(
        hashlib.sha256(f"{purpose} {block}".encode()).digest() for block in range(length // 16 + 1)
    )
    return "".join(alphabet[byte % len(alphabet)] for byte in stream[:length])


def _github_token(purpose: str) -> str:
    """Return a token with the checksum that GitHub's tokens end with."""
    body = _drawn(purpose, _BASE62, 30)
    rest, digits = zlib.crc32(body.encode()), ""
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        digits = _BASE62[digit] + digits
    return "ghp" + "_" + body + digits


AWS_KEY_ID = "AKIA" + _drawn("aws id", _BASE32, 16)
AWS_KEY_ID_IN_PATH = "AKIA" + _drawn("aws id in a path", _BASE32, 16)
AWS_SECRET = _drawn("aws secret", _BASE62 + "+/", 40)
GITHUB_TOKEN = _github_token("github")
GITHUB_TOKEN_IN_TAG = _github_token("github tag")
SLACK_TOKEN = "-".join(
    ["xoxb", _drawn("s1", "123456789", 12), _drawn("s2", "123456789", 13), _drawn("s3", _BASE62, 24)]
)
STRIPE_KEY = "sk_live" + "_" + _drawn("stripe", _BASE62, 24)
API_TOKEN = _drawn("api token", string.digits + "abcdef", 64)
SESSION_SECRET = _drawn("session secret", _BASE62, 43)
DATABASE_PASSWORD = _drawn("database", _BASE62, 18)
URL_PASSWORD = _drawn("url password", _BASE62, 20)
OPTED_OUT_PASSWORD = _drawn("billing password", _BASE62, 18)
PRIVATE_KEY_LINES = tuple(
    base64.b64encode(hashlib.sha384(f"private key {line}".encode()).digest()).decode() for line in range(12)
)

MARA = "mara.lindqvist@fjordlight-systems.com"
JO = "jo.marsh@brightwater-labs.io"
JONAS = "jonas.veit@harbourmaster-mail.net"
PILAR = "pilar.ocana@sierra-nevada-data.org"
TOMASZ = "t.kowalczyk82@wislanet-poczta.com"
AIKO = "aiko_tanabe@minato-softworks.net"
ELSE = "else.brandt@nordlys-verlag.de"
BILLING = "accounts@grimshaw-ledgers.com"

PUBLIC_IPV4 = ("93.184.77.41", "51.158.201.33", "185.92.220.14", "138.201.81.199")
PUBLIC_IPV6 = ("2a02:4780:13:1a2b::7", "2a01:4f8:c17:b8f::2")
HARMLESS = ("127.0.0.1", "10.20.0.5", "192.168.1.10", "::1", "255.255.255.0")
"""Addresses that name nobody and must stay as they are."""

_DEPLOY, _PATHKIT, _ENCODINGS, _ODDITIES = (
    "copperfield/deploy-kit", "northwind/pathkit", "hazel/encodings", "hazel/oddities"
)  # fmt: skip

PLANTED: tuple[Planted, ...] = (
    Planted(AWS_KEY_ID, "key", f"{_DEPLOY}:deploy/settings.py"),
    Planted(AWS_SECRET, "key", f"{_DEPLOY}:deploy/settings.py"),
    Planted(DATABASE_PASSWORD, "password", f"{_DEPLOY}:deploy/settings.py"),
    Planted(GITHUB_TOKEN, "key", f"{_DEPLOY}:config/services.yaml"),
    Planted(SLACK_TOKEN, "key", f"{_DEPLOY}:config/services.yaml"),
    Planted(URL_PASSWORD, "password", f"{_DEPLOY}:scripts/backup.sh"),
    Planted(API_TOKEN, "key", f"{_DEPLOY}:client/client.go"),
    Planted(STRIPE_KEY, "key", f"{_DEPLOY}:web/payment.js"),
    Planted(SESSION_SECRET, "key", f"{_DEPLOY}:web/payment.js"),
    *(Planted(line, "private_key", f"{_DEPLOY}:keys/deploy.pem") for line in PRIVATE_KEY_LINES),
    Planted(AWS_KEY_ID_IN_PATH, "key", f"{_DEPLOY}:path"),
    Planted(JO, "email", f"{_DEPLOY}:path"),
    Planted(JONAS, "email", f"{_DEPLOY}:default branch"),
    Planted(GITHUB_TOKEN_IN_TAG, "key", f"{_DEPLOY}:tag"),
    Planted(MARA, "email", f"{_DEPLOY}:LICENSE"),
    Planted(PILAR, "email", f"{_DEPLOY}:scripts/backup.sh"),
    Planted(TOMASZ, "email", f"{_PATHKIT}:pathkit/berth.py"),
    Planted(AIKO, "email", f"{_ODDITIES}:a path with a newline"),
    Planted(ELSE, "email", f"{_ENCODINGS}:texts/gruesse.py and its copy in UTF-16"),
    *(Planted(address, "ip_address", f"{_DEPLOY}:config/services.yaml") for address in PUBLIC_IPV4[:2]),
    *(Planted(address, "ip_address", f"{_DEPLOY}:analysis/visits.json") for address in PUBLIC_IPV4[2:]),
    *(Planted(address, "ip_address", f"{_DEPLOY}:client/client.go") for address in PUBLIC_IPV6),
    Planted(OPTED_OUT_PASSWORD, "password", "grimshaw-lab/billing:billing/gateway.py"),
    Planted(BILLING, "email", "grimshaw-lab/billing:billing/gateway.py"),
)
"""Every planted value, each once."""
