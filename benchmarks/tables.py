"""Write tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table; None becomes a dash, numbers keep three digits."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(cell(value) for value in line) + " |" for line in lines)


def cell(value: Any) -> str:
    """Return a value as the text of a cell.

    Examples:
        >>> cell(1234567), cell(0.12345), cell(12.34), cell(None), cell("a|b")
        ('1,234,567', '0.123', '12.3', '–', 'a\\\\|b')
    """
    if value is None:
        return "–"
    if isinstance(value, float):
        large = abs(value)
        return f"{value:,.0f}" if large >= 100 else f"{value:.1f}" if large >= 10 else f"{value:.3g}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value).replace("|", "\\|")
