"""Snapshots of repositories rows, committed as an ingest commits them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from stack_pipeline.canonical import canonical_json
from stack_pipeline.corpus import Corpus
from stack_pipeline.tables.parquet import write_table
from stack_pipeline.tables.schema import LAYOUT, REPOSITORIES


def repository_row(name: str, **values: Any) -> dict[str, Any]:
    """Return a row of the repositories table; its identity follows from `id`, else from the name."""
    plain: dict[str, Any] = dict.fromkeys(REPOSITORIES.names)
    plain |= {"host": "github.com", "full_name": name, "identity": "listed", "status": "read", "snapshot": 1}
    plain |= {"commit": "0" * 40, "rules": "r1"} | values
    by_id = f"{plain['host']}/id/{plain['id']}"
    by_name = f"{plain['host']}/name/{name.lower()}"
    return {"repository": by_name if plain["id"] is None else by_id} | {
        key: value for key, value in plain.items() if key != "repository" or value is not None
    }


def commit_snapshot(corpus: Corpus, number: int, rows: list[dict[str, Any]], **manifest: Any) -> None:
    """Write a snapshot that holds only repositories."""
    name = f"snapshots/{number}/repositories/all.parquet"
    table = pa.Table.from_pylist(rows, schema=REPOSITORIES)
    written = write_table(corpus.storage, name, REPOSITORIES, [table])
    ref = {"kind": "repositories", "root": "corpus", "name": name, "rows": written.rows}
    ref |= {"size_bytes": written.size_bytes, "sha256": written.sha256, "logical": written.logical}
    value = {"layout": list(LAYOUT), "snapshot": number, "files": [ref]} | manifest
    corpus.storage.write_bytes(f"snapshots/{number}/manifest.json", canonical_json(value))
