"""Find in whole repositories, and describe each find by its place and the shape of its value, without the value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import pyarrow as pa

import pii
from benchmarks.pii.judgements import MASK, place_hash
from benchmarks.pii.repositories import TextFile, in_parts

_BATCH_BYTES = 16_000_000
_OTHER_MASK = "***"
_AROUND = 100
_LONGEST_SHAPE = 80
_CLASSES = (("a", "a", "z"), ("A", "A", "Z"), ("d", "0", "9"))
_RUNS = re.compile(r"[a-z]+|[A-Z]+|[0-9]+|[^\x00-\x7f]+|\s+|[^a-zA-Z0-9\s]", re.ASCII)

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class WildFind:
    """A find in a real file.

    Attributes:
        place: Hash of the place.
        repository: Name of the repository.
        path: Path in it.
        line: Number of the line where it begins.
        kind: Kind.
        detector: Who found it.
        confidence: How sure that is.
        shape: Length and character classes of the value.
        before: The line before, with finds masked and cut.
        context: Its line, the value as `****`, other finds as `***`, cut around the value.
        after: The line after that in which it ends.
    """

    place: str
    repository: str
    path: str
    line: int
    kind: str
    detector: str
    confidence: float
    shape: str
    before: str
    context: str
    after: str


def find_in_files(
    repository: str, files: Iterator[TextFile], policy: str
) -> Iterator[tuple[int, list[WildFind]]]:
    """Yield the bytes of each batch of files, and what was found there."""
    for batch in in_parts(files, most_bytes=_BATCH_BYTES, size_of=lambda file: len(file.content)):
        yield sum(len(file.content) for file in batch), list(_find(repository, batch, policy))


def _find(repository: str, batch: Sequence[TextFile], policy: str) -> Iterator[WildFind]:
    texts = pa.array([file.content for file in batch], pa.large_binary())
    rows = pii.find_in_array(texts, policy=policy).to_pylist()
    for row, found in groupby(rows, key=lambda find: int(find["row"])):
        file, finds = batch[row], list(found)
        ranges = [(find["start"], find["end"]) for find in finds]
        for find in finds:
            yield _described(repository, file, find, ranges)


def _described(repository: str, file: TextFile, find: dict[str, object], ranges: Sequence[Range]) -> WildFind:
    content = file.content
    start, end = int(str(find["start"])), int(str(find["end"]))
    first, last = line_around(content, start, end)
    number = content.count(b"\n", 0, start) + 1
    kind = str(find["kind"])
    value, line = content[start:end], content[first:start] + MASK.encode() + content[end:last]
    return WildFind(
        place=place_hash(repository, file.path, kind, number, _text(line)),
        repository=repository,
        path=file.path,
        line=number,
        kind=kind,
        detector=str(find["detector"]),
        confidence=float(str(find["confidence"])),
        shape=shape_of(_text(value)),
        before=_masked(content, *line_around(content, first - 1, first - 1), ranges) if first else "",
        context=_context(content, (first, last), (start, end), ranges),
        after=_masked(content, *line_around(content, last + 1, last + 1), ranges)
        if last < len(content)
        else "",
    )


def line_around(content: bytes, start: int, end: int) -> Range:
    """Return where the line of `start` begins and that of `end` ends, its line feed not included."""
    last = content.find(b"\n", end)
    return content.rfind(b"\n", 0, start) + 1, len(content) if last < 0 else last


def shape_of(value: str) -> str:
    """Return the length of a value and the classes of its characters in runs, none of its letters or digits.

    Examples:
        >>> shape_of("joe.Doe7@corp.example")
        '21: a3 . A1 a2 d1 @ a4 . a7'
    """
    runs = []
    for run in _RUNS.findall(value):
        first = run[0]
        signs = [sign for sign, low, high in _CLASSES if low <= first <= high]
        if signs:
            runs.append(f"{signs[0]}{len(run)}")
        else:
            runs.append("_" if first.isspace() else first if first.isascii() else f"ü{len(run)}")
    shape = " ".join(runs)
    return f"{len(value)}: {shape if len(shape) <= _LONGEST_SHAPE else shape[:_LONGEST_SHAPE] + ' …'}"


def _context(content: bytes, line: Range, value: Range, ranges: Sequence[Range]) -> str:
    others = [place for place in ranges if place != value]
    left = _masked(content, line[0], value[0], others, from_end=True)
    return left + MASK + _masked(content, value[1], line[1], others)


def _masked(content: bytes, first: int, last: int, ranges: Sequence[Range], *, from_end: bool = False) -> str:
    """Return a part of the content with every find in it masked, cut at its end (at its start with `from_end`)."""
    text = masked(content, first, last, ranges).rstrip("\r")
    if len(text) <= _AROUND:
        return text
    return "…" + text[-_AROUND:] if from_end else text[:_AROUND] + "…"


def masked(content: bytes, first: int, last: int, ranges: Iterable[Range]) -> str:
    """Return a part of the content with every range in it masked; the ranges are in order and may overlap."""
    parts, at = [], first
    for start, end in ranges:
        if at < end and start < last:
            parts += [_text(content[at : max(start, at)]), _OTHER_MASK]
            at = min(end, last)
    return "".join([*parts, _text(content[at:last])])


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
