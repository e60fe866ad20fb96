"""Read the rows of one Parquet file in pieces of bounded size, and write the ones that stay into a copy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stack_pipeline.errors import RunFailed, UsageError
from stack_pipeline.near_dedup.columns import listed
from stack_pipeline.near_dedup.input_files import InputFile
from stack_pipeline.near_dedup.value_forms import (
    Refuse,
    has_column,
    id_values,
    name_values,
    nested,
    rank_values,
    text_values,
)

PIECE_BYTES = 8 << 20
"""Bytes of decoded values that a piece holds at most, as far as single rows allow."""

_PIECE_ROWS = 1 << 16
_PIECE_TEXTS = 1 << 12
_CODED_ROW_BYTES = 256
_CODED_GROUP_BYTES = 2 << 20
_BUFFER_BYTES = 1 << 20
_FORMS = {"text": text_values, "id": id_values, "rank": rank_values}


class ParquetSource:
    """The rows of a Parquet file.

    Args:
        file: The file.

    Raises:
        UsageError: If it is no Parquet file.
    """

    def __init__(self, file: InputFile) -> None:
        self.file = file
        try:
            with pq.ParquetFile(file.path) as opened:
                self.schema: pa.Schema = opened.schema_arrow
                self._metadata = opened.metadata
            str(self.schema)  # names that are no UTF-8 fail here
        except (pa.ArrowException, OSError, UnicodeDecodeError):
            raise UsageError(
                f"{file.name}: not a Parquet file, or a damaged one", hint="remove it or copy it again"
            ) from None
        self.rows = self._starts[-1]

    @property
    def names(self) -> list[str]:
        """The names of its columns."""
        return list(self.schema.names)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell columns by."""
        return not self.names and not self.rows

    def has(self, name: str) -> bool:
        """Whether it has a column, nested ones included.

        Raises:
            UsageError: If it has two of the name.
        """
        if self.schema.names.count(name) > 1:
            raise self._refusal(name)("stands twice in the schema")
        return has_column(self.schema, name)

    @cached_property
    def _starts(self) -> list[int]:
        sizes = [self._metadata.row_group(group).num_rows for group in range(self._metadata.num_row_groups)]
        return [0, *np.cumsum(sizes, dtype=np.int64).tolist()]

    def column_bytes(self, name: str) -> int:
        """Return about how many bytes the values of a column have, repeated ones each time, at most."""
        total = 0
        for group in range(self._metadata.num_row_groups):
            if self._repeats(group, name):
                pieces = self._batches(group, [name], text=name)
                total += sum(int(_lengths(nested(piece, name)).sum()) for piece in pieces)
            else:
                total += int(self._metadata.row_group(group).total_byte_size)
        return total

    def read(
        self, columns: Mapping[str, str], wanted: npt.NDArray[np.bool_] | None
    ) -> Iterator[tuple[npt.NDArray[np.int64], dict[str, Any]]]:
        """Yield row numbers and arrays by canonical name; row groups without a wanted row are not read.

        Args:
            columns: The file's column for each canonical name.
            wanted: The rows to read, all by default.

        Raises:
            RunFailed: If the file is damaged.
            UsageError: If a column has a type that cannot be used.
        """
        names = sorted(set(columns.values()))
        for start, batch in self._pieces(names, wanted, text=columns.get("text")):
            rows = np.arange(start, start + batch.num_rows, dtype=np.int64)
            table = batch
            if wanted is not None:
                chosen = wanted[start : start + batch.num_rows]
                if not chosen.any():
                    continue
                if not chosen.all():
                    table, rows = batch.filter(pa.array(chosen)), rows[chosen]
            yield rows, {key: self._values(table, key, name) for key, name in columns.items()}

    def _values(self, table: Any, canonical: str, name: str) -> Any:
        return _FORMS.get(canonical, name_values)(nested(table, name), self._refusal(name))

    def _refusal(self, name: str) -> Refuse:
        def refuse(reason: str) -> UsageError:
            return UsageError(f"{self.file.name}: column '{name}' {reason}", hint=listed(self.names))

        return refuse

    def _pieces(
        self, names: list[str] | None, wanted: npt.NDArray[np.bool_] | None, *, text: str | None = None
    ) -> Iterator[tuple[int, Any]]:
        for group in range(self._metadata.num_row_groups):
            start, end = self._starts[group], self._starts[group + 1]
            if start == end or (wanted is not None and not wanted[start:end].any()):
                continue
            for batch in self._batches(group, names, text=text):
                for piece in (batch,) if text is None else _cut(batch, text):
                    yield start, piece
                    start += piece.num_rows

    def _batches(self, group: int, names: list[str] | None, *, text: str | None) -> Iterator[Any]:
        """Read a row group bit by bit, texts as numbers of a dictionary where they repeat."""
        coded = [text] if text is not None and self._repeats(group, text) else []
        # A dictionary comes whole with every batch: many numbers at a time, whose texts are cut apart later.
        most = _PIECE_ROWS if text is None or coded else _PIECE_TEXTS
        size = self._piece_rows(group, most=most)
        with self._readable(coded) as opened:
            missing = self._starts[group + 1] - self._starts[group]
            for batch in opened.iter_batches(
                batch_size=size, row_groups=[group], columns=names, use_threads=False
            ):
                _check_codes(batch)
                missing -= batch.num_rows
                yield batch
            if missing:
                raise pa.ArrowInvalid("another number of rows than promised")

    def _repeats(self, group: int, name: str) -> bool:
        """Whether a column is stored so much smaller than texts are that it may be few texts, many times."""
        metadata = self._metadata.row_group(group)
        limit = max(_CODED_GROUP_BYTES, _CODED_ROW_BYTES * int(metadata.num_rows))
        is_leaf = name in self.schema.names and not pa.types.is_nested(self.schema.field(name).type)
        return is_leaf and int(metadata.total_byte_size) < limit

    def _piece_rows(self, group: int, *, most: int) -> int:
        """Return how many rows make a piece, by the mean size of whole rows.

        What the file tells of single columns is not asked: where that is damaged, PyArrow ends the process.
        """
        metadata = self._metadata.row_group(group)
        rows = int(metadata.num_rows)
        mean = int(metadata.total_byte_size) / max(1, rows)
        return max(1, min(rows, most, int(PIECE_BYTES / max(1.0, mean))))

    @contextmanager
    def _readable(self, coded: list[str]) -> Iterator[Any]:
        """Open the file, some columns to come as dictionaries; what is wrong inside comes out as one line."""
        try:
            with pq.ParquetFile(
                self.file.path,
                metadata=self._metadata,
                read_dictionary=coded,
                pre_buffer=False,
                buffer_size=_BUFFER_BYTES,
            ) as opened:
                yield opened
        except (pa.ArrowException, OSError):
            raise RunFailed(
                f"{self.file.name}: the file is damaged or was changed while it was read",
                hint="copy it again, and run the command again",
            ) from None

    def write_kept(self, keep: npt.NDArray[np.bool_], target: Path) -> None:
        """Write the rows that stay, all columns as they are, under the same compression.

        Args:
            keep: Which rows stay.
            target: Name of the copy.
        """
        codecs = self._codecs()
        with pq.ParquetWriter(target, self.schema, compression=codecs, version="2.6") as writer:
            group: list[Any] = []
            ends = set(self._starts[1:])
            for start, batch in self._pieces(None, keep):
                chosen = keep[start : start + batch.num_rows]
                if chosen.any():
                    group.append(batch.filter(pa.array(chosen)))
                if group and (start + batch.num_rows in ends or sum(b.nbytes for b in group) > PIECE_BYTES):
                    writer.write_table(pa.Table.from_batches(group, schema=self.schema))
                    group = []

    def _codecs(self) -> Any:
        """Return the compression of each column, as its first row group has it."""
        if not self.rows:
            return "zstd"
        with self._readable(
            []
        ) as opened:  # a damaged file fails here and not below, where nothing could catch it
            next(iter(opened.iter_batches(batch_size=1, row_groups=[0], use_threads=False)), None)
        group = self._metadata.row_group(0)
        chunks = [group.column(index) for index in range(group.num_columns)]
        return {chunk.path_in_schema: _WRITABLE.get(chunk.compression, "zstd") for chunk in chunks} or "zstd"


_WRITABLE = {
    "UNCOMPRESSED": "none",
    "SNAPPY": "snappy",
    "GZIP": "gzip",
    "BROTLI": "brotli",
    "LZ4": "lz4",
    "ZSTD": "zstd",
}


def _check_codes(batch: Any) -> None:
    """Raise `ArrowInvalid` if a number points beyond its dictionary, as in a damaged file."""
    for column in batch.columns:
        if pa.types.is_dictionary(column.type) and len(column.indices) > column.indices.null_count:
            bounds = pc.min_max(column.indices).as_py()
            if not 0 <= bounds["min"] <= bounds["max"] < len(column.dictionary):
                raise pa.ArrowInvalid("a number beyond its dictionary")


def _cut(batch: Any, text: str) -> Iterator[Any]:
    """Cut a batch whose texts are numbers of a dictionary so that the texts themselves are a piece each time."""
    if text not in batch.schema.names or not pa.types.is_dictionary(batch.column(text).type):
        yield batch
        return
    ends = np.cumsum(_lengths(batch.column(text)))
    start = 0
    while start < batch.num_rows:
        before = ends[start - 1] if start else 0
        end = max(start + 1, int(np.searchsorted(ends, before + PIECE_BYTES, side="right")))
        yield batch.slice(start, end - start)
        start = end


def _lengths(column: Any) -> npt.NDArray[np.int64]:
    """Return the bytes of each value; of a dictionary's numbers, those of what they stand for."""
    is_coded = pa.types.is_dictionary(column.type)
    values = column.dictionary if is_coded else column
    lengths: npt.NDArray[np.int64] = np.asarray(pc.binary_length(values).cast(pa.int64()).fill_null(0))
    if is_coded:
        lengths = np.append(lengths, 0)[column.indices.fill_null(len(lengths)).to_numpy()]
    return lengths
