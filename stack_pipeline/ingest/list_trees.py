"""List the tree of each repository; no blob is read yet, so an opted-out repository is known by its entries' ids alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from stack_pipeline.ingest.rules import rules_digest
from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.opt_outs import parse_date
from stack_pipeline.reasons import Reason
from stack_pipeline.sources import GitRepository, RepositoryUnreadable
from stack_pipeline.tables.schema import REPOSITORIES
from stack_pipeline.tasks import Finished, TaskContext

TREE = pa.schema(
    [
        pa.field("repository", pa.string()),
        pa.field("ref", pa.string()),
        pa.field("commit", pa.string()),
        pa.field("path_bytes", pa.binary()),
        pa.field("entry_index", pa.int64()),
        pa.field("occurrence", pa.int32()),  # over 0 where the path came before in the same commit
        pa.field("mode", pa.int32()),
        pa.field("kind", pa.string()),
        pa.field("oid", pa.string()),
        pa.field("size_bytes", pa.int64()),
    ]
)
_BATCH = 50_000
_DATES = ("visit_date", "created_at", "pushed_at")
_COPIED = (
    *(
        "identity",
        "host",
        "id",
        "full_name",
        "owner_id",
        "owner_login",
        "default_branch",
        "stars",
        "forks",
        "fork",
    ),
    *("parent_id", "parent_full_name", "source_id", "source_full_name", "license_spdx_id", "archived", "ref"),
)


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan a task for a few repositories each, in the order of their identities."""
    size = max(1, min(64, len(job.sources) // 64))
    groups = [job.sources[start : start + size] for start in range(0, len(job.sources), size)]
    rules = rules_digest(job)
    return [
        Task(
            "list_trees",
            f"sources-{number:06d}",
            {"rules": rules, "repositories": [_public(asdict(source)) for source in group]},
            local=(("locations", [source.location for source in group]),),
        )
        for number, group in enumerate(groups)
    ]


def _public(source: dict[str, Any]) -> dict[str, Any]:
    """Return a source without the place where it lies."""
    return {key: value for key, value in source.items() if key != "location"}


def run(context: TaskContext) -> None:
    """Write one repositories row per repository and a tree row per entry."""
    rows: list[dict[str, Any]] = []

    def entries() -> Iterator[pa.Table]:
        for source, location in zip(
            context.task.params["repositories"], context.local["locations"], strict=True
        ):
            row = _row(source, context)
            rows.append(row)
            yield from _list(row, source, location)

    context.write("tree", TREE, entries())
    context.write("repositories", REPOSITORIES, pa.Table.from_pylist(rows, schema=REPOSITORIES))


def _row(source: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    previous = [
        {
            "full_name": name["full_name"],
            "since": parse_date(name["since"]),
            "until": parse_date(name["until"]),
        }
        for name in source["previous_names"]
    ]
    return {
        **{key: source[key] for key in _COPIED},
        **{key: parse_date(source[key]) for key in _DATES},
        "repository": source["key"],
        "previous_names": previous,
        "commit": source["commit"],
        "status": "read",
        "reason": None,
        "entries": 0,
        "entry_bytes": 0,
        "rules": context.task.params["rules"],
        "snapshot": context.job.snapshot,
    }


def _list(row: dict[str, Any], source: dict[str, Any], location: str) -> Iterator[pa.Table]:
    """Yield the tree of one repository and complete its row; trouble becomes the row's reason."""
    if source["problem"]:
        row.update(status="dropped", reason=source["problem"], reason_detail=source["problem_detail"])
        return
    entries: list[dict[str, Any]] = []
    tables: list[pa.Table] = []
    try:
        with GitRepository(location) as repository:
            head = repository.head(
                ref=source["ref"], commit=source["commit"], default_branch=source["default_branch"]
            )
            row.update(
                commit=head.commit,
                tree=head.tree,
                branch=head.branch,
                commit_date=parse_date(head.commit_date),
            )
            for index, entry in enumerate(repository.entries(head.tree)):
                row["entries"] += 1
                row["entry_bytes"] += (entry.size or 0) if entry.kind == "blob" else 0
                entries.append(_entry(row, index, entry))
                if len(entries) == _BATCH:
                    tables.append(pa.Table.from_pylist(entries, schema=TREE))
                    entries = []
    except RepositoryUnreadable as problem:
        row.update(status="dropped", entries=0, entry_bytes=0, **_problem(problem))
        return
    yield from tables
    yield pa.Table.from_pylist(entries, schema=TREE)


def _problem(problem: RepositoryUnreadable) -> dict[str, str | None]:
    """Return the reason columns; refs were resolved before, so what is missing now is the commit itself."""
    if problem.reason is Reason.MISSING_REF:
        return {"reason": str(Reason.UNREADABLE_REPOSITORY), "reason_detail": "missing_commit"}
    return {"reason": str(problem.reason), "reason_detail": problem.detail}


def _entry(row: dict[str, Any], index: int, entry: Any) -> dict[str, Any]:
    return {
        "repository": row["repository"],
        "ref": row["ref"],
        "commit": row["commit"],
        "path_bytes": entry.path,
        "entry_index": index,
        "occurrence": entry.occurrence,
        "mode": entry.mode,
        "kind": entry.kind,
        "oid": entry.oid,
        "size_bytes": entry.size,
    }


STAGE = Stage("list_trees", 1, plan, run)
