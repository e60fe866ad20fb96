"""Cut the space of hexadecimal ids into equal ranges, so that tasks, shards and tables are even and nest."""

from __future__ import annotations

import re

RANGE_BYTES = 64 << 20
LEAST_RANGES = 4
MOST_RANGES = 4096


def power_of_two(parts: int) -> int:
    """Return the least power of two that is at least `parts` and at least 1."""
    return 1 << max(0, parts - 1).bit_length()


def range_count(total_bytes: int) -> int:
    """Return the number of id ranges for a set of this size: a power of two, a function of the size alone.

    Examples:
        >>> range_count(0), range_count(300 << 20), range_count(1 << 50)
        (4, 8, 4096)
    """
    return min(MOST_RANGES, max(LEAST_RANGES, power_of_two(-(-total_bytes // RANGE_BYTES))))


def range_bounds(index: int, count: int) -> tuple[str, str]:
    """Return `(low, high)` of range `index` of `count` (a power of two ≤ 2**32); the last high is empty, for open.

    Examples:
        >>> range_bounds(0, 4), range_bounds(3, 4)
        (('', '40000000'), ('c0000000', ''))
    """
    step = (1 << 32) // count
    low = "" if index == 0 else f"{index * step:08x}"
    return low, "" if index == count - 1 else f"{(index + 1) * step:08x}"


def range_name(index: int, count: int) -> str:
    """Return the readable name of a range, as in file names."""
    return f"{index:05d}-of-{count:05d}"


def overlaps(file_name: str, bounds: tuple[str, str]) -> bool:
    """Whether a file named by its range, as `00001-of-00004…`, can hold ids inside bounds.

    Raises:
        ValueError: If the file is not named so.

    Examples:
        >>> overlaps("snapshots/1/origins/00001-of-00004-ab12.parquet", ("80000000", ""))
        False
    """
    match = re.match(r"(\d+)-of-(\d+)", file_name.rsplit("/", 1)[-1])
    if match is None:
        raise ValueError(f"a file name such as 00001-of-00004.parquet expected, got {file_name!r}")
    low, high = range_bounds(int(match[1]), int(match[2]))
    return (not bounds[1] or low < bounds[1]) and (not high or bounds[0] < high)
