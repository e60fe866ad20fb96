"""Exact dedup: blobs of one decoded text become one; origins in = blobs out + merged."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from stack_pipeline.accounting import Account
from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.reasons import Reason
from stack_pipeline.release.take_view import range_tasks, task_bounds
from stack_pipeline.release.work_tables import BLOB_DROPS, BLOBS, SHUFFLED_GROUP_BYTES
from stack_pipeline.tables.columns import distinct_rows, with_columns
from stack_pipeline.tasks import Finished, TaskContext


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan a task per range of text digests."""
    return range_tasks("exact_dedup", finished, finished.files("judge_origins", "blobs"))


def run(context: TaskContext) -> None:
    """Keep the best-ranked blob of each text."""
    blobs = context.read_all(
        context.task.files("blobs"), BLOBS, key="text_sha256", bounds=task_bounds(context)
    ).sort_by([("text_sha256", "ascending"), ("rank", "ascending"), ("content_id", "ascending")])
    best, text = distinct_rows(blobs.select(["text_sha256"]))
    origins = np.zeros(len(best), dtype=np.int64)
    np.add.at(origins, text, blobs["origin_count"].to_numpy())
    kept = with_columns(blobs.take(best), origin_count=origins)
    context.account = _account(origins, kept["length_bytes"].to_numpy())
    others = np.setdiff1d(np.arange(len(blobs)), best)
    merged = pa.table(
        {
            "content_id": blobs["content_id"].take(others),
            "stage": pa.repeat("exact_dedup", len(others)),
            "reason": pa.repeat(str(Reason.EXACT_DUPLICATE), len(others)),
            "rule": pa.repeat("decoded text", len(others)),
            "kept_content_id": kept["content_id"].take(text[others]),
            "similarity": np.ones(len(others)),
        },
        schema=BLOB_DROPS,
    )
    context.write("blobs", BLOBS, kept.sort_by("content_id"), row_group_bytes=SHUFFLED_GROUP_BYTES)
    context.write("drops", BLOB_DROPS, merged.sort_by("content_id"))


def _account(
    origins: np.ndarray[tuple[int], np.dtype[np.int64]], lengths: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> Account:
    """Count a text once as kept, and each further origin of it as merged."""
    account = Account("origin")
    account.keep(len(origins), int(lengths.sum()))
    if merged := int((origins - 1).sum()):
        account.drop(Reason.EXACT_DUPLICATE, merged, int(((origins - 1) * lengths).sum()))
    return account


STAGE = Stage("exact_dedup", 1, plan, run)
