"""Apply the blob rules to what exact dedup kept."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

import stack_native
from stack_pipeline.accounting import Account
from stack_pipeline.files import comment_ratio
from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.release.take_view import range_tasks, snapshot_files, task_bounds
from stack_pipeline.release.texts import iter_texts
from stack_pipeline.release.work_tables import BLOB_DROPS, BLOBS
from stack_pipeline.selection.blob_rules import BlobFacts, failed_rule
from stack_pipeline.tasks import Finished, TaskContext
from stack_pipeline.versions import versions_of


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan a task per range of content ids."""
    inputs = [*finished.files("exact_dedup", "blobs"), *snapshot_files(job, "contents")]
    return range_tasks("filter_blobs", finished, inputs)


def run(context: TaskContext) -> None:
    """Write the blobs that passed all rules, and why the others did not."""
    account = context.account = Account("blob")
    bounds = task_bounds(context)
    table = context.read_all(context.task.files("blobs"), BLOBS, key="content_id", bounds=bounds)
    waiting = {row["content_id"]: row for row in table.to_pylist()}
    passed: list[dict[str, Any]] = []
    drops: list[dict[str, Any]] = []
    for texts in iter_texts(context, context.task.files("contents"), table["content_id"], bounds):
        for content_id, facts in _facts(context, texts, waiting):
            blob = waiting.pop(content_id)
            rule = failed_rule(facts, context.job.recipe)
            if rule is None:
                account.keep(1, blob["length_bytes"])
                passed.append(blob)
            else:
                account.drop(rule.reason, 1, blob["length_bytes"])
                drops.append(
                    {
                        "content_id": content_id,
                        "stage": "filter_blobs",
                        "reason": str(rule.reason),
                        "rule": rule.name,
                    }
                )
    if waiting:
        raise OSError(f"{len(waiting)} texts are not in the corpus")
    for rows in (passed, drops):
        rows.sort(key=lambda row: str(row["content_id"]))
    context.write("blobs", BLOBS, pa.Table.from_pylist(passed, schema=BLOBS))
    context.write("drops", BLOB_DROPS, pa.Table.from_pylist(drops, schema=BLOB_DROPS))


def _facts(
    context: TaskContext, texts: pa.Table, blobs: dict[str, dict[str, Any]]
) -> list[tuple[str, BlobFacts]]:
    """Measure a batch of texts."""
    array = texts["text"].chunk(0)
    lines = pa.table(stack_native.line_statistics(array)).to_pylist()
    ids = texts["content_id"].to_pylist()
    wants_comments = context.job.recipe.select.comment_filter
    found = []
    for row, (content_id, line) in enumerate(zip(ids, lines, strict=True)):
        language = blobs[content_id]["language"]
        ratio = comment_ratio(language, array[row].as_py()) if wants_comments and language else None
        facts = BlobFacts(
            blobs[content_id]["length_bytes"],
            line["avg_line_length"],
            line["max_line_length"],
            line["alphanum_fraction"],
            ratio,
        )
        found.append((content_id, facts))
    return found


STAGE = Stage("filter_blobs", 1, plan, run, sections=("select",), versions=versions_of("selection", "files"))
