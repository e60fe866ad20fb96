"""Read the licence files, manifests and REUSE statements of each repository and match their texts."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from stack_pipeline.files import decode
from stack_pipeline.ingest.list_trees import TREE
from stack_pipeline.jobs import FileRef, Job, Stage, Task
from stack_pipeline.licenses import LicenseMatcher, RepositoryLicenses, is_evidence
from stack_pipeline.sources import GitRepository, path_problem
from stack_pipeline.tables.parquet import read_table
from stack_pipeline.tables.schema import LICENSES
from stack_pipeline.tasks import Finished, TaskContext
from stack_pipeline.versions import ingest_versions

EVIDENCE = pa.schema(
    [
        pa.field("repository", pa.string()),
        pa.field("commit", pa.string()),
        pa.field("path_bytes", pa.binary()),
        pa.field("text", pa.large_string()),
    ]
)
MAX_EVIDENCE_BYTES = 1 << 20
_REGULAR_FILE = 0o100000


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan a task per listed group of repositories that has one to read."""
    (ref,) = finished.files("decide_opt_outs", "repositories")
    rows = read_table(job.storage(ref.root), ref.name).to_pylist()
    wanted = {
        row["repository"]: row for row in rows if row["status"] == "read" and row["snapshot"] == job.snapshot
    }
    locations = {source.key: source.location for source in job.sources}
    tasks = []
    for record in finished.records("list_trees"):
        (tree,) = (output for output in record.outputs if output.kind == "tree")
        (listed,) = (output for output in record.outputs if output.kind == "repositories")
        names = read_table(
            job.storage(listed.root), listed.name, columns=["repository", "commit"]
        ).to_pylist()
        group = [
            [row["repository"], row["commit"], wanted[row["repository"]]["license_spdx_id"]]
            for row in names
            if row["repository"] in wanted
        ]
        if group:
            local = (("locations", {name: locations[name] for name, _, _ in group}),)
            tasks.append(Task("read_licenses", record.name, {"repositories": group}, (tree,), local))
    return tasks


def run(context: TaskContext) -> None:
    """Write the texts of the evidence, and a row per distinct licence text."""
    (tree,) = context.task.files("tree")
    rows: list[dict[str, Any]] = []
    texts: dict[str, dict[str, Any]] = {}
    for repository, commit, spdx_id in context.task.params["repositories"]:
        evidence = _read(context, tree, repository, commit, context.local["locations"][repository])
        rows += [
            {"repository": repository, "commit": commit, "path_bytes": path, "text": text}
            for path, text in sorted(evidence.items())
        ]
        licenses = RepositoryLicenses.build(evidence, spdx_id=spdx_id, matcher=_matcher())
        for text in licenses.texts:
            texts[text.id] = {name: getattr(text, name) for name in LICENSES.names}
    ref = context.write("evidence", EVIDENCE, pa.Table.from_pylist(rows, schema=EVIDENCE))
    ordered = [texts[identity] for identity in sorted(texts)]
    context.write("licenses", LICENSES, pa.Table.from_pylist(ordered, schema=LICENSES))
    pairs = [[repository, commit] for repository, commit, _ in context.task.params["repositories"]]
    context.facts = {"repositories": pairs, "evidence": ref.name}


def _read(
    context: TaskContext, tree: FileRef, repository: str, commit: str, location: str
) -> dict[bytes, str]:
    """Return the decoded evidence files of one commit, by path."""
    bounds = (repository, repository + "\0")
    entries: dict[str, list[bytes]] = {}
    for table in context.iter(tree, columns=TREE.names, key="repository", bounds=bounds):
        rows = table.filter(pc.equal(table.column("commit"), commit)).select(
            ["path_bytes", "mode", "oid", "size_bytes"]
        )
        for path, mode, oid, size in zip(*(column.to_pylist() for column in rows.columns), strict=True):
            regular = mode & 0o170000 == _REGULAR_FILE and path_problem(path) is None
            if regular and size is not None and size <= MAX_EVIDENCE_BYTES and is_evidence(path):
                entries.setdefault(oid, []).append(path)
    found: dict[bytes, str] = {}
    if not entries:
        return found
    with GitRepository(location) as git:
        for oid, data in git.blobs(list(entries), max_bytes=MAX_EVIDENCE_BYTES):
            decoded = decode(data) if data else None
            if decoded is not None:
                found |= dict.fromkeys(entries[oid], decoded.text)
    return found


@lru_cache(maxsize=1)
def _matcher() -> LicenseMatcher:
    return LicenseMatcher()


def licenses_of(
    context: TaskContext, repository: str, commit: str, spdx_id: str | None
) -> RepositoryLicenses:
    """Return the licences of one repository out of the evidence files among a task's inputs."""
    bounds = (repository, repository + "\0")
    evidence: dict[bytes, str] = {}
    for ref in context.task.files("evidence"):
        for row in context.read(ref, key="repository", bounds=bounds).to_pylist():
            if row["commit"] == commit:
                evidence[row["path_bytes"]] = row["text"]
    return RepositoryLicenses.build(evidence, spdx_id=spdx_id, matcher=_matcher())


STAGE = Stage("read_licenses", 1, plan, run, versions=ingest_versions)
