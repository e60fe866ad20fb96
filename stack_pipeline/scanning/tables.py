"""Read one column of Parquet and JSONL files, a piece at a time, with the readers of near-deduplication."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from stack_pipeline.errors import UsageError
from stack_pipeline.near_dedup.columns import missing_column
from stack_pipeline.near_dedup.input_files import InputFile, find_inputs
from stack_pipeline.near_dedup.json_lines import JsonLines
from stack_pipeline.near_dedup.parquet_source import ParquetSource

Source = ParquetSource | JsonLines


@dataclass(frozen=True)
class Piece:
    """Some rows of a file.

    Attributes:
        path: The file.
        rows: Their numbers, from 0.
        texts: Their texts, a large_binary array.
        ids: Their names, or None.
    """

    path: str
    rows: Any
    texts: Any
    ids: Any


def open_tables(inputs: Sequence[str], *, column: str, id_column: str | None) -> list[Source]:
    """Open the files that inputs name, in order.

    Args:
        inputs: Parquet or JSONL files, folders of them, globs.
        column: The text's; dots lead into nested ones.
        id_column: That of the row's name, if any.

    Raises:
        UsageError: If a file is missing or is neither, or has no such column.
    """
    sources = [open_table(file) for file in find_inputs(inputs).files]
    for source in sources:
        for name in filter(None, (column, id_column)):
            if not source.is_empty and not source.has(name):
                raise missing_column(source.file.name, name, source.names)
    return [source for source in sources if not source.is_empty]


def open_table(file: InputFile) -> Source:
    """Open one file."""
    return ParquetSource(file) if file.kind == "parquet" else JsonLines(file)


def count_rows(sources: Sequence[Source]) -> int:
    """Return the rows of all files; JSONL is read for it."""
    return sum(source.count() if isinstance(source, JsonLines) else source.rows for source in sources)


def pieces(sources: Sequence[Source], *, column: str, id_column: str | None) -> Iterator[Piece]:
    """Yield all rows.

    Raises:
        UsageError: If a line is broken or a column holds no text.
    """
    names = {"text": column} | ({"name": id_column} if id_column else {})
    for source in sources:
        for rows, arrays in source.read(names, None):
            yield Piece(source.file.name, rows, arrays["text"], arrays.get("name"))


def one_table(inputs: Sequence[str], *, column: str) -> Source:
    """Open the one file that is to be copied.

    Raises:
        UsageError: As `open_tables`; if inputs name another number of files.
    """
    files = find_inputs(inputs).files
    if len(files) != 1:
        raise UsageError(f"{len(files)} files to copy into one", hint="name one file, and run once for each")
    source = open_table(files[0])
    if not source.is_empty and not source.has(column):
        raise missing_column(source.file.name, column, source.names)
    return source
