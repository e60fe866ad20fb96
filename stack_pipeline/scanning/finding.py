"""Find in batches of texts, and say of each find where it is and what stands around it, never what it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pii import DEFAULT_KINDS, KINDS, Candidate, Span, explain, find, find_in_array
from stack_pipeline.scanning.batches import Batch
from stack_pipeline.scanning.masking import Masks, context
from stack_pipeline.scanning.positions import Position, Positions
from stack_pipeline.scanning.texts import Place, Text


@dataclass(frozen=True)
class ScanSettings:
    """What to look for.

    Attributes:
        kinds: Of `pii.KINDS`.
        policy: One of `pii.POLICIES`.
        threads: Threads of the engine.
        explain: Whether to tell of near misses too.
        with_values: Whether finds hold their values, for a person at a terminal.
    """

    kinds: tuple[str, ...] = DEFAULT_KINDS
    policy: str = "detect"
    threads: int = 1
    explain: bool = False
    with_values: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One find.

    Attributes:
        place: The text.
        start: Its first position.
        end: The position after its last.
        kind: One of `pii.KINDS`.
        detector: The rule that found it.
        confidence: How sure that rule is.
        context: What stands around it, values masked.
        hashed: SHA-1 of the value, as baselines have it; for nothing else, because short values can be guessed by it.
        value: The value, if it was asked for.
    """

    place: Place
    start: Position
    end: Position
    kind: str
    detector: str
    confidence: float
    context: str
    hashed: str = field(repr=False)
    value: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A place that a rule looked at and left, and why."""

    place: Place
    start: Position
    detector: str
    reason: str


def find_in_batch(batch: Batch, settings: ScanSettings) -> Iterator[Finding | NearMiss]:
    """Yield what is found in the texts of a batch, in order of texts and places."""
    found = _explained(batch, settings) if settings.explain else _found(batch, settings)
    for index, spans, candidates in found:
        text, place = batch.text(index), batch.place(index)
        each: list[Finding | NearMiss] = [*_findings(place, text, spans, settings)]
        each += _near_misses(place, text, spans, candidates)
        yield from sorted(each, key=_order)


def _order(each: Finding | NearMiss) -> tuple[int, bool, str]:
    return each.start.offset, isinstance(each, NearMiss), each.detector


_Found = tuple[int, list[Span], list[Candidate]]


def _found(batch: Batch, settings: ScanSettings) -> Iterator[_Found]:
    table = find_in_array(
        batch.texts, kinds=settings.kinds, policy=settings.policy, threads=settings.threads
    ).to_pydict()
    spans: list[Span] = []
    rows = table.pop("row")
    table_rows = zip(
        *(table[name] for name in ("start", "end", "kind", "detector", "confidence")), strict=True
    )
    last = -1
    for row, values in zip(rows, table_rows, strict=True):
        if row != last and spans:
            yield last, spans, []
            spans = []
        last = row
        spans.append(Span(*values))
    if spans:
        yield last, spans, []


def _explained(batch: Batch, settings: ScanSettings) -> Iterator[_Found]:
    for index in range(len(batch.texts)):
        if batch.texts[index].is_valid:
            text = batch.text(index)
            spans, candidates = explain(text.data, kinds=settings.kinds, policy=settings.policy)
            if candidates:
                yield index, spans, candidates


def _findings(place: Place, text: Text, spans: Sequence[Span], settings: ScanSettings) -> Iterator[Finding]:
    if not spans:
        return
    every = find(text.data, kinds=KINDS, policy=settings.policy)
    masks = Masks(text.data, [*every, *spans])
    positions = Positions(text)
    for span in spans:
        value = text.data[span.start : span.end]
        yield Finding(
            place,
            positions.at(span.start),
            positions.at(span.end),
            span.kind,
            span.detector,
            span.confidence,
            context(text.data, span, masks, every),
            hashlib.sha1(value, usedforsecurity=False).hexdigest(),
            value.decode("utf-8", "replace") if settings.with_values else None,
        )


def _near_misses(
    place: Place, text: Text, spans: Sequence[Span], candidates: Iterable[Candidate]
) -> Iterator[NearMiss]:
    positions = Positions(text)
    at = 0
    for candidate in candidates:
        while at < len(spans) and spans[at].end <= candidate.start:
            at += 1
        reason = candidate.reason
        if reason is None and not (at < len(spans) and spans[at].start < candidate.end):
            reason = "left by the policy"
        if reason is not None:
            yield NearMiss(place, positions.at(candidate.start), candidate.detector, reason)
