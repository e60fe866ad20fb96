"""Apply the blob rules to what exact dedup kept."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

import stack_native
from stack_pipeline.files import comment_ratio
from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.recipe import Recipe
from stack_pipeline.release.counting import account_of_rows
from stack_pipeline.release.take_view import range_tasks, snapshot_files, task_bounds
from stack_pipeline.release.texts import iter_texts
from stack_pipeline.release.work_tables import BLOB_DROPS, BLOBS
from stack_pipeline.selection.blob_rules import BlobFacts, failed_rule
from stack_pipeline.tables.columns import find_rows, with_columns
from stack_pipeline.tasks import Finished, TaskContext
from stack_pipeline.versions import versions_of

_MEASURED = ("avg_line_length", "max_line_length", "alphanum_fraction")
"""What the rules look at of the statistics of lines."""


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan a task per range of content ids."""
    inputs = [*finished.files("exact_dedup", "blobs"), *snapshot_files(job, "contents")]
    return range_tasks("filter_blobs", finished, inputs)


def run(context: TaskContext) -> None:
    """Write the blobs that passed all rules, and why the others did not."""
    blobs = context.read_all(
        context.task.files("blobs"), BLOBS, key="content_id", bounds=task_bounds(context)
    ).sort_by("content_id")
    pieces = [BLOB_DROPS.empty_table()]
    for texts in iter_texts(context, blobs["content_id"], columns=["length_bytes", "text"]):
        languages = blobs["language"].take(find_rows(texts["content_id"], blobs["content_id"]))
        pieces.append(_judged(with_columns(texts, language=languages), context.job.recipe))
    judged = pa.concat_tables(pieces)
    if missing := len(blobs) - len(judged):
        raise OSError(f"{missing} texts are not in the corpus")
    judged = judged.take(find_rows(blobs["content_id"], judged["content_id"]))
    context.account = account_of_rows("blob", judged["reason"], blobs["length_bytes"])
    passed = pc.is_null(judged["reason"])
    context.write("blobs", BLOBS, blobs.filter(passed))
    context.write("drops", BLOB_DROPS, judged.filter(pc.invert(passed)))


def _judged(texts: pa.Table, recipe: Recipe) -> pa.Table:
    """Return a row of `BLOB_DROPS` per text, without a reason for those that pass."""
    rules = [failed_rule(facts, recipe) for facts in _facts(texts, recipe)]
    columns = {
        "content_id": texts["content_id"],
        "stage": pa.repeat("filter_blobs", len(rules)),
        "reason": [rule and str(rule.reason) for rule in rules],
        "rule": [rule and rule.name for rule in rules],
        "kept_content_id": pa.nulls(len(rules), pa.string()),
        "similarity": pa.nulls(len(rules), pa.float64()),
    }
    return pa.table(columns, schema=BLOB_DROPS)


def _facts(texts: pa.Table, recipe: Recipe) -> Iterator[BlobFacts]:
    """Measure texts."""
    array = texts["text"].combine_chunks()
    lines = pa.table(stack_native.line_statistics(array))
    ratios: list[float | None] = [None] * len(array)
    if recipe.select.comment_filter:
        for row, language in enumerate(texts["language"].to_pylist()):
            ratios[row] = comment_ratio(language, array[row].as_py()) if language else None
    measured = (lines[name].to_pylist() for name in _MEASURED)
    return map(BlobFacts, texts["length_bytes"].to_pylist(), *measured, ratios)


STAGE = Stage("filter_blobs", 1, plan, run, sections=("select",), versions=versions_of("selection", "files"))
