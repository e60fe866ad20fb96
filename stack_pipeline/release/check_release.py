"""The door: opt-out and personal data are checked once more on the files that are about to be published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa

import pii
from optout import path_rules_for
from stack_pipeline.corpus import open_corpus
from stack_pipeline.corpus.blob_hashes import corpus_blob_hashes
from stack_pipeline.errors import RunFailed
from stack_pipeline.jobs import FileRef, Job, Stage, Task
from stack_pipeline.opt_outs import decide_repositories, repository_facts
from stack_pipeline.recipe import Recipe
from stack_pipeline.release.name_rows import published_repository_id
from stack_pipeline.release.publishing import Publisher
from stack_pipeline.release.work_tables import PUBLISHED_IDS
from stack_pipeline.tables.schema import RELEASE_TABLES
from stack_pipeline.tasks import Finished, TaskContext
from stack_pipeline.versions import versions_of

SCANNED_COLUMNS = {
    "data": ("content", "repo_name", "path", "branch_name", "license_path"),
    "origins": ("repository_id", "repo_name", "path", "license_path"),
    "repositories": ("repository_id", "repo_name", "branch_name"),
    "licenses": ("text",),
}
"""The published strings that come from repositories."""

GROUP_BYTES = 8 << 20
GROUP_FILES = 8
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
    """Plan scans of all files with strings of repositories, and a look for opt-outs at each origins file."""
    view = finished.files("take_view", "view")
    ids = finished.files("redact_blobs", "ids")
    scanned = [ref for ref in published_files(finished) if ref.kind in SCANNED_COLUMNS]
    tasks = [_task(number, group, ()) for number, group in enumerate(_groups(scanned))]
    origins = [ref for ref in scanned if ref.kind == "origins"]
    return [*tasks, *(_task(len(tasks) + number, [ref], (*view, *ids)) for number, ref in enumerate(origins))]


def _groups(refs: list[FileRef]) -> Iterator[list[FileRef]]:
    """Gather small files, so that a task has work worth its start."""
    waiting: list[FileRef] = []
    for ref in refs:
        waiting.append(ref)
        if len(waiting) == GROUP_FILES or sum(each.size_bytes for each in waiting) >= GROUP_BYTES:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def _task(number: int, refs: list[FileRef], beside: tuple[FileRef, ...]) -> Task:
    """Plan a scan for personal data, or with the view beside it a look for opt-outs."""
    params = {"checks": "opt-outs" if beside else "personal data"}
    return Task("check_release", f"check-{number:05d}", params, (*refs, *beside))


def run(context: TaskContext) -> None:
    """Scan some files, or match the origins of one against the rules.

    Raises:
        RunFailed: If anything is found; what was found is not shown.
    """
    if context.task.params["checks"] == "opt-outs":
        (ref,) = context.task.files("origins")
        _check_opt_outs(context, ref)
        return
    recipe = context.job.recipe
    for ref in context.task.inputs:
        if not is_scanned(ref.kind, recipe):
            continue
        found = count_findings(context.iter(ref, columns=list(SCANNED_COLUMNS[ref.kind])))
        if found:
            raise RunFailed(
                f"{ref.name}: the last check found {found} places with personal data or secrets",
                hint="this is a fault of the redaction; the release is not published",
            )


def is_scanned(kind: str, recipe: Recipe) -> bool:
    """Tell whether the strings of a table are free of personal data under a recipe."""
    return recipe.redact.enabled and kind in SCANNED_COLUMNS and (kind != "licenses" or recipe.redact.notices)


def count_findings(tables: Iterable[pa.Table]) -> int:
    """Count what the finder still finds in published strings; equal names of a table are scanned once."""
    found = 0
    for table in tables:
        for name in table.column_names:
            for chunk in table[name].chunks:
                texts = chunk if name in ("content", "text") else chunk.unique()
                found += pii.find_in_array(texts, policy="redact").num_rows
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


STAGE = Stage(
    "check_release", 1, plan, run, sections=("optout", "redact"), versions=versions_of("pii", "optout")
)
