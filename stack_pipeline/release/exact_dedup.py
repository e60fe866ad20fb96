"""Exact dedup: blobs of one decoded text become one; origins in = blobs out + merged."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import pyarrow as pa

from stack_pipeline.accounting import Account
from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.reasons import Reason
from stack_pipeline.release.take_view import range_tasks, task_bounds
from stack_pipeline.release.work_tables import BLOB_DROPS, BLOBS
from stack_pipeline.tasks import Finished, TaskContext


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan a task per range of text digests."""
    return range_tasks("exact_dedup", finished, finished.files("judge_origins", "blobs"))


def run(context: TaskContext) -> None:
    """Keep the best-ranked blob of each text."""
    account = context.account = Account("origin")
    table = context.read_all(
        context.task.files("blobs"), BLOBS, key="text_sha256", bounds=task_bounds(context)
    ).sort_by([("text_sha256", "ascending"), ("rank", "ascending"), ("content_id", "ascending")])
    kept: list[dict[str, Any]] = []
    merged: list[dict[str, Any]] = []
    for _, group in groupby(table.to_pylist(), key=lambda row: row["text_sha256"]):
        best, *others = group
        origins = best["origin_count"] + sum(row["origin_count"] for row in others)
        length = best["length_bytes"]
        account.keep(1, length)
        if origins > 1:
            account.drop(Reason.EXACT_DUPLICATE, origins - 1, (origins - 1) * length)
        kept.append({**best, "origin_count": origins})
        merged += [_drop(row["content_id"], best["content_id"]) for row in others]
    for rows in (kept, merged):
        rows.sort(key=lambda row: str(row["content_id"]))
    context.write("blobs", BLOBS, pa.Table.from_pylist(kept, schema=BLOBS))
    context.write("drops", BLOB_DROPS, pa.Table.from_pylist(merged, schema=BLOB_DROPS))


def _drop(content_id: str, kept: str) -> dict[str, Any]:
    return {
        "content_id": content_id,
        "stage": "exact_dedup",
        "reason": str(Reason.EXACT_DUPLICATE),
        "rule": "decoded text",
        "kept_content_id": kept,
        "similarity": 1.0,
    }


STAGE = Stage("exact_dedup", 1, plan, run)
