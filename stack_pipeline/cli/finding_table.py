"""Lay out finds as a table while they come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from stack_pipeline.cli.output import printable

if TYPE_CHECKING:
    from stack_pipeline.scanning.finding import Finding, NearMiss
    from stack_pipeline.scanning.texts import Place

_MEASURED = 1000


def finding_table(
    found: Iterable[Finding | NearMiss], *, explain: bool = False, with_values: bool = False
) -> Iterator[str]:
    """Yield lines; widths go by the first thousand rows, so that a long table need not be held.

    Args:
        found: Finds and near misses.
        explain: Whether to say of each row why it is a find or not.
        with_values: Whether finds show their values.
    """
    names = ["place", "kind", "detector", "sure"]
    names += ["why"] * explain + ["value"] * with_values + ["context"]
    rows = (_row(each, explain=explain, with_values=with_values) for each in found)
    first = list(islice(rows, _MEASURED))
    if not first:
        return
    widths = [max(len(row[column]) for row in [names, *first]) for column in range(len(names))]
    yield _line(names, widths)
    for row in first:
        yield _line(row, widths)
    for row in rows:
        yield _line(row, widths)


def _row(each: Finding | NearMiss, *, explain: bool, with_values: bool) -> list[str]:
    where = f"{place_text(each.place)}:{each.start.line}:{each.start.column}"
    kind, sure = getattr(each, "kind", ""), getattr(each, "confidence", None)
    cells = [where, kind, each.detector, "" if sure is None else f"{sure:.2f}"]
    cells += [getattr(each, "reason", "found")] * explain
    cells += [getattr(each, "value", None) or ""] * with_values
    return [printable(cell) for cell in [*cells, getattr(each, "context", "")]]


def place_text(place: Place) -> str:
    """Return a place in words: the path, and of a table the row."""
    from stack_pipeline.scanning.files import shown

    row = "" if place.row is None else f"[{place.row}]" if place.id is None else f"[{place.row} {place.id}]"
    return shown(place.path) + row


def _line(row: list[str], widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n"
