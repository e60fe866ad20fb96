"""Replace what was found, and nothing else.

Two styles. `placeholder` writes `<EMAIL>`, `<IP_ADDRESS>`, `<KEY>`, `<PASSWORD>`. `synthetic` writes values of the same
form that cannot be real, drawn by a keyed hash of kind and value, so that one value has one replacement in every
file: twelve letters at `redacted.example` (RFC 2606); IPv4 in 198.18.0.0/15 (RFC 2544); IPv6 in 2001:db8:7069::/48
(RFC 3849); for keys the marker `xrdct_` and letters of it, for passwords a row of `x` and `X`, both of the same length if
the secret has 12 or 9 characters; for numbers a row of one digit. No scanner takes these for a secret, and they need no quotes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, AnyStr, Generic

import pyarrow as pa

import stack_native
from pii.finding import kind_names
from pii.spans import Span

#: The styles, in alphabetical order.
STYLES: tuple[str, ...] = ("placeholder", "synthetic")


@dataclass(frozen=True, order=True, slots=True)
class Redacted:
    """One replacement in the published text.

    Attributes:
        start: First byte of the replacement in the UTF-8 published text, whether `str` or `bytes` was given.
        end: Byte after its last.
        kind: One of `pii.KINDS`.
        detector: Name of the rule that found the value.
        value_hash: Keyed hash of the value (32 hexadecimal digits), None without a key. The value is never
            kept.
    """

    start: int
    end: int
    kind: str
    detector: str
    value_hash: str | None


@dataclass(frozen=True, slots=True)
class Redaction(Generic[AnyStr]):
    """A text to publish, of the type that was given, and where it differs from the original, in order."""

    text: AnyStr
    spans: tuple[Redacted, ...]


def redact(
    text: AnyStr,
    *,
    key: bytes | None = None,
    policy: str = "redact",
    style: str | None = None,
    kinds: Collection[str] | None = None,
    proposed: Iterable[Span] = (),
) -> Redaction[AnyStr]:
    """Replace personal data and secrets; all other bytes and the number of lines stay as they are.

    A key or password of 12 characters or more that looks random is replaced wherever it occurs in the text.
    The result is clean: `find(result, policy=policy, kinds=kinds)` is empty, and redacting it again changes
    nothing.

    Args:
        text: A file's content, or a short string such as a path or a licence line. Bytes are taken as UTF-8.
        key: Secret for the keyed hashes: the same key gives the same replacement for the same value
            everywhere.
        policy: As in `find`; "redact" leaves what is nobody's.
        style: "placeholder" or "synthetic"; by default synthetic with a key, placeholder without.
        kinds: The kinds to find and replace; by default all but `NAME` and `USERNAME`.
        proposed: Further spans to replace, from other finders over the same text, such as `pii.presidio.propose`,
            `pii.detect_secrets.second_opinion` and `pii.model.propose`. They may overlap; `kinds` and `policy`
            do not restrict them, but those that hold nothing but replacements are passed over. The detector of
            their replacements is `proposed`.

    Raises:
        ValueError: If style, policy or a kind is unknown, if the key is empty, if `synthetic` is asked for
            without a key, or if a proposed span is not within the text.

    Examples:
        >>> redact("mail bob@corp.io").text
        'mail <EMAIL>'
        >>> redact("mail bob@corp.io", key=b"0" * 32).spans[0].kind
        'EMAIL'
    """
    if not isinstance(text, str | bytes):
        raise TypeError("text must be str or bytes")
    style = _checked_style(style, key)
    extra = _checked_places(text, proposed)
    if isinstance(text, bytes):
        clean, spans = _redact(text, key, style, kinds, policy, extra)
        return Redaction(clean, spans)
    clean, spans = _redact(
        text.encode("utf-8", "surrogatepass"), key, style, kinds, policy, _in_bytes(text, extra)
    )
    return Redaction(clean.decode("utf-8", "surrogatepass") if spans else text, spans)


def redact_array(
    texts: Any,
    *,
    key: bytes | None = None,
    policy: str = "redact",
    style: str | None = None,
    kinds: Collection[str] | None = None,
    threads: int = 1,
) -> tuple[Any, Any]:
    """Replace in all texts of an Arrow array.

    Args:
        texts: Array of strings or binary values; a null stays one.
        key: As in `redact`.
        policy: As in `redact`.
        style: As in `redact`.
        kinds: As in `redact`.
        threads: Threads, in [1, 256]; the result does not depend on it.

    Returns:
        The texts, of the type that was given, and a `pyarrow.RecordBatch` with a row per replacement, in order
        of texts and places: `row`, `start`, `end`, `original_start`, `original_end` (int64; bytes), `kind`,
        `detector`, `value_hash` (string; null without a key).

    Raises:
        ValueError: As `redact`; if the array is of another type.
    """
    clean, spans = stack_native.pii_redact_array(
        texts,
        key=key,
        style=_checked_style(style, key),
        kinds=kind_names(kinds),
        policy=policy,
        threads=threads,
    )
    wanted = getattr(texts, "type", pa.large_string())
    return clean if clean.type == wanted else clean.cast(wanted), spans


def _checked_style(style: str | None, key: bytes | None) -> str:
    if key is not None and len(key) == 0:
        raise ValueError("key must hold at least one byte; got none")
    if style is None:
        return "placeholder" if key is None else "synthetic"
    if style not in STYLES:
        raise ValueError(f"style must be one of {', '.join(STYLES)}; got {style!r}")
    if style == "synthetic" and key is None:
        raise ValueError("style 'synthetic' needs a key; got none")
    return style


def _redact(
    data: bytes,
    key: bytes | None,
    style: str,
    kinds: Collection[str] | None,
    policy: str,
    proposed: list[tuple[int, int, str]],
) -> tuple[bytes, tuple[Redacted, ...]]:
    result = stack_native.pii_redact(
        data, key=key, style=style, kinds=kind_names(kinds), policy=policy, proposed=proposed or None
    )
    if result is None:
        return data, ()
    clean, rows = result
    spans = (
        Redacted(start, end, kind, detector, hashed) for start, end, _, _, kind, detector, hashed in rows
    )
    return clean, tuple(spans)


def _checked_places(text: str | bytes, proposed: Iterable[Span]) -> list[tuple[int, int, str]]:
    """Return the places of spans."""
    places = [(span.start, span.end, span.kind) for span in proposed]
    size = len(text)
    wrong = next(((start, end) for start, end, _ in places if not 0 <= start <= end <= size), None)
    if wrong:
        raise ValueError(f"proposed spans must lie in [0, {size}]; got [{wrong[0]}, {wrong[1]}]")
    return places


def _in_bytes(text: str, places: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Translate places of characters into places of UTF-8 bytes."""
    if text.isascii() or not places:
        return places
    bytes_before = [0, *accumulate(len(c.encode("utf-8", "surrogatepass")) for c in text)]
    return [(bytes_before[start], bytes_before[end], kind) for start, end, kind in places]
