"""Write `src/alphanumeric_table.rs`: the code points of which `str.isalnum` is true.

Run with CPython 3.11 from any folder: `python native/tables/write_alphanumeric_table.py`. A test compares the
file with what this program would write.
"""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

TABLE = Path(__file__).resolve().parent.parent / "src" / "alphanumeric_table.rs"
RANGES_PER_LINE = 5


def alphanumeric_ranges() -> list[tuple[int, int]]:
    """Return the maximal ranges (first, last) of alphanumeric code points, in order.

    Examples:
        >>> alphanumeric_ranges()[:3] == [(0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)]
        True
    """
    ranges: list[tuple[int, int]] = []
    for point in range(sys.maxunicode + 1):
        if not chr(point).isalnum():
            continue
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1] = (ranges[-1][0], point)
        else:
            ranges.append((point, point))
    return ranges


def table_source() -> str:
    """Return the Rust source of the table, ending in a newline."""
    ranges = alphanumeric_ranges()
    lines = [
        f"//! The code points of Python's `str.isalnum`, Unicode {unicodedata.unidata_version}.",
        "//! Written by `tables/write_alphanumeric_table.py`; do not edit.",
        "",
        "/// Maximal ranges (first, last), both inclusive, in ascending order.",
        "#[rustfmt::skip]",
        f"pub(crate) const RANGES: [(u32, u32); {len(ranges)}] = [",
    ]
    for start in range(0, len(ranges), RANGES_PER_LINE):
        row = ranges[start : start + RANGES_PER_LINE]
        lines.append("    " + " ".join(f"(0x{first:04X}, 0x{last:04X})," for first, last in row))
    return "\n".join([*lines, "];", ""])


if __name__ == "__main__":
    TABLE.write_text(table_source(), encoding="utf-8")
