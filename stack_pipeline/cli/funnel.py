"""The funnel: what went in and what came out of each stage, by reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stack_pipeline.cli.output import size_text


def funnel_rows(stages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a row per stage, and one per reason below it."""
    rows: list[dict[str, Any]] = []
    for stage in stages:
        rows.append(
            {
                "stage": stage["stage"],
                "unit": stage["unit"],
                "in": stage["in"][0],
                "out": stage["kept"][0],
                "dropped": stage["in"][0] - stage["kept"][0],
                "reason": None,
                "in bytes": stage["in"][1],
                "out bytes": stage["kept"][1],
            }
        )
        for reason, (files, size) in stage["dropped"].items():
            rows.append({"stage": None, "dropped": files, "reason": reason, "in bytes": size})
    return rows


def readable(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows with bytes in units, for a table."""
    sized = ("in bytes", "out bytes")
    return [
        {key: size_text(v) if key in sized and v is not None else v for key, v in row.items()} for row in rows
    ]


COLUMNS = ("stage", "unit", "in", "out", "dropped", "reason", "in bytes", "out bytes")
