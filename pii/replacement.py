"""Make replacements, and recognise them again without the key.

Two styles. `placeholder` writes `<EMAIL>`, `<IP_ADDRESS>`, `<KEY>`, `<PASSWORD>`. `synthetic` writes values
of the same form that cannot be real, drawn by a keyed hash of kind and value, so that one value has one
replacement in every file:

- e-mail: twelve base32 letters at `redacted.example`, a domain that never resolves (RFC 2606);
- IPv4: 198.18.0.0/15, reserved for benchmarks (RFC 2544). The documentation networks would do too, but they
  are too small for a file full of addresses, and they stand in real texts, where they could not be told
  from ours;
- IPv6: 2001:db8:7069::/48, out of the documentation prefix (RFC 3849);
- keys and passwords: character by character of the same class (upper case, lower case, digit, `_-+/=.~` as
  they are, anything else `_`), with a marker in place of the first characters, so that no provider's prefix
  survives.

A secret of fewer than 8 characters, or without a letter, becomes the placeholder. A value of several lines
keeps its line ends and the indentation of its lines.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address

from pii.spans import EMAIL, IP_ADDRESS, KINDS

#: The styles, in alphabetical order.
STYLES: tuple[str, ...] = ("placeholder", "synthetic")

EMAIL_DOMAIN = "redacted.example"
#: First address and number of addresses of the IPv4 range.
IPV4_FIRST, IPV4_COUNT = int(IPv4Address("198.18.0.0")), 1 << 17
#: First address of the IPv6 range; the 80 low bits are drawn.
IPV6_FIRST = int(IPv6Address("2001:db8:7069::"))

#: Markers of secrets: letters that stand in no word; for hexadecimal values a longer one, since hex has few
#: letters.
MARKER = "xrdct"
HEX_MARKER = "dec1a551f1ed"
MIN_SECRET_LENGTH = 8
MIN_HEX_LENGTH = 24

_KEPT = "_+/=.~-"
_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_LINE_PARTS = re.compile(r"([\r\n]+)")
_SECRET_RUN = r"[A-Za-z0-9_+/=.~-]*"
_PLACEHOLDERS = "|".join(f"<{kind}>" for kind in KINDS)
_OWN: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    (tuple(f"<{kind}>" for kind in KINDS), re.compile(_PLACEHOLDERS)),
    ((EMAIL_DOMAIN,), re.compile(rf"[a-z2-7]{{12}}@{re.escape(EMAIL_DOMAIN)}")),
    (("198.1",), re.compile(r"(?<![0-9])198\.1[89](?:\.[0-9]{1,3}){2}(?![0-9])")),
    (("2001:db8:7069:",), re.compile(r"2001:db8:7069(?::[0-9a-f]{0,4}){1,5}")),
    (
        (MARKER, MARKER.upper(), HEX_MARKER, HEX_MARKER.upper()),
        re.compile(f"(?:{MARKER}|{MARKER.upper()}|{HEX_MARKER}|{HEX_MARKER.upper()}){_SECRET_RUN}"),
    ),
)  # fmt: skip


def own_replacements(text: str) -> list[tuple[int, int]]:
    """Return the ranges that look like replacements of either style, sorted and disjoint, in characters.

    Examples:
        >>> own_replacements("to <EMAIL> via 198.18.7.9")
        [(3, 10), (15, 25)]
    """
    ranges: list[tuple[int, int]] = []
    for needles, pattern in _OWN:
        if any(needle in text for needle in needles):
            ranges.extend(match.span() for match in pattern.finditer(text))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def normalized(kind: str, value: str) -> str:
    """Return the form under which equal values are one: e-mail in lower case, addresses in canonical form."""
    if kind == EMAIL:
        return value.lower()
    if kind == IP_ADDRESS:
        try:
            return str(ip_address(value))
        except ValueError:
            return value
    return value


def value_hash(kind: str, value: str, *, key: bytes) -> str:
    """Return the keyed hash of a value: HMAC-SHA256 over kind and normalised value, 32 hex digits."""
    return _mac(key, "value", kind, value).hex()[:32]


def placeholder(kind: str, value: str) -> str:
    """Return the placeholder of a kind, followed by the line ends of the value.

    Examples:
        >>> placeholder("KEY", "two\\nlines")
        '<KEY>\\n'
    """
    return f"<{kind}>" + "".join(c for c in value if c in "\r\n")


def synthetic(kind: str, value: str, *, key: bytes, attempt: int = 0) -> str:
    """Return a value of the same form that is nobody's.

    Args:
        kind: One of `pii.KINDS`.
        value: The value to replace.
        key: The secret key of the hash.
        attempt: Number of the draw; another draw is asked for when one collides within a file.

    Examples:
        >>> synthetic("IP_ADDRESS", "52.95.110.1", key=b"k" * 32).startswith("198.1")
        True
        >>> len(synthetic("KEY", "kJ3xVq8ZtR1mWc7P", key=b"k" * 32))
        16
    """
    seed = _mac(key, f"replacement {attempt}", kind, value)
    if kind == EMAIL:
        return base64.b32encode(seed)[:12].decode().lower() + "@" + EMAIL_DOMAIN
    if kind == IP_ADDRESS:
        if ":" in value:
            return str(IPv6Address(IPV6_FIRST | int.from_bytes(seed[:10])))
        return str(IPv4Address(IPV4_FIRST + int.from_bytes(seed[:8]) % IPV4_COUNT))
    stream = hashlib.shake_256(seed).digest(2 * len(value))
    return _synthetic_secret(kind, value, stream)


def _mac(key: bytes, purpose: str, kind: str, value: str) -> bytes:
    message = "\0".join(("pii", purpose, kind, normalized(kind, value)))
    return hmac.new(key, message.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()


def _synthetic_secret(kind: str, value: str, stream: bytes) -> str:
    parts = _LINE_PARTS.split(value)
    position = 0
    for index, part in enumerate(parts):
        if index % 2 == 0 and part.strip():
            body = part.strip()
            indent = part[: len(part) - len(part.lstrip())]
            trailing = part[len(part.rstrip()) :]
            parts[index] = indent + _synthetic_line(kind, body, stream[2 * position :]) + trailing
        position += len(part)
    return "".join(parts)


def _synthetic_line(kind: str, line: str, stream: bytes) -> str:
    has_lower = any("a" <= c <= "z" for c in line)
    has_upper = any("A" <= c <= "Z" for c in line)
    if len(line) < MIN_SECRET_LENGTH or not (has_lower or has_upper):
        return f"<{kind}>"
    hexadecimal = len(line) >= MIN_HEX_LENGTH and _HEX.fullmatch(line) is not None
    marker = HEX_MARKER if hexadecimal else MARKER
    letters = 6 if hexadecimal else 26
    drawn = (stream[2 * i] << 8 | stream[2 * i + 1] for i in range(len(line)))
    body = "".join(map(_draw, line, drawn, (letters,) * len(line)))
    return (marker if has_lower else marker.upper()) + body[len(marker) :]


def _draw(character: str, number: int, letters: int) -> str:
    if "0" <= character <= "9":
        return chr(ord("0") + number % 10)
    if "a" <= character <= "z":
        return chr(ord("a") + number % letters)
    if "A" <= character <= "Z":
        return chr(ord("A") + number % letters)
    if character in _KEPT:
        return character
    return chr(ord("a") + number % 26) if character.isalpha() else "_"


class Replacements:
    """Give each distinct value of one file its own replacement, in the order in which values are asked for.

    A draw is repeated when it equals another value's replacement, an original value of the file, text of
    the file that already looks like a replacement, or when it has a real provider's shape. After
    `MAX_DRAWS` draws (the IPv4 range is exhausted) the placeholder is taken.
    """

    MAX_DRAWS = 64

    def __init__(self, *, key: bytes | None, style: str, taken: Iterable[str]) -> None:
        self._key = key
        self._style = style
        self._taken = {text.lower() for text in taken}
        self._chosen: dict[tuple[str, str], str] = {}

    def get(self, kind: str, value: str, *, originals: frozenset[str]) -> str:
        """Return the replacement of a value; `originals` are the lower-cased values found in the file."""
        if self._style == "placeholder" or self._key is None:
            return placeholder(kind, value)
        identity = (kind, normalized(kind, value))
        chosen = self._chosen.get(identity)
        if chosen is None:
            chosen = self._draw(kind, value, self._key, originals)
            self._chosen[identity] = chosen
            self._taken.add(chosen.lower())
        return chosen

    def _draw(self, kind: str, value: str, key: bytes, originals: frozenset[str]) -> str:
        from pii.provider_keys import matches_provider_shape

        for attempt in range(self.MAX_DRAWS):
            drawn = synthetic(kind, value, key=key, attempt=attempt)
            if drawn.startswith("<"):
                return drawn
            lowered = drawn.lower()
            if lowered not in self._taken and lowered not in originals and not matches_provider_shape(drawn):
                return drawn
        return placeholder(kind, value)
