"""Bring the texts of each group together, so that every content is read once, whatever the number of groups."""

from __future__ import annotations

import pyarrow as pa

from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.release.take_view import range_tasks, snapshot_files, task_bounds
from stack_pipeline.release.texts import iter_texts
from stack_pipeline.release.work_tables import GROUP_MEMBERS, GROUP_TEXTS
from stack_pipeline.tables.columns import find_rows
from stack_pipeline.tasks import Finished, TaskContext

_ROW_GROUP_BYTES = 2 << 20


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan a task per range of content ids, if there are groups."""
    members = finished.files("group_pairs", "members")
    if not sum(ref.rows for ref in members):
        return []
    return range_tasks("collect_texts", finished, [*members, *snapshot_files(job, "contents")])


def run(context: TaskContext) -> None:
    """Write the wanted texts of the range by group."""
    members = context.read_all(
        context.task.files("members"), GROUP_MEMBERS, key="content_id", bounds=task_bounds(context)
    )
    pieces = [pa.schema([GROUP_TEXTS.field("content_id"), GROUP_TEXTS.field("text")]).empty_table()]
    pieces += iter_texts(context, members["content_id"])
    texts = pa.concat_tables(pieces, promote_options="permissive")
    ordered = members.sort_by([("group", "ascending"), ("place", "ascending")])
    taken = texts.take(find_rows(ordered["content_id"], texts["content_id"]))
    table = ordered.append_column("text", taken["text"]).select(GROUP_TEXTS.names)
    context.write("texts", GROUP_TEXTS, table, row_group_bytes=_ROW_GROUP_BYTES)


STAGE = Stage("collect_texts", 1, plan, run)
