"""Make invented values: addresses, passwords, keys, digests. The same seed gives the same value, everywhere.

Nothing here belongs to anybody. Formats of providers are public facts about their tokens (prefix, alphabet, length);
the rest of each token is drawn from a hash of the seed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import string
import zlib
from collections.abc import Sequence
from ipaddress import IPv6Address
from typing import TypeVar

HEX = "0123456789abcdef"
LOWER_DIGITS = string.ascii_lowercase + string.digits
UPPER_DIGITS = string.ascii_uppercase + string.digits
ALNUM = string.ascii_letters + string.digits
BASE32 = string.ascii_uppercase + "234567"
BASE64 = ALNUM + "+/"
URL_SAFE = ALNUM + "-_"
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase

_SYLLABLES = (
    "bra",
    "dor",
    "fel",
    "gun",
    "hal",
    "jor",
    "kes",
    "lun",
    "mar",
    "nor",
    "pel",
    "quo",
    "ris",
    "sol",
    "tav",
    "wen",
)
_WORDS = (
    *(
        "anchor",
        "badger",
        "candle",
        "dynamo",
        "ember",
        "falcon",
        "glacier",
        "hazel",
        "iron",
        "juniper",
        "kettle",
    ),
    *(
        "lantern",
        "meadow",
        "nutmeg",
        "orchard",
        "pepper",
        "quartz",
        "raven",
        "saddle",
        "thistle",
        "umbra",
        "velvet",
    ),
)
_WEAK = (
    "changeme",
    "admin",
    "123456",
    "secret1",
    "letmein",
    "qwerty123",
    "welcome1",
    "test123",
    "root",
    "guest",
)
_TLDS = ("com", "org", "net", "io", "dev", "de", "fr", "co.uk", "com.br", "tech", "local", "example", "test")

T = TypeVar("T")


def stream(seed: str, length: int) -> bytes:
    """Return so many bytes that depend on the seed alone."""
    return hashlib.shake_256(seed.encode()).digest(length)


def number(seed: str, low: int, high: int) -> int:
    """Return a whole number with `low <= number <= high`."""
    return low + int.from_bytes(stream(f"number/{seed}", 8), "big") % (high - low + 1)


def pick(seed: str, options: Sequence[T]) -> T:
    """Return one of the options."""
    return options[number(f"pick/{seed}", 0, len(options) - 1)]


def drawn(seed: str, length: int, alphabet: str = ALNUM) -> str:
    """Return so many characters of an alphabet."""
    raw = stream(f"drawn/{seed}", 2 * length)
    return "".join(
        alphabet[int.from_bytes(raw[2 * i : 2 * i + 2], "big") % len(alphabet)] for i in range(length)
    )


def base64_of(seed: str, size_bytes: int) -> str:
    """Return random bytes in base64, padded."""
    return base64.b64encode(stream(f"base64/{seed}", size_bytes)).decode()


def with_checksum(seed: str, prefix: str, length: int = 30) -> str:
    """Return a token that ends in the CRC-32 of its random part, in six digits of base 62."""
    body = drawn(seed, length)
    check, digits = zlib.crc32(body.encode()), ""
    for _ in range(6):
        check, digit = divmod(check, 62)
        digits = BASE62[digit] + digits
    return prefix + body + digits


def word(seed: str) -> str:
    """Return an English word."""
    return pick(f"word/{seed}", _WORDS)


def person(seed: str) -> str:
    """Return a pronounceable name in lower case."""
    return "".join(pick(f"{seed}/{i}", _SYLLABLES) for i in range(2))


def domain(seed: str) -> str:
    """Return a domain that nobody is meant to own."""
    name = "".join(pick(f"domain/{seed}/{i}", _SYLLABLES) for i in range(3))
    return f"{name}.{pick(f'tld/{seed}', _TLDS)}"


def email(seed: str) -> str:
    """Return a mail address in one of the usual forms."""
    first, last = person(f"first/{seed}"), person(f"last/{seed}")
    forms = (
        *(f"{first}.{last}", f"{first}_{last}", f"{first[0]}{last}", f"{first}{number(seed, 1, 99)}"),
        *(f"{first}+{last}", f"{last}-team", first.capitalize() + "." + last.capitalize()),
    )
    return f"{pick(f'form/{seed}', forms)}@{domain(seed)}"


def ipv4(seed: str) -> str:
    """Return an IPv4 address of a private or a public network."""
    one, two, three, four = (number(f"{seed}/{i}", 1, 250) for i in range(4))
    networks = (
        *(f"10.{two}.{three}.{four}", f"192.168.{three}.{four}", f"172.{16 + two % 16}.{three}.{four}"),
        *(
            f"203.0.113.{four}",
            f"{11 + one % 88}.{two}.{three}.{four}",
            f"{128 + one % 40}.{two}.{three}.{four}",
        ),
    )
    return pick(f"network/{seed}", networks)


def ipv6(seed: str) -> str:
    """Return an IPv6 address: compressed, written in full, or local to its link."""
    head = pick(f"head/{seed}", ("2001:db8", "2a02:c207", "fd3a:91b7", "2607:f2d8"))
    tail = ":".join(drawn(f"tail/{seed}/{i}", 4, HEX[1:]) for i in range(6))
    full = f"{head.replace(':db8', ':0db8')}:{tail}"
    compressed = f"{head}:{drawn(f'{seed}/a', 2, HEX[1:])}::{drawn(f'{seed}/b', 3, HEX[1:])}"
    local = f"fe80::{drawn(f'{seed}/c', 4, HEX[1:])}:{drawn(f'{seed}/d', 2, HEX[1:])}ff:fe{drawn(f'{seed}/e', 2, HEX)}:1"
    return pick(f"ipv6/{seed}", (full, compressed, local, str(IPv6Address(stream(f"low/{seed}", 16)))))


def password(seed: str) -> str:
    """Return a password: random, made of words, or one of the well-known weak ones; safe inside quotes and URLs."""
    strong = (
        f"{drawn(seed, 1)}{drawn(f'{seed}/s', number(seed, 8, 14), ALNUM + '!-_.~')}{drawn(f'{seed}/e', 1)}"
    )
    wordy = f"{word(seed)}{pick(f'glue/{seed}', '-_.')}{word(f'{seed}/2')}{number(seed, 0, 99)}"
    return pick(
        f"style/{seed}",
        (strong, strong, wordy, word(seed).capitalize() + drawn(seed, 3, "0123456789"), pick(seed, _WEAK)),
    )


def secret(seed: str) -> str:
    """Return a random key without a provider's shape."""
    forms = (
        drawn(seed, 32, HEX),
        drawn(seed, 40, HEX),
        drawn(seed, 32),
        drawn(seed, 40, URL_SAFE),
        base64_of(seed, 32),
    )
    return pick(f"secret/{seed}", (*forms, drawn(seed, 24, LOWER_DIGITS)))


def uuid(seed: str) -> str:
    """Return an identifier of version 4."""
    digits = drawn(f"uuid/{seed}", 32, HEX)
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{pick(seed, '89ab')}{digits[17:20]}-{digits[20:]}"


def json_web_token(seed: str) -> str:
    """Return a signed token of three parts."""
    header = {"alg": pick(seed, ("HS256", "RS256", "ES384")), "typ": "JWT"}
    payload = {"sub": drawn(seed, 8, LOWER_DIGITS), "iat": number(seed, 1_400_000_000, 1_700_000_000)}
    parts = [json.dumps(part, separators=(",", ":")).encode() for part in (header, payload)]
    encoded = [base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts]
    return ".".join([*encoded, drawn(f"signature/{seed}", 43, URL_SAFE)])


def pem_lines(seed: str, label: str, lines: int = 4) -> list[str]:
    """Return the lines of a block in PEM form."""
    body = [drawn(f"{seed}/{i}", 64, BASE64) for i in range(lines)]
    return [f"-----BEGIN {label}-----", *body, f"{drawn(seed, 30, BASE64)}==", f"-----END {label}-----"]
