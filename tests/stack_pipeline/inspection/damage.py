"""Damage a copy of a release in one way, and seal it again where the damage should not show in the hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import stack_native
from stack_pipeline.canonical import canonical_json, merkle_root
from stack_pipeline.storage import Storage
from stack_pipeline.tables.parquet import write_table

Row = dict[str, Any]
Manifest = dict[str, Any]

PYTHON = "data/python/train-00000-of-00001.parquet"


def table_name(table: str) -> str:
    return f"{table}/00000-of-00001.parquet"


def read_rows(release: Path, name: str) -> list[Row]:
    rows: list[Row] = pq.read_table(release / name).to_pylist()
    return rows


def change_manifest(release: Path, change: Callable[[Manifest], object]) -> None:
    """Change the manifest and let run.json name the new root."""
    manifest = json.loads((release / "manifest.json").read_bytes())
    change(manifest)
    write_manifest(release, canonical_json(manifest))


def write_manifest(release: Path, data: bytes) -> None:
    (release / "manifest.json").write_bytes(data)
    run = json.loads((release / "run.json").read_bytes())
    run["root"] = hashlib.sha256(data).hexdigest()
    (release / "run.json").write_text(json.dumps(run))


def change_rows(release: Path, name: str, change: Callable[[list[Row]], list[Row] | None]) -> None:
    """Rewrite a table, and make file entries and Merkle roots of the manifest right for it.

    Args:
        release: Folder of the release.
        name: Name of the file.
        change: Gets the rows; changes them in place, or returns others.
    """
    schema = pq.read_schema(release / name)
    rows = read_rows(release, name)
    changed = change(rows)
    rewrite(release, name, pa.Table.from_pylist(rows if changed is None else changed, schema=schema))


def rewrite(release: Path, name: str, table: pa.Table) -> None:
    """Write a table as a file, and seal the release again."""
    written = write_table(Storage(str(release)), name, table.schema, [table])
    facts: Row = {"rows": written.rows, "size_bytes": written.size_bytes}
    facts |= {"sha256": written.sha256, "logical": written.logical}

    def seal(manifest: Manifest) -> None:
        entry_of(manifest, name).update(facts)
        manifest["merkle_roots"] = merkle_roots(release)

    change_manifest(release, seal)


def entry_of(manifest: Manifest, name: str) -> Row:
    (entry,) = (entry for entry in manifest["files"] if entry["name"] == name)
    assert isinstance(entry, dict)
    return entry


def seal_bytes(release: Path, name: str) -> None:
    """Make size and SHA-256 of a file right in the manifest, nothing else."""
    data = (release / name).read_bytes()
    facts: Row = {"size_bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    change_manifest(release, lambda manifest: entry_of(manifest, name).update(facts))


def merkle_roots(release: Path) -> dict[str, str]:
    """Compute both roots with nothing but the documented leaves."""
    blobs = sorted(
        (row["content_id"], row["content_sha256"])
        for file in sorted(release.glob("data/*/*.parquet"))
        for row in pq.read_table(
            file, columns=["content_id", "content_sha256"], partitioning=None
        ).to_pylist()
    )
    leaves = []
    for row in read_rows(release, table_name("origins")):
        head = f"{row['content_id']}\0{row['repository_id']}\0{row['revision_id']}\0".encode()
        leaves.append(hashlib.sha256(head + row["path_bytes"]).digest())
    return {"blobs": merkle_root(f"{i} {d}".encode() for i, d in blobs), "origins": merkle_root(leaves)}


def set_text(row: Row, text: str) -> None:
    """Give a training row another text with all that is measured of it, but its ids."""
    data = text.encode()
    row.update(content=text, content_sha256=hashlib.sha256(data).hexdigest(), length_bytes=len(data))
    row.update(pa.table(stack_native.line_statistics(pa.array([text], pa.large_string()))).to_pylist()[0])
