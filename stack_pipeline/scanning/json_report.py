"""Write finds as JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from stack_pipeline.scanning.files import shown
from stack_pipeline.scanning.finding import Finding, NearMiss


def json_lines(found: Iterable[Finding | NearMiss], *, explain: bool = False) -> Iterator[str]:
    """Yield a line per find, and per near miss, in ASCII."""
    for each in found:
        yield json.dumps(_object(each, explain)).replace("\x7f", "\\u007f") + "\n"


def _object(each: Finding | NearMiss, explain: bool) -> dict[str, Any]:
    place = each.place
    where: dict[str, Any] = {"path": shown(place.path)}
    where |= {} if place.row is None else {"row": place.row, "id": place.id}
    where |= {} if place.commit is None else {"commit": place.commit}
    where |= {"line": each.start.line, "column": each.start.column, "start": each.start.offset}
    if isinstance(each, NearMiss):
        return {**where, "detector": each.detector, "reason": each.reason}
    return {
        **where,
        "end_line": each.end.line,
        "end_column": each.end.column,
        "end": each.end.offset,
        "kind": each.kind,
        "detector": each.detector,
        "confidence": each.confidence,
        "context": each.context,
        **({"reason": None} if explain else {}),
        **({} if each.value is None else {"value": each.value}),
    }
