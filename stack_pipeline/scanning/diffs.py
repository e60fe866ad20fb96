"""Show what redaction changes as a unified diff in which no value stands: removed lines have asterisks in its place.

Redaction keeps the number of lines, so nothing has to be searched for: a changed line stands beside its original.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pii import KINDS, Span, find
from stack_pipeline.scanning.masking import Masks
from stack_pipeline.scanning.redacting import RedactSettings, Replaced
from stack_pipeline.scanning.texts import lines_of

_AROUND = 3
_NO_END = "\\ No newline at end of file"


@dataclass(frozen=True, slots=True)
class _Hunk:
    """Bytes of the original and of the redacted text, both from a line's start to a line's end."""

    start: int
    end: int
    clean_start: int
    clean_end: int


def diff_lines(
    data: bytes,
    clean: bytes,
    replaced: Sequence[Replaced],
    settings: RedactSettings,
    *,
    with_values: bool = False,
) -> Iterator[str]:
    """Yield the hunks of a diff, line by line without line ends.

    Everything that is found is masked, also what was not to be replaced, and copies of values that stay.

    Args:
        data: The original.
        clean: The redacted text.
        replaced: Where they differ.
        settings: How it was redacted.
        with_values: Show everything as it is, for a person at a terminal.
    """
    old_spans, new_spans, masks = [], [], Masks(b"", [])
    if replaced and not with_values:
        own = [Span(r.original_start, r.original_end, r.kind, r.detector, 1.0) for r in replaced]
        old_spans = own
        others = find(data, kinds=KINDS, policy=settings.policy)
        masks = Masks(data, [*own, *others])
        new_spans = find(clean, kinds=KINDS, policy=settings.policy)
    line = at = 0
    for hunk in _hunks(data, replaced):
        line += data.count(b"\n", at, hunk.start)
        at = hunk.start
        old = masks.masked(data, hunk.start, hunk.end, old_spans)
        new = masks.masked(clean, hunk.clean_start, hunk.clean_end, new_spans)
        plain = data[hunk.start : hunk.end], clean[hunk.clean_start : hunk.clean_end]
        yield from _shown(line, *map(lines_of, (old, new, *plain)))


def _hunks(data: bytes, replaced: Sequence[Replaced]) -> Iterator[_Hunk]:
    """Yield the replaced places with three lines on either side; those that meet are one."""
    start = end = shift = 0  # shift: how much further back the redacted text is, before the hunk
    growth = 0
    is_open = False
    for each in replaced:
        begin = _back(data, each.original_start)
        if is_open and begin > end:
            yield _Hunk(start, end, start + shift, end + shift + growth)
            shift, growth, is_open = shift + growth, 0, False
        if not is_open:
            start, is_open = begin, True
        end = max(end, _forth(data, each.original_end))
        growth += (each.end - each.start) - (each.original_end - each.original_start)
    if is_open:
        yield _Hunk(start, end, start + shift, end + shift + growth)


def _back(data: bytes, at: int) -> int:
    for _ in range(_AROUND + 1):
        at = data.rfind(b"\n", 0, at)
        if at < 0:
            return 0
    return at + 1


def _forth(data: bytes, at: int) -> int:
    for _ in range(_AROUND + 1):
        at = data.find(b"\n", at) + 1
        if at == 0:
            return len(data)
    return at


def _shown(
    line: int, old: list[bytes], new: list[bytes], plain_old: list[bytes], plain_new: list[bytes]
) -> Iterator[str]:
    yield f"@@ -{line + 1},{len(old)} +{line + 1},{len(new)} @@"
    rows = list(zip(old, new, plain_old, plain_new, strict=True))
    for is_changed, run in groupby(rows, key=lambda row: row[2] != row[3]):
        group = list(run)
        for index, sign in ((0, "-"), (1, "+")) if is_changed else ((0, " "),):
            for row in group:
                yield from _line(sign, row[index])


def _line(sign: str, line: bytes) -> Iterator[str]:
    yield sign + line.rstrip(b"\r\n").decode("utf-8", "replace")
    if not line.endswith(b"\n"):
        yield _NO_END
