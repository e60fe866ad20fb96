"""What a peer's program is asked for, and how it answers."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NGRAM = 5
NUM_PERM = 256


@dataclass(frozen=True)
class Task:
    """The arguments of a peer's program."""

    corpus: Path
    folder: Path
    threshold: float
    bands: int
    rows: int

    @classmethod
    def from_arguments(cls) -> Task:
        """Return the task of this process's command line."""
        corpus, folder, threshold, bands, rows = sys.argv[1:6]
        return cls(Path(corpus), Path(folder), float(threshold), int(bands), int(rows))

    def texts(self) -> Any:
        """Return the column of texts."""
        import pyarrow.parquet as pq

        return pq.read_table(self.corpus, columns=["content"]).column("content")

    def answer(self, removed: Iterable[int], *, signature_seconds: float | None, note: str = "") -> None:
        """Write the rows that the peer would remove, and the CPU seconds that it took from texts to signatures."""
        rows = "".join(f"{row}\n" for row in sorted(removed))
        (self.folder / "removed.txt").write_text(rows)
        result = {"signature_seconds": signature_seconds, "note": note}
        (self.folder / "result.json").write_text(json.dumps(result))


class Clock:
    """CPU seconds of this process and of the children it has waited for, summed over the `with` blocks of the clock."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __enter__(self) -> Clock:
        self._started = _cpu_seconds()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds += _cpu_seconds() - self._started


def _cpu_seconds() -> float:
    return time.process_time() + sum(os.times()[2:4])
