"""Publish: balance all accounts, build the Merkle roots, write card and manifest, the manifest last."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pyarrow as pa

from stack_pipeline import __version__
from stack_pipeline.accounting import check_handover
from stack_pipeline.canonical import canonical_json, merkle_root
from stack_pipeline.card import write_card
from stack_pipeline.errors import RunFailed
from stack_pipeline.jobs import FileRef, Job, Stage, Task
from stack_pipeline.manifest import MANIFEST_NAME, manifest_bytes, manifest_root
from stack_pipeline.recipe import canonical_recipe
from stack_pipeline.release.check_release import published_files
from stack_pipeline.release.work_tables import JUDGED_ORIGINS, PUBLISHED_IDS
from stack_pipeline.tasks import Finished, TaskContext
from stack_pipeline.versions import all_versions

ACCOUNTED = (
    *("take_view", "judge_origins", "exact_dedup", "filter_blobs", "choose_representatives", "redact_blobs"),
)
UNFINISHED_NAME = "unfinished.json"


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan the one task that makes the release count."""
    stages = [{"stage": name, **finished.account(name).to_json()} for name in ACCOUNTED]
    _check_handovers(stages)
    files = published_files(finished)
    params = {
        "stages": stages,
        "files": [[ref.kind, ref.name] for ref in files],
        "input_digest": finished.facts("take_view")[0]["input_digest"],
        "notes": {
            "unchecked_forks": finished.facts("take_view")[0]["unchecked_forks"],
            "truncated_buckets": sum(facts["truncated_buckets"] for facts in finished.facts("propose_pairs")),
            "near_dedup_alarms": finished.facts("choose_representatives")[0]["alarms"],
        },
    }
    inputs = (
        *files,
        *finished.files("redact_blobs", "ids"),
        *(_work(r, "judged") for r in finished.files("judge_origins", "origins")),
    )
    return [Task("publish", "all", params, inputs)]


def _work(ref: FileRef, kind: str) -> FileRef:
    return FileRef(kind, ref.root, ref.name, ref.rows, ref.size_bytes, ref.sha256, ref.logical)


def _check_handovers(stages: list[dict[str, Any]]) -> None:
    """Check that each stage took in what the one before it kept, from origins on."""
    for before, after in pairwise(stages[1:]):
        check_handover(
            before["stage"], kept=before["kept"][0], next_stage=after["stage"], taken_in=after["in"][0]
        )
    if stages[-1]["kept"][0] == 0:
        raise RunFailed(
            "nothing is kept: no file passed all stages",
            hint="see the reasons above, and the recipe's [select] and [licenses]",
        )


def run(context: TaskContext) -> None:
    """Write the corpus's own record, the card, and the manifest.

    Raises:
        RunFailed: If the published tables do not hold what the accounts say.
    """
    params, job = context.task.params, context.job
    files = [ref for ref in context.task.inputs if [ref.kind, ref.name] in params["files"]]
    rows = {kind: sum(ref.rows for ref in files if ref.kind == kind) for kind in ("data", "origins")}
    kept = params["stages"][-1]["kept"][0]
    if rows["data"] != kept:
        raise RunFailed(
            f"{rows['data']} rows are published but {kept} blobs were kept", hint="run the build again"
        )
    data = manifest_bytes(
        recipe=canonical_recipe(job.recipe, optout_digest=job.rules_digest),
        input_digest=params["input_digest"],
        key_id=job.key_id,
        key_is_public=job.keys().is_public,
        versions=release_versions(),
        stages=params["stages"],
        files=files,
        merkle_roots={
            "blobs": merkle_root(_blob_leaves(context, files)),
            "origins": merkle_root(_origin_leaves(context, files)),
        },
        notes=params["notes"],
    )
    root = manifest_root(data)
    _keep_private_record(context, root)
    write_card(job.storage("output"), data)
    context.write_file("manifest", data, root="output", name=MANIFEST_NAME)
    context.facts = {"root": root}


def release_versions() -> dict[str, str]:
    """Return the name and version of everything that shapes a release."""
    return {**all_versions(), "pyarrow": pa.__version__, "stack-pipeline": __version__}


def _blob_leaves(context: TaskContext, files: list[FileRef]) -> Iterator[bytes]:
    """Yield a leaf per published blob, by published id: the id and the digest of the published text."""
    columns = ["content_id", "content_sha256"]
    tables = [context.read(ref, columns=columns) for ref in files if ref.kind == "data"]
    table = pa.concat_tables(tables).sort_by("content_id")
    for content_id, digest in zip(*(table[name].to_pylist() for name in columns), strict=True):
        yield f"{content_id} {digest}".encode()


def _origin_leaves(context: TaskContext, files: list[FileRef]) -> Iterator[bytes]:
    """Yield a leaf per published origin, in the table's order: blob, repository, commit, path."""
    columns = ["content_id", "repository_id", "revision_id", "path_bytes"]
    for ref in files:
        if ref.kind == "origins":
            for table in context.iter(ref, columns=columns):
                for content_id, repository, commit, path in zip(
                    *(table[name].to_pylist() for name in columns), strict=True
                ):
                    leaf = hashlib.sha256(f"{content_id}\0{repository}\0{commit}\0".encode() + path)
                    yield leaf.digest()


def _keep_private_record(context: TaskContext, root: str) -> None:
    """Keep all decisions with names, and the map of published ids, in the corpus."""
    folder = f"releases/{root}"
    for kind, schema, name in (("judged", JUDGED_ORIGINS, "origins"), ("ids", PUBLISHED_IDS, "ids")):
        tables = (table for ref in context.task.files(kind) for table in context.iter(ref))
        context.write(f"private_{name}", schema, tables, root="corpus", name=f"{folder}/{name}.parquet")
    record = {"root": root, "snapshot": context.job.snapshot}
    context.job.storage("corpus").write_bytes(f"{folder}/release.json", canonical_json(record))


STAGE = Stage(
    "publish",
    1,
    plan,
    run,
    sections=("ingest", "optout", "licenses", "select", "near_dedup", "redact", "release"),
    versions=release_versions,
)
