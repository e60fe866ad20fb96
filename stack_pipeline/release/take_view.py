"""Take the view of the corpus that the release sees, and decide anew which of its repositories are opted out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from stack_pipeline.accounting import Account
from stack_pipeline.corpus import check_one_rule_version, logical_rows, newest_rows, open_corpus
from stack_pipeline.corpus.blob_hashes import corpus_blob_hashes
from stack_pipeline.errors import UsageError
from stack_pipeline.jobs import FileRef, Job, Stage, Task
from stack_pipeline.opt_outs import decide_repositories
from stack_pipeline.ranges import overlaps, range_bounds, range_count, range_name
from stack_pipeline.reasons import Reason
from stack_pipeline.release.work_tables import VIEW
from stack_pipeline.tables.digest import LogicalDigest
from stack_pipeline.tasks import Finished, TaskContext
from stack_pipeline.versions import versions_of

RANGED = ("origins", "contents")
"""Kinds of snapshot files that hold a range of content ids each."""


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan the one task; the roots of all snapshots stand for what it reads."""
    roots = [s.root for s in open_corpus(job.corpus).snapshots() if s.number <= job.snapshot]
    return [Task("take_view", "all", {"snapshots": roots})]


def run(context: TaskContext) -> None:
    """Write the view and say how large it is.

    Raises:
        UsageError: If the view is of mixed rule versions, or the profile asks for more than is stored.
    """
    corpus = open_corpus(context.job.corpus)
    rows = newest_rows(corpus, up_to=context.job.snapshot)
    check_one_rule_version(rows)
    account = context.account = Account("repository")
    decisions = decide_repositories(rows, context.job.rules(), corpus_blob_hashes(corpus, rows))
    total = 0
    for row in rows:
        decision = decisions[row["repository"]]
        row["opted_out"], row["opt_out_reason"] = decision.opted_out, decision.reason
        row["unchecked_fork"] = decision.unchecked
        _count(account, row)
        total += row["entry_bytes"] if row["status"] == "read" else 0
    digest = LogicalDigest(logical_rows([]).schema)
    digest.update(logical_rows([row for row in rows if row["status"] == "read" and not row["opted_out"]]))
    context.write("view", VIEW, pa.Table.from_pylist(rows, schema=VIEW))
    context.facts = {
        "ranges": range_count(total),
        "input_digest": digest.hexdigest(),
        "unchecked_forks": sum(bool(row["unchecked_fork"]) for row in rows),
    }


def _count(account: Account, row: dict[str, Any]) -> None:
    if row["opted_out"] or row["status"] == "withheld":
        account.drop(Reason.OPTED_OUT, 1, row["entry_bytes"])
    elif row["status"] == "read":
        account.keep(1, row["entry_bytes"])
    else:
        account.drop(row["reason"], 1, row["entry_bytes"])


def check_store(recipe_store: str, profile: str) -> None:
    """Refuse a release profile that is wider than what the corpus stores.

    Raises:
        UsageError: With the way out.
    """
    from stack_pipeline.licenses import WIDEST_PROFILE, is_within

    if recipe_store == "permissive" and not is_within(profile, WIDEST_PROFILE):
        raise UsageError(
            f"profile '{profile}' is wider than the corpus stores", hint='ingest with [ingest] store = "all"'
        )


def range_tasks(
    stage: str, finished: Finished, inputs: Sequence[FileRef], *, same_range: Sequence[tuple[str, str]] = ()
) -> list[Task]:
    """Plan a task per range of content ids.

    Args:
        stage: The stage.
        finished: The stages before it.
        inputs: Files for all tasks; those of a snapshot that are named by their range go to the ranges they overlap.
        same_range: Stages that work by the same ranges and kinds of their files; each task gets those of its own range.
    """
    count = finished.facts("take_view")[0]["ranges"]
    tasks = []
    for index in range(count):
        name, bounds = range_name(index, count), range_bounds(index, count)
        own = [ref for other, kind in same_range for ref in finished.files_of_task(other, kind, name)]
        mine = [
            ref
            for ref in inputs
            if ref.root == "work" or ref.kind not in RANGED or overlaps(ref.name, bounds)
        ]
        tasks.append(Task(stage, name, {"index": index, "count": count}, (*own, *mine)))
    return tasks


def task_bounds(context: TaskContext) -> tuple[str, str]:
    """Return the range of ids of a task planned by `range_tasks`."""
    return range_bounds(context.task.params["index"], context.task.params["count"])


def snapshot_files(job: Job, kind: str) -> list[FileRef]:
    """Return the files of a kind of all snapshots that the release sees."""
    snapshots = open_corpus(job.corpus).snapshots()
    return [ref for snapshot in snapshots if snapshot.number <= job.snapshot for ref in snapshot.files(kind)]


STAGE = Stage(
    "take_view", 1, plan, run, sections=("optout", "licenses"), versions=versions_of("optout", "licenses")
)
