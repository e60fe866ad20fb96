"""Replace what was found, and nothing else.

Redaction works on the original text as a list of edits. Each round searches the text as edited so far; what
it finds is translated back into the original and merged with the edits it touches. When a round finds
nothing, the text is clean under the same policy, so a second redaction changes nothing. A replacement can
reveal a new find only by changing the context of other text, which happens once or twice at most; the
rounds are bounded all the same, by taking whole lines and at last the whole text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import AnyStr, Generic

from pii.detection import CONTEXT_FREE_DETECTORS, decode, find, find_context_free, utf8_length
from pii.randomness import MIN_RANDOM_LENGTH, looks_random
from pii.replacement import STYLES, Replacements, own_replacements, value_hash
from pii.spans import KEY, PASSWORD, Span, merge_spans

#: Rounds that replace just what they find, and rounds that replace whole lines.
MAX_EXACT_ROUNDS = 4
MAX_LINE_ROUNDS = 4


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
        kinds: The kinds to replace; all by default.

    Raises:
        ValueError: If style, policy or a kind is unknown, if the key is empty, if `synthetic` is asked for
            without a key, or if the packages that propose candidates are missing.

    Examples:
        >>> redact("mail bob@corp.io").text
        'mail <EMAIL>'
        >>> redact("mail bob@corp.io", key=b"0" * 32).spans[0].kind
        'EMAIL'
    """
    style = _checked_style(style, key)
    if isinstance(text, bytes):
        clean, spans = _redact(decode(text), key, policy, style, kinds)
        return Redaction(clean.encode("utf-8", "surrogateescape"), spans)
    clean, spans = _redact(text, key, policy, style, kinds)
    return Redaction(clean, spans)


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
    original: str, key: bytes | None, policy: str, style: str, kinds: Collection[str] | None
) -> tuple[str, tuple[Redacted, ...]]:
    edited = _Edited(original, [], [])
    found = find(original, kinds=kinds, policy=policy)
    if not found:
        return original, ()
    replacements = Replacements(
        key=key, style=style, taken=(original[start:end] for start, end in own_replacements(original))
    )
    fallback = Replacements(key=None, style="placeholder", taken=())
    for round_number in range(MAX_EXACT_ROUNDS + MAX_LINE_ROUNDS + 1):
        # A key may be hidden in a larger find; its own value must not survive elsewhere either.
        keys = find_context_free(edited.text) if kinds is None or KEY in kinds else []
        wider = _widened(edited.text, found, keys, round_number)
        edits = merge_spans([*edited.edits, *(edited.in_original(span) for span in wider)])
        edited = _edit(original, edits, replacements if round_number < MAX_EXACT_ROUNDS else fallback)
        found = find(edited.text, kinds=kinds, policy=policy)
        if not found:
            break
    return edited.text, tuple(_published(edited, original, key))


def _widened(text: str, found: list[Span], keys: list[Span], round_number: int) -> list[Span]:
    """Return what a round replaces for its finds: them and their other occurrences, then lines, then all."""
    if round_number < MAX_EXACT_ROUNDS:
        return merge_spans([*found, *_other_occurrences(text, [*found, *keys])])
    if round_number >= MAX_EXACT_ROUNDS + MAX_LINE_ROUNDS:
        return [Span(0, len(text), found[0].kind, found[0].detector, found[0].confidence)]
    lines = []
    for span in found:
        end = text.find("\n", span.end)
        start = text.rfind("\n", 0, span.start) + 1
        lines.append(Span(start, len(text) if end < 0 else end, span.kind, span.detector, span.confidence))
    return merge_spans(lines)


def _other_occurrences(text: str, found: list[Span]) -> Iterator[Span]:
    """Yield the places of all random secrets of 12 characters or more, wherever they stand.

    Values are looked up by length, then by content at the places where their first 12 characters occur, so
    that the work does not grow with the number of values.
    """
    secrets: dict[str, Span] = {}
    for span in found:
        value = text[span.start : span.end]
        is_secret = span.kind in (KEY, PASSWORD) and len(value) >= MIN_RANDOM_LENGTH
        if is_secret and (span.detector in CONTEXT_FREE_DETECTORS or looks_random(value)):
            secrets.setdefault(value, span)
    if len(secrets) <= 8:
        for value, span in secrets.items():
            start = text.find(value)
            while start >= 0:
                yield Span(start, start + len(value), span.kind, span.detector, span.confidence)
                start = text.find(value, start + len(value))
        return
    lengths: dict[str, set[int]] = {}
    for value in secrets:
        lengths.setdefault(value[:MIN_RANDOM_LENGTH], set()).add(len(value))
    for start in range(len(text) - MIN_RANDOM_LENGTH + 1):
        for length in lengths.get(text[start : start + MIN_RANDOM_LENGTH], ()):
            match = secrets.get(text[start : start + length])
            if match is not None:
                yield Span(start, start + length, match.kind, match.detector, match.confidence)


@dataclass(frozen=True, slots=True)
class _Edited:
    """A text after edits: the edits in the original, and the (start, end) of each replacement in `text`."""

    text: str
    edits: list[Span]
    places: list[tuple[int, int]]

    def in_original(self, span: Span) -> Span:
        """Translate a span of the edited text into the original; part of a replacement becomes all of it."""
        start, end = self._start_in_original(span.start), self._end_in_original(span.end)
        return Span(start, end, span.kind, span.detector, span.confidence)

    def _start_in_original(self, position: int) -> int:
        index = bisect_right(self.places, (position, len(self.text))) - 1
        if index < 0:
            return position
        place_end = self.places[index][1]
        edit = self.edits[index]
        return edit.start if position < place_end else edit.end + position - place_end

    def _end_in_original(self, position: int) -> int:
        index = bisect_left(self.places, (position, 0)) - 1
        if index < 0:
            return position
        place_end = self.places[index][1]
        edit = self.edits[index]
        return edit.end if position <= place_end else edit.end + position - place_end


def _edit(original: str, edits: list[Span], replacements: Replacements) -> _Edited:
    originals = frozenset(original[edit.start : edit.end].lower() for edit in edits)
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    position = length = 0
    for edit in edits:
        value = original[edit.start : edit.end]
        replacement = replacements.get(edit.kind, value, originals=originals)
        pieces += (original[position : edit.start], replacement)
        start = length + edit.start - position
        length = start + len(replacement)
        places.append((start, length))
        position = edit.end
    pieces.append(original[position:])
    return _Edited("".join(pieces), edits, places)


def _published(edited: _Edited, original: str, key: bytes | None) -> Iterator[Redacted]:
    position = offset = 0
    for edit, (start, end) in zip(edited.edits, edited.places, strict=True):
        first = offset + utf8_length(edited.text[position:start])
        last = first + utf8_length(edited.text[start:end])
        value = original[edit.start : edit.end]
        hashed = None if key is None else value_hash(edit.kind, value, key=key)
        yield Redacted(first, last, edit.kind, edit.detector, hashed)
        position, offset = end, last
