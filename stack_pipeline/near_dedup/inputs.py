"""The documents of all inputs as one sequence of rows, read piece by piece as often as needed.

Row numbers count over all files in the order of inputs, from 0. What is held of every row is a few numbers: its place in the order of
ranks, and the codes of its language, repository and group. Texts, ids and paths are read again when they are needed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stack_pipeline.near_dedup.json_lines import JsonLines
from stack_pipeline.near_dedup.parquet_source import ParquetSource

Source = ParquetSource | JsonLines
Progress = Callable[[str, int, int], None]
"""Called with the name of a step, what is done and what there is to do."""

CODED = ("language", "repository", "group")
CORPUS_NAMES = ("language", "repository", "path")
"""What a corpus tells of its contents in another table."""


@dataclass(frozen=True)
class Codes:
    """Numbers for the values of a column.

    Attributes:
        names: The value of each code, None for rows without one.
        rows: The code of each row.
    """

    names: list[str | None]
    rows: npt.NDArray[np.int32]

    @cached_property
    def values(self) -> Any:
        """The names as an Arrow array."""
        return pa.array(self.names, pa.large_string())


@dataclass(frozen=True)
class Documents:
    """What inputs hold; see `stack_pipeline.near_dedup.opening.open_documents`.

    Attributes:
        sources: The files.
        starts: The number of the first row of each file, and one after the last row of all.
        columns: For each file, its column for each canonical name it has.
        rank: Each row's place in the order of (rank, id), int64 and distinct; smaller is kept rather.
        codes: For `language`, `repository` and `group`, where the inputs have it.
        id_type: Type of the ids: int64, large_string or large_binary.
        named: Arrays per row for columns that the files themselves lack.
    """

    sources: Sequence[Source]
    starts: Sequence[int]
    columns: Sequence[dict[str, str]]
    rank: npt.NDArray[np.int64]
    codes: dict[str, Codes]
    id_type: pa.DataType
    named: dict[str, Any] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """The number of rows."""
        return self.starts[-1]

    @cached_property
    def text_bytes(self) -> int:
        """About how many bytes the texts have, rather more than fewer."""
        return sum(s.column_bytes(c["text"]) for s, c in zip(self.sources, self.columns, strict=True))

    def has(self, canonical: str) -> bool:
        """Whether there is a column: `text`, `id`, `rank`, `group`, `language`, `path`, `repository`."""
        derived = canonical in ("text", "id", "rank") or canonical in self.codes or canonical in self.named
        return derived or any(canonical in columns for columns in self.columns)

    def batches(
        self, columns: Sequence[str], *, wanted: npt.NDArray[np.bool_] | None = None
    ) -> Iterator[tuple[npt.NDArray[np.int64], pa.Table]]:
        """Yield row numbers and a table with exactly these columns.

        Args:
            columns: Among `text` (large_binary), `id`, `rank` (int64, distinct), `group` (int32; equal in what may be compared),
                `language`, `path`, `repository` (large_string).
            wanted: The rows to read, all by default. Row groups without any are not read.
        """
        for index, source in enumerate(self.sources):
            start, end = self.starts[index], self.starts[index + 1]
            chosen = None if wanted is None else wanted[start:end]
            if start == end or (chosen is not None and not chosen.any()):
                continue
            for local, arrays in self._read(index, source, columns, chosen):
                rows = local + start
                yield rows, pa.table({name: self._column(name, index, rows, arrays) for name in columns})

    def _read(
        self, index: int, source: Source, columns: Sequence[str], chosen: npt.NDArray[np.bool_] | None
    ) -> Iterator[tuple[npt.NDArray[np.int64], dict[str, Any]]]:
        there = self.columns[index]
        held = {"rank", *self.codes, *self.named}
        stored = {name: there[name] for name in columns if name in there and name not in held}
        if stored:
            yield from source.read(stored, chosen)
        else:
            rows = np.arange(self.starts[index + 1] - self.starts[index], dtype=np.int64)
            yield (rows if chosen is None else rows[chosen]), {}

    def _column(self, name: str, index: int, rows: npt.NDArray[np.int64], arrays: dict[str, Any]) -> Any:
        if name == "rank":
            return pa.array(self.rank[rows])
        if name == "group" and name in self.codes:
            return pa.array(self.codes[name].rows[rows])
        if name in self.codes:
            codes = self.codes[name]
            return codes.values.take(pa.array(codes.rows[rows]))
        if name in self.named:
            return self.named[name].take(pa.array(rows))
        if name in arrays:
            return arrays[name].cast(self.id_type) if name == "id" else arrays[name]
        if name == "id":
            file, start = self.sources[index].file.name, self.starts[index]
            return pa.array([f"{file}:{row}" for row in (rows - start).tolist()], pa.large_string())
        return pa.nulls(len(rows), pa.large_string())

    def place(self, row: int) -> tuple[int, int]:
        """Return the file of a row and the row's number in it."""
        index = bisect_right(self.starts, row) - 1
        return index, row - self.starts[index]

    def shown_place(self, row: int) -> str:
        """Return where a row lies, in words."""
        index, local = self.place(row)
        return f"{self.sources[index].file.name} row {local}"
