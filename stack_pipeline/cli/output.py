"""Print rows to stdout as a table, JSON or CSV; everything else goes to stderr."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

Row = Mapping[str, Any]


def format_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--format table|json|csv` to a command."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["table", "json", "csv"]),
        default="table",
        help="Form of the output.",
    )(command)


def print_rows(rows: Sequence[Row], form: str, *, columns: Sequence[str] | None = None) -> None:
    """Print rows of equal columns."""
    names = list(columns or (rows[0] if rows else ()))
    if form == "json":
        click.echo(
            json.dumps([{name: row.get(name) for name in names} for row in rows], indent=2, default=str)
        )
    elif form == "csv":
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([_cell(row.get(name)) for name in names] for row in rows)
        click.echo(buffer.getvalue(), nl=False)
    else:
        click.echo(_table(names, [[_cell(row.get(name)) for name in names] for row in rows]), nl=False)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, dict | list | tuple):
        value = json.dumps(value, ensure_ascii=False, default=str)
    return printable(str(value))


def printable(text: str, *, keep: str = "") -> str:
    """Make control characters visible, so that a hostile name or text cannot drive the terminal.

    Examples:
        >>> printable("a\\x1b[2Jb")
        'a\\\\x1b[2Jb'
    """
    return "".join(c if c.isprintable() or c in keep else f"\\x{ord(c):02x}" for c in text)


def _table(names: list[str], rows: list[list[str]]) -> str:
    """Lay out columns, numbers to the right."""
    numeric = [
        all(row[i].replace(",", "").replace(".", "").isdigit() or not row[i] for row in rows)
        for i in range(len(names))
    ]
    widths = [max(len(line[i]) for line in [names, *rows]) for i in range(len(names))]
    lines = []
    for line in [names, *rows]:
        cells = [c.rjust(w) if n else c.ljust(w) for c, w, n in zip(line, widths, numeric, strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines) + "\n"


def size_text(size_bytes: int) -> str:
    """Return bytes with a decimal unit.

    Examples:
        >>> size_text(999), size_text(1_234_567)
        ('999 B', '1.2 MB')
    """
    value, unit = float(size_bytes), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
