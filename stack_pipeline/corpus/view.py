"""The view: the newest row of each (repository, requested ref) over all snapshots."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from stack_pipeline.corpus.layout import Corpus, Snapshot
from stack_pipeline.errors import UsageError
from stack_pipeline.tables.parquet import read_table
from stack_pipeline.tables.schema import REPOSITORIES


def repository_rows(corpus: Corpus, snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return the rows of a snapshot's repositories table."""
    rows: list[dict[str, Any]] = []
    for ref in snapshot.files("repositories"):
        table = read_table(corpus.storage, ref.name)
        rows += table.select([name for name in REPOSITORIES.names if name in table.column_names]).to_pylist()
    return rows


def newest_rows(corpus: Corpus, *, up_to: int | None = None) -> list[dict[str, Any]]:
    """Return the newest row of each (repository, ref), sorted by both.

    A numeric id takes over the rows that stood under the same name without one.

    Args:
        corpus: The corpus.
        up_to: The last snapshot to look at; all by default.
    """
    newest: dict[tuple[str, str], dict[str, Any]] = {}
    for snapshot in corpus.snapshots():
        if up_to is not None and snapshot.number > up_to:
            continue
        for row in repository_rows(corpus, snapshot):
            newest[view_key(row)] = row
            if row["id"] is not None:
                by_name = {**row, "repository": f"{row['host']}/name/{row['full_name'].lower()}"}
                newest.pop(view_key(by_name), None)
    return [newest[key] for key in sorted(newest)]


def view_key(row: dict[str, Any]) -> tuple[str, str]:
    """Return what a view has one row of."""
    return row["repository"], row["ref"] or ""


def check_one_rule_version(rows: list[dict[str, Any]]) -> None:
    """Refuse a view whose repositories were read under different ingest rules.

    Raises:
        UsageError: With the way out.
    """
    versions = {row["rules"] for row in rows if row["status"] == "read"}
    if len(versions) > 1:
        raise UsageError(
            f"the corpus holds repositories read under {len(versions)} versions of the ingest rules",
            hint="ingest all sources again with this version and one recipe; unchanged blobs are not stored twice",
        )


def logical_rows(rows: list[dict[str, Any]]) -> pa.Table:
    """Return the view as a table without the snapshot numbers, which say how it was read, not what."""
    plain = [{key: value for key, value in row.items() if key != "snapshot"} for row in rows]
    schema = pa.schema([field for field in REPOSITORIES if field.name != "snapshot"])
    return pa.Table.from_pylist(plain, schema=schema)
