"""Copy a Parquet file with one column redacted: all other columns, the order of rows and the row groups stay."""

from __future__ import annotations

from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from stack_pipeline.errors import UsageError
from stack_pipeline.near_dedup.columns import listed
from stack_pipeline.near_dedup.parquet_source import PIECE_BYTES, ParquetSource
from stack_pipeline.near_dedup.value_forms import text_values
from stack_pipeline.scanning.json_copy import RedactTexts

_PIECE_ROWS = 4096
_WRITABLE = {"UNCOMPRESSED": "none", "SNAPPY": "snappy", "GZIP": "gzip", "BROTLI": "brotli", "LZ4": "lz4"}


def copy_parquet(source: ParquetSource, column: str, redact: RedactTexts, stream: IO[bytes]) -> None:
    """Write the rows of a file; a row group is held whole.

    Args:
        source: The file.
        column: The text's.
        redact: Redacts texts.
        stream: Where to.

    Raises:
        UsageError: If the column is nested or holds no text, or the file is damaged.
    """
    _check_column(source, column)
    try:
        with pq.ParquetFile(source.file.path) as opened:
            codecs = _codecs(opened)
            with pq.ParquetWriter(stream, source.schema, compression=codecs) as writer:
                for group in range(opened.metadata.num_row_groups):
                    rows = opened.metadata.row_group(group).num_rows
                    batches = [
                        _redacted(source, batch, column, redact)
                        for batch in opened.iter_batches(
                            batch_size=_piece_rows(opened, group), row_groups=[group], use_threads=False
                        )
                    ]
                    table = pa.Table.from_batches(batches, schema=source.schema)
                    if table.num_rows != rows:
                        raise pa.ArrowInvalid("another number of rows than promised")
                    writer.write_table(table, row_group_size=max(1, rows))
    except (pa.ArrowException, UnicodeDecodeError, OSError) as error:
        if getattr(error, "errno", None) is not None:  # the disk's, not Arrow's
            raise
        raise UsageError(
            f"{source.file.name}: the file is damaged or cannot be written again", hint="copy it again"
        ) from None


def _check_column(source: ParquetSource, column: str) -> None:
    if source.names and column not in source.names:
        raise UsageError(
            f"{source.file.name}: column '{column}' is nested and cannot be rewritten",
            hint=listed(source.names),
        )


def _redacted(source: ParquetSource, batch: Any, column: str, redact: RedactTexts) -> Any:
    index = batch.schema.get_field_index(column)
    field = batch.schema.field(index)

    def refuse(reason: str) -> UsageError:
        return UsageError(f"{source.file.name}: column '{column}' {reason}", hint=listed(source.names))

    clean, changed = redact(text_values(batch.column(index), refuse))
    if not any(changed):
        return batch
    return batch.set_column(index, field, _of_type(clean, field.type, refuse))


def _of_type(clean: Any, kind: pa.DataType, refuse: Any) -> Any:
    """Return texts as the type that the column has."""
    try:
        if isinstance(kind, pa.BaseExtensionType):
            return pa.ExtensionArray.from_storage(kind, clean.cast(kind.storage_type))
        if pa.types.is_dictionary(kind):
            return clean.cast(kind.value_type).dictionary_encode().cast(kind)
        return clean.cast(kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise refuse(f"is {kind}, which redacted texts do not fit") from None


def _piece_rows(opened: Any, group: int) -> int:
    metadata = opened.metadata.row_group(group)
    mean = int(metadata.total_byte_size) / max(1, int(metadata.num_rows))
    return max(1, min(_PIECE_ROWS, int(PIECE_BYTES / max(1.0, mean))))


def _codecs(opened: Any) -> Any:
    """Return the compression of each column, as the first row group has it."""
    if not opened.metadata.num_rows:
        return "zstd"
    # A damaged file fails here, and not where nothing could catch it.
    next(iter(opened.iter_batches(batch_size=1, row_groups=[0], use_threads=False)), None)
    group = opened.metadata.row_group(0)
    chunks = [group.column(index) for index in range(group.num_columns)]
    return {chunk.path_in_schema: _WRITABLE.get(chunk.compression, "zstd") for chunk in chunks} or "zstd"
