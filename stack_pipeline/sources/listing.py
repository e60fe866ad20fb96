"""Read a listing of repositories: `.jsonl`, `.csv` or `.parquet`, one row per repository with a `path`.

A listing is the operator's word and is trusted; a mistake in it is a `UsageError` that names file, row and
field. Rows are counted from 1, in CSV without the line of names.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from stack_pipeline.errors import UsageError
from stack_pipeline.sources.repository import Repository
from stack_pipeline.sources.rows import Row, repository_of

LISTING_SUFFIXES = (".csv", ".jsonl", ".parquet")
"""Endings of the files that are taken for listings."""

_MAX_LINE_BYTES = 16 * 2**20
_ROWS_AT_ONCE = 1024


def read_listing(path: Path) -> list[Repository]:
    """Return the repositories of a listing, in its order.

    Paths in it are relative to its folder and need not exist: what does not is found unreadable later.

    Raises:
        UsageError: If the file cannot be read, holds no row, or a row is wrong.

    Examples:
        {"path": "redis.git", "id": 156018, "full_name": "redis/redis", "license": {"spdx_id": "NOASSERTION"}}
    """
    readers = {".jsonl": _read_jsonl, ".csv": _read_csv, ".parquet": _read_parquet}
    try:
        repositories = [repository_of(row, folder=path.parent) for row in readers[path.suffix.lower()](path)]
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: is not UTF-8", hint="save the listing as UTF-8") from None
    if not repositories:
        raise UsageError(f"{path}: lists no repository", hint="each row needs at least a 'path'")
    return repositories


def _read_jsonl(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(_MAX_LINE_BYTES + 1), b""), start=1):
            where = f"{path}:{number}"
            if len(line) > _MAX_LINE_BYTES:
                raise UsageError(f"{where}: the line is longer than {_MAX_LINE_BYTES} bytes")
            text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
            if not text:
                continue
            try:
                value = json.loads(text)
            except (ValueError, RecursionError):
                raise UsageError(f"{where}: is not JSON", hint="write one JSON object per line") from None
            if not isinstance(value, dict):
                raise UsageError(f"{where}: a JSON object expected", hint="write one JSON object per line")
            yield Row(value, where)


def _read_csv(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, strict=True)
        try:
            if "path" not in (rows.fieldnames or ()):
                raise UsageError(
                    f"{path}: has no column 'path'", hint="the first line of a CSV names its columns"
                )
            for number, fields in enumerate(rows, start=1):
                where = f"{path}:{number}"
                if None in fields:
                    raise UsageError(f"{where}: has more values than the first line has names")
                yield Row(fields, where, is_text=True)
        except csv.Error as error:
            raise UsageError(f"{path}: is not CSV: {error}") from None


def _read_parquet(path: Path) -> Iterator[Row]:
    import pyarrow
    import pyarrow.parquet

    number = 0
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_ROWS_AT_ONCE):
                for fields in batch.to_pylist():
                    number += 1
                    yield Row(fields, f"{path}:{number}")
    except (pyarrow.ArrowException, ValueError) as error:
        raise UsageError(f"{path}: is not a Parquet file that can be read") from error
