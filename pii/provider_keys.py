"""Find keys whose own shape names their provider: no context is needed to know them.

Patterns come from detect-secrets where it has them in linear form; the rest of the table is ours, after the
providers' public descriptions of their formats. A value passes when it is no placeholder and not made of
words.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pii.proposers import provider_patterns
from pii.provider_patterns import BORROWED_NEEDLES, OWN_PATTERNS
from pii.randomness import is_placeholder, looks_random, shannon_entropy
from pii.spans import KEY, Span

_JWT_RUN = re.compile(r"[A-Za-z0-9_=.-]{24,}")
JWT_DETECTOR = "json-web-token"

_TRIM = ' \t\r\n\v\f=:"\x1c\x1d\x1e\x1f\x85  '
#: Shapes that words can take: their values must look random as well.
_WORDY_SHAPES = frozenset(
    {"artifactory-api-key", "artifactory-password", "discord-bot-token", "mailchimp-api-key"}
)


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    needles: tuple[str, ...] | None
    pattern: re.Pattern[str]


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    borrowed = [_Rule(name, BORROWED_NEEDLES[name], pattern) for name, pattern in provider_patterns().items()]
    own = [_Rule(name, needles, re.compile(pattern)) for name, needles, pattern in OWN_PATTERNS]
    return tuple(borrowed + own)


def _provider_detectors() -> frozenset[str]:
    return frozenset(BORROWED_NEEDLES) | {name for name, _, _ in OWN_PATTERNS} | {JWT_DETECTOR}


#: Names of the detectors of this module.
PROVIDER_DETECTORS: frozenset[str] = _provider_detectors()


def find_provider_keys(text: str) -> Iterator[Span]:
    """Yield keys of known providers and JSON web tokens; linear, not sorted."""
    for rule in _rules():
        if rule.needles is not None and not any(needle in text for needle in rule.needles):
            continue
        for match in rule.pattern.finditer(text):
            start, end = _trim(text, *match.span())
            if is_provider_value(rule.name, text[start:end]):
                yield Span(start, end, KEY, rule.name, 0.95)
    if "eyJ" in text:
        yield from _find_json_web_tokens(text)


def matches_provider_shape(value: str) -> bool:
    """Tell whether any provider's shape occurs in a value, whatever its letters say; for made-up values."""
    return any(
        rule.pattern.search(value)
        for rule in _rules()
        if rule.needles is None or any(needle in value for needle in rule.needles)
    )


def is_provider_value(name: str, value: str) -> bool:
    """Tell whether a value of a provider's shape could be real: drawn letters, no example."""
    if value.startswith("AccountKey="):
        value = value[len("AccountKey=") :]
    if value.endswith("EXAMPLE") or is_placeholder(value.rpartition("/")[2]):
        return False
    return looks_random(value) if name in _WORDY_SHAPES else shannon_entropy(value) >= 2.8


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Cut off the delimiters that some patterns include, and the name before Azure's key."""
    while start < end and text[start] in _TRIM:
        start += 1
    while end > start and text[end - 1] in ' \t\r\n\v\f"':
        end -= 1
    if text.startswith("AccountKey=", start):
        start += len("AccountKey=")
    return start, end


def _find_json_web_tokens(text: str) -> Iterator[Span]:
    """Yield dotted base64url runs whose first part is a JSON object; the signature belongs to the token."""
    for run in _JWT_RUN.finditer(text):
        if "eyJ" not in run.group():
            continue
        position = run.start()
        parts = run.group().split(".")
        index = 0
        while index < len(parts):
            part = parts[index]
            head = part.find("eyJ")
            taken = 1
            if head >= 0 and _is_json_object(part[head:]):
                taken = min(_token_parts(parts, index), len(parts) - index)
                end = position + sum(map(len, parts[index : index + taken])) + taken - 1
                yield Span(position + head, end, KEY, JWT_DETECTOR, 0.95)
            position += sum(map(len, parts[index : index + taken])) + taken
            index += taken


def _token_parts(parts: list[str], index: int) -> int:
    """Return how many dotted parts belong to the token: three when signed, five when encrypted."""
    count = 1
    while count < 5 and index + count < len(parts) and len(parts[index + count]) >= 4:
        if count >= 1 and parts[index + count].startswith("eyJ") and count > 2:
            break
        count += 1
    return count if count in (1, 2, 3, 5) else 3


def _is_json_object(part: str) -> bool:
    """Tell whether base64url text decodes to the beginning of a JSON object with a member."""
    head = part[: min(len(part), 4096) // 4 * 4]
    try:
        decoded = base64.urlsafe_b64decode(head.rstrip("=") + "=" * (-len(head.rstrip("=")) % 4))
    except (binascii.Error, ValueError):
        return False
    if not decoded.startswith(b'{"') or len(decoded) < 12:
        return False
    if b'":' in decoded and all(32 <= byte < 127 for byte in decoded[:12]):
        return True
    try:
        return isinstance(json.loads(decoded), dict)
    except (ValueError, RecursionError):
        return False
