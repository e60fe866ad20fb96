"""Commit a snapshot: its small tables, and last its manifest, which names every file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from stack_pipeline.accounting import Account
from stack_pipeline.canonical import canonical_json
from stack_pipeline.errors import RunFailed
from stack_pipeline.jobs import FileRef, Job, Stage, Task
from stack_pipeline.reasons import FAILURES
from stack_pipeline.tables.schema import LAYOUT, LICENSES, REPOSITORIES, WITHHELD
from stack_pipeline.tasks import Finished, TaskContext
from stack_pipeline.versions import ingest_versions


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan the one task that makes the snapshot count."""
    account = finished.account("read_files")
    repositories = finished.account("decide_opt_outs")
    inputs = (
        *finished.files("decide_opt_outs", "repositories"),
        *finished.files("decide_opt_outs", "withheld"),
        *finished.files("read_licenses", "licenses"),
        *finished.files("merge_snapshot", "origins"),
        *finished.files("merge_snapshot", "contents"),
    )
    params = {
        "snapshot": job.snapshot,
        "origins": account.to_json(),
        "repositories": repositories.to_json(),
        "sources_digest": sources_digest(job),
    }
    return [Task("commit_snapshot", "all", params, inputs)]


def sources_digest(job: Job) -> str:
    """Return the digest of all that an ingest depends on: the same digest needs no second ingest."""
    from dataclasses import asdict

    from stack_pipeline.canonical import digest_of

    sources = [{key: value for key, value in asdict(s).items() if key != "location"} for s in job.sources]
    return digest_of(
        {"sources": sources, "versions": ingest_versions(), "recipe": job.recipe_slice(("ingest", "optout"))}
    )


def run(context: TaskContext) -> None:
    """Write repositories, licences and withheld hashes, then the manifest.

    Raises:
        RunFailed: If more listed blobs are damaged than `engine.max_failed_share` allows, or origins were lost.
    """
    params = context.task.params
    account = Account.from_json(params["origins"])
    check_failures(account, context.job.recipe.engine.max_failed_share)
    merged = sum(ref.rows for ref in context.task.files("origins"))
    if merged != account.taken_in.files:
        raise RunFailed(
            f"merge_snapshot has {merged} origins of {account.taken_in.files}", hint="run it again"
        )
    folder = f"snapshots/{params['snapshot']}"
    files = [*context.task.files("origins"), *context.task.files("contents")]
    for kind, schema, batches in (
        ("repositories", REPOSITORIES, _read_each(context, "repositories")),
        ("withheld", WITHHELD, _read_each(context, "withheld")),
        ("licenses", LICENSES, _distinct_licenses(context)),
    ):
        files.append(context.write(kind, schema, batches, root="corpus", name=f"{folder}/{kind}/all.parquet"))
    manifest = {
        "layout": list(LAYOUT),
        "snapshot": params["snapshot"],
        "key_id": context.job.key_id,
        "versions": ingest_versions(),
        "recipe": context.job.recipe_slice(("ingest", "optout")),
        "sources_digest": params["sources_digest"],
        "repositories": params["repositories"],
        "origins": params["origins"],
        "files": [_named(ref) for ref in files],
    }
    context.write_file("manifest", canonical_json(manifest), root="corpus", name=f"{folder}/manifest.json")


def _named(ref: FileRef) -> dict[str, Any]:
    return {
        "kind": ref.kind,
        "root": "corpus",
        "name": ref.name,
        "rows": ref.rows,
        "size_bytes": ref.size_bytes,
        "sha256": ref.sha256,
        "logical": ref.logical,
    }


def _read_each(context: TaskContext, kind: str) -> Iterator[pa.Table]:
    for ref in context.task.files(kind):
        yield from context.iter(ref)


def _distinct_licenses(context: TaskContext) -> pa.Table:
    texts = {
        row["id"]: row for ref in context.task.files("licenses") for row in context.read(ref).to_pylist()
    }
    return pa.Table.from_pylist([texts[identity] for identity in sorted(texts)], schema=LICENSES)


def check_failures(account: Account, most: float) -> None:
    """Raise if too many listed blobs are damaged.

    Raises:
        RunFailed: With the figures and the key that allows more.
    """
    failed = sum(tally.files for reason, tally in account.dropped.items() if reason in FAILURES)
    if failed > most * max(1, account.taken_in.files):
        raise RunFailed(
            f"{failed} of {account.taken_in.files} listed files are missing or damaged in their repositories",
            hint=f"clone them again, or raise engine.max_failed_share (now {most})",
        )


STAGE = Stage("commit_snapshot", 1, plan, run, sections=("ingest", "optout"), versions=ingest_versions)
