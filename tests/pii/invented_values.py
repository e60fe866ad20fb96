"""Invented secrets and addresses, assembled at run time so that no scanner takes these files for a leak."""

from __future__ import annotations

import base64
import hashlib
import string

ALNUM = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
KEY = b"tests use this key and no other."


def drawn(length: int, alphabet: str = ALNUM, *, seed: str = "") -> str:
    """Return characters drawn from an alphabet by a hash of the seed; the same for the same arguments."""
    stream = hashlib.shake_256(f"{seed}/{length}/{alphabet}".encode()).digest(2 * length)
    return "".join(alphabet[int.from_bytes(stream[2 * i : 2 * i + 2]) % len(alphabet)] for i in range(length))


def pem(label: str = "RSA ", *, lines: int = 6, seed: str = "pem") -> str:
    """Return an invented private key block of so many base64 lines."""
    body = "\n".join(drawn(64, seed=f"{seed}{i}") for i in range(lines))
    return f"-----BEGIN {label}PRIVATE KEY-----\n{body}\n-----END {label}PRIVATE KEY-----"


def json_web_token() -> str:
    """Return an invented signed token."""
    parts = [b'{"alg":"HS256","typ":"JWT"}', b'{"sub":"1234567890","admin":true}']
    encoded = [base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts]
    return ".".join([*encoded, drawn(43, seed="signature")])


#: Detector that must find the value without any context: the value.
PROVIDER_KEYS: dict[str, str] = {
    "aws-access-key-id": "AKIA" + drawn(16, string.ascii_uppercase + "234567"),
    "github-token": "ghp_" + drawn(36),
    "github-fine-grained-token": "github_pat_" + drawn(22) + "_" + drawn(59),
    "gitlab-token": "glpat-" + drawn(20),
    "slack-token": "xoxb-"
    + drawn(12, string.digits)
    + "-"
    + drawn(24, string.ascii_lowercase + string.digits),
    "stripe-key": "sk_live_" + drawn(24),
    "sendgrid-api-key": "SG." + drawn(22) + "." + drawn(43),
    "google-api-key": "AIza" + drawn(35),
    "npm-token": "npm_" + drawn(36),
    "huggingface-token": "hf_" + drawn(34, string.ascii_letters),
    "openai-key": "sk-" + drawn(20, seed="a") + "T3Blbk" + "FJ" + drawn(20, seed="b"),
    "mailchimp-api-key": drawn(32, HEX) + "-us" + "14",
    "telegram-bot-token": drawn(9, "123456789") + ":AA" + drawn(33),
    "digitalocean-token": "dop_v1_" + drawn(64, HEX),
    "json-web-token": json_web_token(),
}
