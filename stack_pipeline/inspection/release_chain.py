"""Chains that the release alone can tell: of published rows and of the origins that stand beside them."""

from __future__ import annotations

from typing import Any

from stack_pipeline.inspection.blob_chain import BlobFate, blob_fate, published_as
from stack_pipeline.inspection.evidence import license_evidence
from stack_pipeline.inspection.explanation import LISTED, PUBLISHED, UNKNOWN, Chain, Step
from stack_pipeline.inspection.published import Release
from stack_pipeline.opt_outs import iso_date

MAX_ORIGINS = 20
"""Origins shown of one published row; their number is always whole."""

Row = dict[str, Any]


def path_chains(release: Release, name: str, path: bytes) -> tuple[Chain, ...]:
    """Return a chain per published origin of a repository under a path."""
    shown = path.decode("utf-8", "replace")
    origins = [row for row in _origins_of(release, name) if row["path_bytes"] == path or row["path"] == shown]
    return tuple(_origin_chain(release, release.rows("origins", row["content_id"]), row) for row in origins)


def published_chain(release: Release, content_id: str) -> Chain | None:
    """Return the chain of a published id, None if the release does not know it."""
    blob = blob_fate(release, content_id)
    if blob.fate == UNKNOWN:
        return None
    origins = release.rows("origins", content_id)
    if not origins:
        return Chain(content_id, blob.fate, blob.steps)
    shown = [
        {"repo_name": row["repo_name"], "path": row["path"], "license_type": row["license_type"]}
        | ({"elected": True} if row["is_representative"] else {})
        for row in sorted(origins, key=lambda row: not row["is_representative"])[:MAX_ORIGINS]
    ]
    step = Step("judge_origins", "kept", None, {"origins": len(origins), "first": shown})
    return Chain(content_id, blob.fate, (step, *blob.steps))


def repository_answer(release: Release, name: str) -> tuple[tuple[Chain, ...], tuple[Row, ...]]:
    """Return a chain per published repository of a name, and its files by fate."""
    chains: list[Chain] = []
    for row in _repositories(release, name):
        evidence = {key: row[key] for key in ("repository_id", "identity", "branch_name", "revision_id")}
        evidence["committer_date"] = iso_date(row["committer_date"])
        chains.append(Chain(row["repo_name"], "read", (Step("ingest", "read", None, evidence),)))
    if not chains:
        return (), ()
    counts: dict[tuple[str, str], int] = {}
    for origin in _origins_of(release, name, columns=["is_representative"]):
        key = (origin["repo_name"], PUBLISHED if origin["is_representative"] else LISTED)
        counts[key] = counts.get(key, 0) + 1
    rows = (
        {"repository": repo, "stage": "publish", "fate": fate, "files": n}
        for (repo, fate), n in sorted(counts.items())
    )
    return tuple(chains), tuple(rows)


def _origin_chain(release: Release, siblings: list[Row], origin: Row) -> Chain:
    subject = f"{origin['repo_name']}:{origin['path']}"
    evidence = {
        "commit": origin["revision_id"],
        "language": origin["language"],
        "license": license_evidence(origin),
    }
    read = Step("ingest", "kept", None, evidence)
    blob: BlobFate = blob_fate(release, origin["content_id"])
    if origin["is_representative"]:
        judged = Step(
            "judge_origins", "kept", None, {"license_type": origin["license_type"], "origins": len(siblings)}
        )
        return Chain(subject, PUBLISHED, (read, judged, *blob.steps))
    kept = published_as(release, origin["content_id"])
    evidence = {"because": "another origin of the same text was elected", "kept": kept}
    judged = Step("judge_origins", "judged", None, {"license_type": origin["license_type"]})
    return Chain(
        subject, LISTED, (read, judged, Step("publish", "listed beside the published row", None, evidence))
    )


def _repositories(release: Release, name: str) -> list[Row]:
    columns = [
        "repository_id",
        "host",
        "repo_name",
        "identity",
        "branch_name",
        "revision_id",
        "committer_date",
    ]
    rows = [row for batch in release.batches("repositories", columns=columns) for row in batch.to_pylist()]
    return [row for row in rows if name in _names(row)]


def _names(row: Row) -> set[str]:
    repo_name = row["repo_name"].lower()
    return {row["repository_id"].lower(), repo_name, f"{row['host'] or 'local'}/{repo_name}"}


def _origins_of(release: Release, name: str, *, columns: list[str] | None = None) -> list[Row]:
    """Return the published origins of the repositories of a name."""
    ids = {row["repository_id"] for row in _repositories(release, name)}
    wanted = None if columns is None else ["repo_name", *columns]
    return release.rows_where("origins", "repository_id", ids, columns=wanted) if ids else []
