"""Write the small tables: the repositories that published origins stand in, and the licence texts they refer to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.release.assemble import table_name
from stack_pipeline.release.name_rows import published_repository_id
from stack_pipeline.release.publishing import Publisher
from stack_pipeline.release.take_view import snapshot_files
from stack_pipeline.tables.schema import LICENSES, RELEASE_REPOSITORIES
from stack_pipeline.tasks import Finished, TaskContext
from stack_pipeline.versions import versions_of


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan a task per table."""
    origins = finished.files("name_rows", "origins")
    view = finished.files("take_view", "view")
    licenses = snapshot_files(job, "licenses")
    return [
        Task("describe_sources", "repositories", {}, (*origins, *view)),
        Task("describe_sources", "licenses", {}, (*origins, *licenses)),
    ]


def run(context: TaskContext) -> None:
    """Write one of the two tables."""
    publisher = Publisher(context.job.recipe, context.job.keys())
    if context.task.name == "repositories":
        rows, schema, key = _repositories(context, publisher), RELEASE_REPOSITORIES, "repository_id"
    else:
        rows, schema, key = _licenses(context, publisher), LICENSES, "id"
    table = pa.Table.from_pylist(rows, schema=schema).sort_by(key)
    context.write(context.task.name, schema, table, root="output", name=table_name(context.task.name, 0, 1))


def _repositories(context: TaskContext, publisher: Publisher) -> list[dict[str, Any]]:
    (view,) = context.task.files("view")
    published = set(_values(context, "repository_id"))
    commits = set(zip(_values(context, "repository_id"), _values(context, "revision_id"), strict=True))
    rows = {}
    for row in context.read(view).to_pylist():
        identity = published_repository_id(publisher, row["repository"])
        if (identity, row["commit"]) in commits:
            rows[identity] = _repository(row, identity, publisher, published)
    return list(rows.values())


def _values(context: TaskContext, column: str) -> Iterable[Any]:
    for ref in context.task.files("origins"):
        yield from context.read(ref, columns=[column])[column].to_pylist()


def _repository(
    row: dict[str, Any], identity: str, publisher: Publisher, published: set[str]
) -> dict[str, Any]:
    parent = None
    if row["host"] is not None and row["parent_id"] is not None:
        parent = published_repository_id(publisher, f"{row['host']}/id/{row['parent_id']}")
    return {
        "repository_id": identity,
        "host": row["host"],
        "github_id": row["id"],
        "repo_name": publisher.name(row["full_name"]),
        "identity": row["identity"],
        "branch_name": publisher.name(row["branch"]),
        "revision_id": row["commit"],
        "committer_date": row["commit_date"],
        "visit_date": row["visit_date"],
        "star_events_count": row["stars"],
        "fork_events_count": row["forks"],
        "fork": row["fork"],
        "parent_repository_id": parent if parent in published else None,
        "gha_license_id": row["license_spdx_id"],
        "gha_created_at": row["created_at"],
        "pushed_at": row["pushed_at"],
        "archived": row["archived"],
    }


def _licenses(context: TaskContext, publisher: Publisher) -> list[dict[str, Any]]:
    """Return the texts that published origins refer to, redacted; ids of redacted texts are keyed."""
    wanted = {identity for ids in _values(context, "license_text_ids") for identity in ids or ()}
    rows = {}
    for ref in context.task.files("licenses"):
        for row in context.read(ref).to_pylist():
            text = publisher.notice(row["text"])
            identity = publisher.license_id(row["id"], is_redacted=text != row["text"])
            if identity in wanted:
                rows[identity] = {**row, "id": identity, "text": text}
    return list(rows.values())


STAGE = Stage("describe_sources", 1, plan, run, sections=("redact", "release"), versions=versions_of("pii"))
