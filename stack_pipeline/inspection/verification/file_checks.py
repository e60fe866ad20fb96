"""Check every named file as a file: there, intact, of the right columns and number of rows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from stack_pipeline.inspection.published import Part, Release, table_schema
from stack_pipeline.inspection.verification.findings import Check, Findings
from stack_pipeline.storage import Storage

_PIECE_BYTES = 1 << 20


@dataclass(frozen=True)
class CheckedFiles:
    """The checks, and the parts that can be read further."""

    checks: list[Check]
    sound: tuple[Part, ...]

    def unsound(self, release: Release) -> dict[str, str]:
        """Return for each table with an unreadable part the name of the first."""
        names = {part.name for part in self.sound}
        found: dict[str, str] = {}
        for part in release.parts:
            if part.name not in names:
                found.setdefault(part.kind, part.name)
        return found


def check_files(release: Release, *, advance: Callable[[str], None]) -> CheckedFiles:
    """Hash every named file and read its footer.

    Args:
        release: The release.
        advance: Called with the name of each file when it is done.
    """
    intact = Findings("intact_files", "every file is there with its size and SHA-256")
    schemas = Findings("schemas", "every table has the columns of its layout")
    counts = Findings("row_counts", "every file has the rows that the manifest names")
    sound = []
    for part in release.parts:
        problem = _damage(release.storage, part)
        if problem is not None:
            intact.add(f"{part.name}: {problem}")
        elif (footer := _footer(release.storage, part)) is None:
            intact.add(f"{part.name}: no Parquet file")
        else:
            schema, rows = footer
            fits = schema.equals(table_schema(part.kind))
            schemas.expect(fits, f"{part.name}: {_difference(schema, table_schema(part.kind))}")
            counts.expect(rows == part.rows, f"{part.name}: {rows} rows, not {part.rows}")
            sound += [part] if fits else []
        advance(part.name)
    return CheckedFiles([intact.check(), schemas.check(), counts.check()], tuple(sound))


def _damage(storage: Storage, part: Part) -> str | None:
    """Return what is wrong with the bytes of a file, None if they are those that the manifest names."""
    digest, size = hashlib.sha256(), 0
    try:
        with storage.open(part.name) as stream:
            while piece := stream.read(_PIECE_BYTES):
                digest.update(piece)
                size += len(piece)
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if size != part.size_bytes:
        return f"{size} bytes, not {part.size_bytes}"
    return None if digest.hexdigest() == part.sha256 else "the bytes have another SHA-256"


def _footer(storage: Storage, part: Part) -> tuple[pa.Schema, int] | None:
    with storage.open(part.name) as stream:
        try:
            file = pq.ParquetFile(stream)
            return file.schema_arrow, file.metadata.num_rows
        except (pa.ArrowException, OSError):
            return None


def _difference(found: pa.Schema, wanted: pa.Schema) -> str:
    missing = [name for name in wanted.names if name not in found.names]
    extra = [name for name in found.names if name not in wanted.names]
    if missing or extra:
        return f"columns missing: {', '.join(missing) or '-'}; unknown: {', '.join(map(ascii, extra)) or '-'}"
    return "columns have another order or type"
