"""Explain a cluster: its members, and how two of them differ, from the inputs that the run read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dedup import shingles
from stack_pipeline.errors import RunFailed, UsageError
from stack_pipeline.near_dedup.input_files import find_named
from stack_pipeline.near_dedup.json_lines import JsonLines
from stack_pipeline.near_dedup.line_diff import unified_diff
from stack_pipeline.near_dedup.members import shown
from stack_pipeline.near_dedup.outputs import file_identity, read_manifest
from stack_pipeline.near_dedup.parquet_source import ParquetSource

MOST_LINES = 2_000
MOST_CHARACTERS = 500
_LISTED = ("id", "kind", "similarity", "nearest", "nearest_similarity", "language", "repository", "path")


@dataclass(frozen=True)
class Comparison:
    """Two members beside each other.

    Attributes:
        left: Id of the one; for a file that goes, the kept one.
        right: Id of the other.
        left_shingles: Distinct shingles of the one.
        right_shingles: Distinct shingles of the other.
        shared: Distinct shingles of both.
        jaccard: Shared among all.
        containment: Shared among those of the smaller.
        diff: Lines of a unified diff, long ones and long diffs cut; not safe for a terminal.
    """

    left: str
    right: str
    left_shingles: int
    right_shingles: int
    shared: int
    jaccard: float
    containment: float
    diff: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    """A cluster, and two of its members compared.

    Attributes:
        cluster: Its id, that of the kept file.
        members: A row per member, the kept one first.
        compared: None where there are not two members.
    """

    cluster: str
    members: list[dict[str, Any]]
    compared: Comparison | None

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "cluster": self.cluster,
            "members": self.members,
            "compared": None if self.compared is None else asdict(self.compared),
        }


def explain_member(folder: Path, what: str, *, other: str | None = None) -> Explanation | None:
    """Explain the cluster of a file.

    Args:
        folder: Output of a run.
        what: An id; a cluster is named by the id of its kept file.
        other: The member to compare it with; by default the kept one, and for the kept one the least similar.

    Returns:
        None if the file is in no cluster.

    Raises:
        UsageError: If there is no run in the folder, or `other` is in another cluster.
        RunFailed: If an input is gone or was changed.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        raise UsageError(f"{folder}: no output of dedup here", hint="stack-pipeline dedup INPUT --output DIR")
    cluster = _cluster_of(folder / "clusters.parquet", what)
    if cluster is None:
        return None
    ids = [shown(value) for value in cluster.column("id").to_pylist()]
    left, right = _chosen(cluster, ids, what, other)
    members = _member_rows(cluster, ids)
    compared = None if left == right else _compare(manifest, cluster, ids, left, right)
    return Explanation(shown(cluster.column("cluster")[0].as_py()), members, compared)


def is_kept(folder: Path, what: str) -> bool:
    """Whether a file of an id is on the keep list of a run; a run that was stopped has none."""
    path = folder / "keep.parquet"
    if not path.is_file():
        return False
    try:
        ids = pq.read_table(path, columns=["id"]).column("id")
    except (OSError, pa.ArrowException):
        raise RunFailed(f"{path}: this file is damaged", hint="run dedup again") from None
    return bool(pc.index(ids, _scalar(what, ids.type)).as_py() >= 0)


def _cluster_of(path: Path, what: str) -> pa.Table | None:
    """Return the rows of the cluster that an id belongs to; of the ids alone everything is read."""
    try:
        ids = pq.read_table(path, columns=["id"]).column("id")
        row = pc.index(ids, _scalar(what, ids.type)).as_py()
        if row < 0:
            return None
        clusters = pq.read_table(path, columns=["cluster"]).column("cluster")
        rows = pc.indices_nonzero(pc.equal(clusters, clusters[row]))
        return pq.read_table(path).take(rows).combine_chunks()
    except (OSError, pa.ArrowException):
        raise RunFailed(f"{path}: this file is damaged or gone", hint="run dedup again") from None


def _scalar(what: str, kind: pa.DataType) -> pa.Scalar:
    if pa.types.is_integer(kind):
        try:
            return pa.scalar(int(what), kind)
        except (ValueError, OverflowError, pa.ArrowInvalid):
            return pa.scalar(None, kind)
    value = what.encode("utf-8", "surrogateescape")
    return pa.scalar(value, kind) if pa.types.is_large_binary(kind) else pa.scalar(what, kind)


def _chosen(cluster: pa.Table, ids: Sequence[str], what: str, other: str | None) -> tuple[int, int]:
    """Return the rows to compare, the kept one to the left."""
    named = ids.index(what) if what in ids else 0
    if other is not None:
        if other not in ids:
            raise UsageError(f"{other}: not in the cluster of {what}", hint="see its members without --with")
        return named, ids.index(other)
    kept = cluster.column("kind").to_pylist().index("kept")
    if named == kept:
        similarity = cluster.column("similarity").to_numpy()
        return kept, int(np.argmin(similarity)) if similarity.min() < 1 else (kept + 1) % len(ids)
    return kept, named


def _member_rows(cluster: pa.Table, ids: Sequence[str]) -> list[dict[str, Any]]:
    columns = {name: cluster.column(name).to_pylist() for name in _LISTED if name in cluster.column_names}
    columns["id"] = list(ids)
    if "nearest" in columns:
        columns["nearest"] = [None if value is None else shown(value) for value in columns["nearest"]]
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _compare(
    manifest: dict[str, Any], cluster: pa.Table, ids: Sequence[str], left: int, right: int
) -> Comparison:
    one, two = (_text(manifest, cluster, row) for row in (left, right))
    ngram = int(manifest["settings"]["clusters"]["ngram"])
    ours, theirs = set(shingles(one, ngram=ngram)), set(shingles(two, ngram=ngram))
    shared, least = len(ours & theirs), min(len(ours), len(theirs))
    diff = unified_diff(_lines(one), _lines(two), names=(ids[left], ids[right]))
    if len(diff) > MOST_LINES:
        diff = [*diff[:MOST_LINES], f"@@ {len(diff) - MOST_LINES:,} more lines @@"]
    return Comparison(
        left=ids[left],
        right=ids[right],
        left_shingles=len(ours),
        right_shingles=len(theirs),
        shared=shared,
        jaccard=shared / len(ours | theirs) if ours | theirs else 0.0,
        containment=shared / least if least else 0.0,
        diff=tuple(line if len(line) <= MOST_CHARACTERS else f"{line[:MOST_CHARACTERS]}…" for line in diff),
    )


def _lines(text: bytes) -> list[str]:
    return text.decode("utf-8", "backslashreplace").split("\n")


def _text(manifest: dict[str, Any], cluster: pa.Table, row: int) -> bytes:
    """Read the text of a member from its input, which has to be the file that the run read."""
    name, place = cluster.column("file")[row].as_py(), cluster.column("row")[row].as_py()
    index = next((i for i, entry in enumerate(manifest["inputs"]) if entry["name"] == name), None)
    if index is None:
        raise RunFailed(f"{name}: the manifest does not name this input", hint="run dedup again")
    entry = manifest["inputs"][index]
    file = find_named(name)
    if file is None:
        raise RunFailed(f"{name}: this input is gone", hint="explain from the folder where dedup ran")
    if file_identity(file.path, name=name) != {key: entry[key] for key in ("size_bytes", "sha256")}:
        raise RunFailed(f"{name}: this input was changed since", hint="run dedup again")
    source = ParquetSource(file) if file.kind == "parquet" else JsonLines(file)
    wanted = np.zeros(entry["rows"], bool)
    wanted[place] = True
    for _, arrays in source.read({"text": manifest["columns"][index]["text"]}, wanted):
        return arrays["text"][0].as_py() or b""
    raise RunFailed(f"{name}: row {place} is gone", hint="run dedup again")
