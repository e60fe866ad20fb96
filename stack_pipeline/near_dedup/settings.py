"""Everything that one run of the command is asked to do, checked before anything is read."""

from __future__ import annotations

import os
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from stack_pipeline.errors import UsageError
from stack_pipeline.near_dedup.clustering import ClusterSettings
from stack_pipeline.near_dedup.columns import ColumnChoice

_UNITS = {
    "": 1,
    "k": 10**3,
    "m": 10**6,
    "g": 10**9,
    "t": 10**12,
    "ki": 2**10,
    "mi": 2**20,
    "gi": 2**30,
    "ti": 2**40,
}
_SIZE = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s?([kmgt]?i?)b?", re.I)
_BYTES_PER_DOCUMENT = 3_000


@dataclass(frozen=True)
class Request:
    """One run.

    Args:
        inputs: Files, folders, globs, corpora, releases.
        output: Folder to make.
        columns: Which columns hold what.
        settings: What decides about clusters.
        mode: `memory`, `streaming`, or None to choose by size.
        memory_bytes: What the choice goes by.
        threads: Threads of the kernels.
        write_filtered: Whether to write copies of the inputs without what is removed.
        accept: Whether alarms that stop may pass.
        overwrite: Whether an output of an earlier run may be replaced.
    """

    inputs: tuple[str, ...]
    output: Path
    columns: ColumnChoice = field(default_factory=ColumnChoice)
    settings: ClusterSettings = field(default_factory=ClusterSettings)
    mode: str | None = None
    memory_bytes: int = 4_000_000_000
    threads: int = 1
    write_filtered: bool = False
    accept: bool = False
    overwrite: bool = False

    def shaping(self) -> dict[str, Any]:
        """Return what shapes the outputs, as plain values."""
        return {"columns": asdict(self.columns), "clusters": asdict(self.settings)}


def check_settings(settings: ClusterSettings) -> None:
    """Check numbers before any file is opened.

    Raises:
        UsageError: With the option, its range and the value.
    """
    if not 0 < settings.threshold <= 1:
        raise UsageError(f"--threshold must be in (0, 1], got {settings.threshold}")
    for option, value, least, most in (
        ("--num-perm", settings.num_perm, 1, 65536),
        ("--ngram", settings.ngram, 1, 64),
        ("--seed", settings.seed, 0, 2**32 - 1),
        ("--min-tokens", settings.min_tokens, 0, 2**32 - 1),
        ("--max-bucket", settings.max_bucket, 2, 2**32 - 1),
        ("--bands", settings.bands, 1, 65536),
        ("--rows", settings.rows, 1, 65536),
    ):
        if value is not None and not least <= value <= most:
            raise UsageError(f"{option} must be in [{least}, {most}], got {value}")
    _check_bands(settings)


def _check_bands(settings: ClusterSettings) -> None:
    bands, rows = settings.bands, settings.rows
    if (bands is None) != (rows is None):
        raise UsageError("--bands and --rows go together", hint="give both, or neither to have them chosen")
    if bands is not None and rows is not None and bands * rows > settings.num_perm:
        raise UsageError(
            f"--bands x --rows must be at most --num-perm ({settings.num_perm}), got {bands} x {rows} = {bands * rows}",
            hint="fewer bands or rows, or a larger --num-perm",
        )
    if bands is None:
        from dedup import bands_for

        try:
            bands_for(settings.threshold, settings.num_perm)
        except ValueError as error:
            raise UsageError(str(error), hint="a larger --num-perm, or --bands and --rows") from None


def parse_size(given: str) -> int:
    """Return the bytes of a size such as `8GB`, `500 MB` or `2GiB`.

    Raises:
        UsageError: If it is none.

    Examples:
        >>> parse_size("1.5GB"), parse_size("2GiB")
        (1500000000, 2147483648)
    """
    match = _SIZE.fullmatch(given.strip())
    if match is None or match[2].lower() not in _UNITS:
        raise UsageError(f"--memory must be a size such as 8GB, got '{given[:40]}'")
    return int(float(match[1]) * _UNITS[match[2].lower()])


def free_memory() -> int:
    """Return half of the memory that this machine has free, in bytes."""
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (ValueError, OSError):
        return 2_000_000_000


def choose_mode(request: Request, *, documents: int, text_bytes: int) -> str:
    """Return `memory` where texts and what is known of each document fit, else `streaming`; both give the same tables.

    Args:
        request: The run.
        documents: Rows of all inputs.
        text_bytes: About the bytes of all texts.
    """
    if request.mode is not None:
        return request.mode
    needed = text_bytes * 5 // 4 + documents * _BYTES_PER_DOCUMENT
    return "memory" if needed <= request.memory_bytes else "streaming"
