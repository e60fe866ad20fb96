"""Find personal data and secrets: all detectors, one sorted list of disjoint spans."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator

from pii import proposers
from pii.assignments import find_assigned_secrets
from pii.credentials import find_credentials
from pii.email import find_emails
from pii.ip import find_addresses
from pii.policy import POLICIES, is_spared
from pii.private_keys import PRIVATE_KEY_DETECTOR, find_private_keys
from pii.provider_keys import PROVIDER_DETECTORS, find_provider_keys
from pii.quoted_tokens import find_quoted_tokens
from pii.replacement import own_replacements
from pii.spans import EMAIL, IP_ADDRESS, KEY, KINDS, PASSWORD, Span, merge_spans

#: Version of the rules: changes when any input may give other spans.
VERSION = "1"

#: Detectors that know a value by its own shape. A value that one of them finds must occur nowhere in a
#: release.
CONTEXT_FREE_DETECTORS: frozenset[str] = PROVIDER_DETECTORS | {PRIVATE_KEY_DETECTOR}

_FINDERS = (
    (frozenset({EMAIL}), find_emails),
    (frozenset({IP_ADDRESS}), find_addresses),
    (frozenset({KEY}), find_private_keys),
    (frozenset({KEY}), find_provider_keys),
    (frozenset({KEY, PASSWORD}), find_credentials),
    (frozenset({KEY, PASSWORD}), find_assigned_secrets),
    (frozenset({KEY}), find_quoted_tokens),
)


def find(text: str | bytes, *, kinds: Collection[str] | None = None, policy: str = "detect") -> list[Span]:
    """Find e-mail addresses, IP addresses, keys and passwords.

    Args:
        text: What to search. Bytes are taken as UTF-8; bytes that are not are kept as they are and belong
            to no word.
        kinds: The kinds wanted, of `pii.KINDS`; all by default.
        policy: "detect" reports everything but the replacements that `redact` makes; "redact" leaves out what
            `pii.policy` lists as nobody's: private and reserved addresses, well-known resolvers, example
            mailboxes.

    Returns:
        Disjoint spans in order. Offsets count characters of a `str` and bytes of `bytes`. An empty text has
        none.

    Raises:
        ValueError: If a kind or the policy is unknown, or if the packages that propose candidates are
            missing.

    Examples:
        >>> find("mail bob@corp.io", kinds=["EMAIL"])
        [Span(start=5, end=16, kind='EMAIL', detector='email', confidence=0.5)]
        >>> find("nameserver 8.8.8.8", policy="redact")
        []
    """
    wanted = _checked_kinds(kinds)
    if policy not in POLICIES:
        raise ValueError(f"policy must be one of {', '.join(POLICIES)}; got {policy!r}")
    proposers.require()
    if isinstance(text, str):
        return _find(text, wanted, policy)
    decoded = decode(text)
    return in_bytes(decoded, _find(decoded, wanted, policy))


def find_context_free(text: str | bytes) -> list[Span]:
    """Find only the values that `CONTEXT_FREE_DETECTORS` know by their own shape.

    Returns:
        Disjoint spans as `find` returns them, but none that a detector with context made larger.

    Raises:
        ValueError: If the packages that propose candidates are missing.
    """
    proposers.require()
    decoded = text if isinstance(text, str) else decode(text)
    found = [span for finder in (find_private_keys, find_provider_keys) for span in finder(decoded)]
    spans = merge_spans(_without_own(decoded, found))
    return spans if isinstance(text, str) else in_bytes(decoded, spans)


def decode(data: bytes) -> str:
    """Decode UTF-8; each byte that is not UTF-8 becomes one lone surrogate, so that nothing is lost."""
    return data.decode("utf-8", "surrogateescape")


def in_bytes(text: str, spans: Iterable[Span]) -> list[Span]:
    """Translate sorted disjoint spans from characters of a decoded text into its bytes."""
    if text.isascii():
        return list(spans)
    return [
        Span(start, end, span.kind, span.detector, span.confidence)
        for span, (start, end) in _byte_ranges(text, spans)
    ]


def _byte_ranges(text: str, spans: Iterable[Span]) -> Iterator[tuple[Span, tuple[int, int]]]:
    position = offset = 0
    for span in spans:
        start = offset + utf8_length(text[position : span.start])
        end = start + utf8_length(text[span.start : span.end])
        yield span, (start, end)
        position, offset = span.end, end


def utf8_length(text: str) -> int:
    """Return the length in bytes: an escaped byte counts one, any other lone surrogate three."""
    if text.isascii():
        return len(text)
    try:
        return len(text.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:
        return sum(1 if "\udc80" <= c <= "\udcff" else len(c.encode("utf-8", "surrogatepass")) for c in text)


def _checked_kinds(kinds: Collection[str] | None) -> frozenset[str]:
    wanted = frozenset(KINDS if kinds is None else [kinds] if isinstance(kinds, str) else kinds)
    unknown = sorted(wanted - set(KINDS))
    if unknown:
        raise ValueError(f"kinds must be of {', '.join(KINDS)}; got {unknown[0]!r}")
    return wanted


def _find(text: str, wanted: frozenset[str], policy: str) -> list[Span]:
    found: list[Span] = []
    for kinds, finder in _FINDERS:
        if kinds & wanted:
            found.extend(span for span in finder(text) if span.kind in wanted)
    if policy == "redact":
        found = [span for span in found if not is_spared(span.kind, text[span.start : span.end])]
    return merge_spans(_without_own(text, found))


def _without_own(text: str, spans: list[Span]) -> list[Span]:
    """Drop what holds nothing but replacements that `redact` made, and white space between them."""
    if not spans:
        return []
    own = own_replacements(text)
    starts = [start for start, _ in own]
    return [span for span in spans if not own or not _is_covered(text, span, own, starts)]


def _is_covered(text: str, span: Span, own: list[tuple[int, int]], starts: list[int]) -> bool:
    index = max(0, bisect_right(starts, span.start) - 1)
    position = span.start
    while index < len(own) and own[index][0] < span.end:
        start, end = own[index]
        if start > position and not text[position:start].isspace():
            return False
        position = max(position, end)
        index += 1
    return position >= span.end or (position > span.start and text[position : span.end].isspace())
