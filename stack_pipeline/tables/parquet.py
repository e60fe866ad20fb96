"""Write and read Parquet: zstd, row groups cut by bytes, the same bytes for the same rows.

A writer is fed batches of any size and cuts row groups where the bytes of the rows since the last cut pass a limit, counted row by
row, so the file does not depend on how the rows arrived.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stack_pipeline.storage import Storage
from stack_pipeline.tables.digest import LogicalDigest, is_variable

ROW_GROUP_BYTES = 8 << 20
ROW_GROUP_ROWS = 1 << 16

_TEXTS = frozenset({"text", "content"})
_DISTINCT = frozenset(
    {
        "blob_id",
        "blob_rank",
        "content_id",
        "content_sha256",
        "entry_index",
        "filename",
        "kept_content_id",
        "length_bytes",
        "line_count",
        "max_line_length",
        "other_content_id",
        "path",
        "path_bytes",
        "place",
        "published_id",
        "rank",
        "row",
        "sha1",
        "sha256",
        "size_bytes",
        "sort_key",
        "text_sha256",
        "value_hash",
    }
)
"""Columns whose values hardly repeat: a dictionary of them costs time and space."""


@dataclass(frozen=True)
class Codec:
    """How pages are compressed.

    Args:
        name: As PyArrow names it.
        level: Of compression, None where the codec has none.
    """

    name: str
    level: int | None = None


SMALL = Codec("zstd", 3)
"""For what is kept and published."""

FAST = Codec("lz4")
"""For what is read a few times and removed: a third larger, read and written in less time."""


@dataclass(frozen=True)
class WrittenTable:
    """What is known of a written file: rows, bytes, SHA-256 of the bytes, logical digest."""

    rows: int
    size_bytes: int
    sha256: str
    logical: str


class _HashingStream:
    """Pass writes on and hash them; Parquet writers only append."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()
        self.size = 0
        self.closed = False

    def write(self, data: bytes) -> int:
        self._stream.write(data)
        view = memoryview(data)
        self._hash.update(view)
        self.size += view.nbytes
        return view.nbytes

    def tell(self) -> int:
        return self.size

    def flush(self) -> None:
        self._stream.flush()

    def close(self) -> None:
        self.closed = True

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def write_table(
    storage: Storage,
    name: str,
    schema: pa.Schema,
    batches: Iterable[pa.Table | pa.RecordBatch],
    *,
    row_group_bytes: int = ROW_GROUP_BYTES,
    codec: Codec = SMALL,
) -> WrittenTable:
    """Write rows as one Parquet file that appears when it is whole.

    Args:
        storage: Where to.
        name: Final name below the storage.
        schema: Columns; the batches are brought to it.
        batches: Rows in their final order, in pieces of any size.
        row_group_bytes: Bytes of values after which a row group ends.
        codec: How to compress.
    """

    def write(stream: IO[bytes]) -> WrittenTable:
        sink = _HashingStream(stream)
        digest = LogicalDigest(schema)
        with _writer(sink, schema, codec) as writer:
            for group in _row_groups(_digested(batches, digest, schema), row_group_bytes):
                writer.write_table(group, row_group_size=max(1, group.num_rows))
        return WrittenTable(digest.rows, sink.size, sink.hexdigest(), digest.hexdigest())

    return storage.commit(name, write)


def _writer(sink: Any, schema: pa.Schema, codec: Codec) -> Any:
    signatures = {field.name for field in schema if pa.types.is_fixed_size_binary(field.type)}
    return pq.ParquetWriter(
        pa.PythonFile(sink, mode="w"),
        schema,
        **_codec_options(schema, codec, uncompressed=signatures),
        version="2.6",
        data_page_size=1 << 20,
        write_statistics=[name for name in schema.names if name not in _TEXTS | signatures],
        use_dictionary=[field.name for field in schema if _repeats(field)],
        store_schema=True,
    )


def _codec_options(schema: pa.Schema, codec: Codec, *, uncompressed: set[str]) -> dict[str, Any]:
    """Return how columns are compressed; nothing makes signatures smaller."""
    if not uncompressed:
        return {"compression": codec.name, "compression_level": codec.level}
    # A table that has them is flat, so that names are paths.
    names = {name: "none" if name in uncompressed else codec.name for name in schema.names}
    levels = {name: codec.level for name in schema.names if name not in uncompressed}
    return {"compression": names, "compression_level": None if codec.level is None else levels}


def _repeats(field: pa.Field) -> bool:
    """Whether the values of a column repeat so much that a dictionary makes it smaller."""
    kind = field.type
    drawn = pa.types.is_fixed_size_binary(kind) or pa.types.is_uint64(kind) or pa.types.is_floating(kind)
    return not drawn and field.name not in _TEXTS | _DISTINCT


def _digested(
    batches: Iterable[pa.Table | pa.RecordBatch], digest: LogicalDigest, schema: pa.Schema
) -> Iterator[pa.Table]:
    """Yield rows as tables of the schema once they are digested: in whole batches, of which there are fewer than row groups."""
    for batch in batches:
        table = _conform(batch, schema)
        digest.update(table)
        yield table


def _row_groups(tables: Iterable[pa.Table], limit: int) -> Iterator[pa.Table]:
    """Re-cut rows into groups whose borders depend on the rows alone."""
    waiting: list[pa.Table] = []
    waiting_bytes = waiting_rows = 0
    for table in tables:
        ends = np.cumsum(row_bytes(table))
        start = 0
        while start < table.num_rows:
            # The group ends with the row that passes the limit, or with the last one that fits its count.
            before = int(ends[start - 1]) if start else 0
            full = int(np.searchsorted(ends, limit - waiting_bytes + before))
            last = min(max(full, start), start + ROW_GROUP_ROWS - waiting_rows - 1)
            end = min(last + 1, table.num_rows)
            waiting.append(table.slice(start, end - start))
            if last >= table.num_rows:
                waiting_bytes += int(ends[-1]) - before
                waiting_rows += end - start
            else:
                yield pa.concat_tables(waiting).combine_chunks()
                waiting, waiting_bytes, waiting_rows = [], 0, 0
            start = end
    if waiting:
        yield pa.concat_tables(waiting).combine_chunks()


def _conform(batch: pa.Table | pa.RecordBatch, schema: pa.Schema) -> pa.Table:
    table = pa.Table.from_batches([batch]) if isinstance(batch, pa.RecordBatch) else batch
    if table.schema.equals(schema):
        return table
    columns = []
    for field in schema:
        if field.name in table.column_names:
            column = table.column(field.name)
            columns.append(column if column.type.equals(field.type) else column.cast(field.type))
        else:
            columns.append(pa.chunked_array([pa.nulls(table.num_rows, field.type)]))
    return pa.table(columns, schema=schema)


def row_bytes(table: pa.Table) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the bytes that each row's values take: 8 for a fixed-width value, the length of a string or binary."""
    total = np.full(table.num_rows, 8 * table.num_columns, dtype=np.int64)
    for column in table.columns:
        kind = column.type
        if is_variable(kind):
            total += np.asarray(pc.binary_length(column).cast(pa.int64()).fill_null(0))
    return total


def read_table(
    storage: Storage,
    name: str,
    *,
    columns: Sequence[str] | None = None,
    key: str | None = None,
    bounds: tuple[str, str] | None = None,
) -> pa.Table:
    """Read a file, or only its rows whose `key` lies in `bounds`.

    Args:
        storage: Where from.
        name: Name below the storage.
        columns: Columns to read, all by default.
        key: Column that the file is sorted by.
        bounds: `(low, high)`: keys with low <= key < high; an empty high is open.
    """
    batches = list(iter_table(storage, name, columns=columns, key=key, bounds=bounds))
    if batches:
        return pa.concat_tables(batches)
    with storage.open_for_arrow(name) as stream:
        schema = pq.read_schema(stream)
    return (pa.schema([schema.field(c) for c in columns]) if columns else schema).empty_table()


def iter_table(
    storage: Storage,
    name: str,
    *,
    columns: Sequence[str] | None = None,
    key: str | None = None,
    bounds: tuple[str, str] | None = None,
) -> Iterator[pa.Table]:
    """Yield a file row group by row group, those outside `bounds` unread; see `read_table`."""
    with storage.open_for_arrow(name) as stream:
        file = pq.ParquetFile(stream)
        for index in range(file.num_row_groups):
            if key is not None and bounds is not None and _outside(file, index, key, bounds):
                continue
            wanted = _with_key(columns, key)
            table = file.read_row_group(index, columns=wanted, use_threads=False)
            if key is not None and bounds is not None:
                table = table.filter(in_bounds(table.column(key), bounds))
                if columns is not None and key not in columns:
                    table = table.drop_columns([key])
            if table.num_rows:
                yield table


def _with_key(columns: Sequence[str] | None, key: str | None) -> list[str] | None:
    """Return the columns to read so that rows can be chosen by their key."""
    if columns is None:
        return None
    return list(columns) if key is None or key in columns else [*columns, key]


def in_bounds(column: pa.ChunkedArray, bounds: tuple[str, str]) -> pa.ChunkedArray:
    """Tell of each key whether low <= key < high; an empty high is open."""
    low, high = bounds
    mask = pc.greater_equal(column, low)
    return pc.and_(mask, pc.less(column, high)) if high else mask


def _outside(file: Any, index: int, key: str, bounds: tuple[str, str]) -> bool:
    group = file.metadata.row_group(index)
    column = next(
        (group.column(i) for i in range(group.num_columns) if group.column(i).path_in_schema == key), None
    )
    statistics = column.statistics if column is not None else None
    if statistics is None or not statistics.has_min_max:
        return False
    low, high = bounds
    return bool(statistics.max < low or (high and statistics.min >= high))
