"""The door: opt-out and personal data are checked once more on the files that are about to be published."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

import pii
from optout import path_rules_for
from stack_pipeline.corpus import open_corpus
from stack_pipeline.corpus.blob_hashes import corpus_blob_hashes
from stack_pipeline.errors import RunFailed
from stack_pipeline.jobs import FileRef, Job, Stage, Task
from stack_pipeline.opt_outs import decide_repositories, repository_facts
from stack_pipeline.release.name_rows import published_repository_id
from stack_pipeline.release.publishing import Publisher, redaction_versions
from stack_pipeline.release.work_tables import PUBLISHED_IDS
from stack_pipeline.tables.schema import RELEASE_TABLES
from stack_pipeline.tasks import Finished, TaskContext

SCANNED_COLUMNS = {
    "data": ("content", "repo_name", "path", "branch_name", "license_path"),
    "origins": ("repository_id", "repo_name", "path", "license_path"),
    "repositories": ("repository_id", "repo_name", "branch_name"),
    "licenses": ("text",),
}
"""The published strings that come from repositories."""

PUBLISHED = ("data", *RELEASE_TABLES)


def published_files(finished: Finished) -> list[FileRef]:
    """Return every published table file, in order of kind and name."""
    refs = [
        ref
        for stage in ("assemble", "describe_sources")
        for kind in PUBLISHED
        for ref in finished.files(stage, kind)
    ]
    return sorted(refs, key=lambda ref: (PUBLISHED.index(ref.kind), ref.name))


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan a task per published file with strings of repositories."""
    view = finished.files("take_view", "view")
    ids = finished.files("redact_blobs", "ids")
    tasks = []
    for ref in published_files(finished):
        if ref.kind in SCANNED_COLUMNS:
            extra = (*view, *ids) if ref.kind == "origins" else ()
            tasks.append(
                Task("check_release", ref.name.replace("/", "-"), {"table": ref.kind}, (ref, *extra))
            )
    return tasks


def run(context: TaskContext) -> None:
    """Scan one file.

    Raises:
        RunFailed: If anything is found; what was found is not shown.
    """
    kind = context.task.params["table"]
    (ref,) = context.task.files(kind)
    if context.job.recipe.redact.enabled:
        found = count_findings(context.iter(ref, columns=list(SCANNED_COLUMNS[kind])))
        if found:
            raise RunFailed(
                f"{ref.name}: the last check found {found} places with personal data or secrets",
                hint="this is a fault of the redaction; the release is not published",
            )
    if kind == "origins":
        _check_opt_outs(context, ref)
    context.facts = {"rows": ref.rows}


def count_findings(tables: Any) -> int:
    """Count what the finder still finds in published strings; equal strings are scanned once."""
    found = 0
    seen: set[str] = set()
    for table in tables:
        for name in table.column_names:
            for text in table[name].to_pylist():
                if text is None or (name not in ("content", "text") and text in seen):
                    continue
                if name not in ("content", "text"):
                    seen.add(text)
                found += len(pii.find(text, policy="redact"))
    return found


def _check_opt_outs(context: TaskContext, ref: FileRef) -> None:
    """Match every published origin against the rules anew."""
    rules = context.job.rules()
    if not rules.rules:
        return
    publisher = Publisher(context.job.recipe, context.job.keys())
    (view,) = context.task.files("view")
    rows = context.read(view).to_pylist()
    decisions = decide_repositories(rows, rules, corpus_blob_hashes(open_corpus(context.job.corpus), rows))
    facts = {published_repository_id(publisher, row["repository"]): row for row in rows}
    originals = _originals(context)
    for table in context.iter(ref, columns=["content_id", "repository_id", "path_bytes", "path_redacted"]):
        for origin in table.to_pylist():
            row = facts[origin["repository_id"]]
            named = decisions[row["repository"]].opted_out
            paths = path_rules_for(rules, repository_facts(row))
            matched = (
                paths is not None
                and not origin["path_redacted"]
                and paths.match(origin["path_bytes"]) is not None
            )
            if named or matched or rules.blob_rule(originals[origin["content_id"]]) is not None:
                raise RunFailed(
                    f"{ref.name}: the last check found an origin that is opted out",
                    hint="this is a fault of the program; the release is not published",
                )


def _originals(context: TaskContext) -> dict[str, str]:
    """Map published ids back to content ids."""
    ids = context.read_all(context.task.files("ids"), PUBLISHED_IDS)
    columns: list[pa.ChunkedArray] = [ids["published_id"], ids["content_id"]]
    return dict(zip(*(column.to_pylist() for column in columns), strict=True))


STAGE = Stage("check_release", 1, plan, run, sections=("optout", "redact"), versions=redaction_versions)
