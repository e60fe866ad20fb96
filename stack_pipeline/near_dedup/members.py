"""The members of clusters with their names, as `clusters.parquet` holds them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stack_pipeline.near_dedup.inputs import Documents

NAMES = ("path", "language", "repository")
_ROWS_AT_ONCE = 1 << 16


@dataclass(frozen=True)
class Members:
    """What was found, with the names of the members.

    Args:
        documents: The inputs.
        found: What `cluster_documents` returned.
        places: For each row of the inputs, its place among the members; for others of no meaning.
        names: `id` of each member, and its `path` where the inputs have it.
    """

    documents: Documents
    found: pa.Table
    places: npt.NDArray[np.int32]
    names: pa.Table

    def named(self, column: str, rows: npt.NDArray[np.int64]) -> Any:
        """Return the values of a column, `id` or one of `extra`, for some members' rows."""
        if (codes := self.documents.codes.get(column)) is not None:
            return codes.values.take(pa.array(codes.rows[rows]))
        return self.names.column(column).take(pa.array(self.places[rows]))

    def schema(self) -> pa.Schema:
        """Return the columns of `clusters.parquet`."""
        kind = self.documents.id_type
        fields = [("id", kind), ("cluster", kind), ("representative", kind)]
        fields += [("similarity", pa.float64()), ("kind", pa.string())]
        if "nearest_row" in self.found.column_names:
            fields += [("nearest", kind), ("nearest_similarity", pa.float64())]
        fields += [("file", pa.string()), ("row", pa.int64())]
        return pa.schema(fields + [(name, pa.large_string()) for name in self.extra()])

    def extra(self) -> Sequence[str]:
        """Return which of `path`, `language` and `repository` the inputs have."""
        return [name for name in NAMES if name in self.names.column_names or name in self.documents.codes]

    def batches(self) -> Iterator[pa.Table]:
        """Yield the rows of `clusters.parquet` in the order of what was found."""
        schema = self.schema()
        files = pa.array([source.file.name for source in self.documents.sources], pa.string())
        starts = np.array(self.documents.starts, np.int64)
        for start in range(0, self.found.num_rows, _ROWS_AT_ONCE):
            piece = self.found.slice(start, _ROWS_AT_ONCE)
            rows = _numbers(piece, "row")
            file = np.searchsorted(starts, rows, side="right") - 1
            columns = {
                "id": self.named("id", rows),
                "representative": (kept := self.named("id", _numbers(piece, "representative_row"))),
                "cluster": kept,
                "similarity": piece.column("similarity"),
                "kind": piece.column("kind"),
                "file": files.take(pa.array(file)),
                "row": pa.array(rows - starts[file]),
            }
            if "nearest_row" in piece.column_names:
                columns["nearest"] = self.named("id", _numbers(piece, "nearest_row"))
                columns["nearest_similarity"] = piece.column("nearest_similarity")
            columns |= {name: self.named(name, rows) for name in self.extra()}
            yield pa.table([columns[name] for name in schema.names], schema=schema)


def name_members(documents: Documents, found: pa.Table) -> Members:
    """Read the names of all members of clusters."""
    wanted = np.zeros(documents.count, bool)
    wanted[_numbers(found, "row")] = True
    columns = ["id", *(["path"] if documents.has("path") else [])]
    tables = [table for _, table in documents.batches(columns, wanted=wanted)] if found.num_rows else []
    fields = [(name, documents.id_type if name == "id" else pa.large_string()) for name in columns]
    names = pa.concat_tables(tables) if tables else pa.schema(fields).empty_table()
    return Members(documents, found, np.cumsum(wanted, dtype=np.int32) - np.int32(1), names.combine_chunks())


def _numbers(table: pa.Table, column: str) -> npt.NDArray[np.int64]:
    values: npt.NDArray[np.int64] = table.column(column).to_numpy()
    return values


def shown(value: Any) -> str:
    """Return an id as text, whatever its type; still not safe for a terminal or a page.

    Examples:
        >>> shown(7), shown("a"), shown(b"\\xff")
        ('7', 'a', '\\\\xff')
    """
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)
