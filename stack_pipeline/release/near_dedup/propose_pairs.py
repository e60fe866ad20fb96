"""Propose pairs band by band: blobs with an equal band key are candidates."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

import dedup
from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.release.near_dedup.order_blobs import read_order
from stack_pipeline.release.near_dedup.sign_blobs import band_column
from stack_pipeline.release.work_tables import PAIRS
from stack_pipeline.tasks import Finished, TaskContext
from stack_pipeline.versions import versions_of

_BANDS_PER_TASK = 4


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan a task per few bands."""
    order = finished.files("order_blobs", "order")
    if not order:
        return []
    bands = finished.facts("sign_blobs")[0]["bands"]
    inputs = (*order, *finished.files("sign_blobs", "keys"))
    return [
        Task(
            "propose_pairs",
            f"bands-{first:04d}",
            {"bands": list(range(first, min(bands, first + _BANDS_PER_TASK)))},
            inputs,
        )
        for first in range(0, bands, _BANDS_PER_TASK)
    ]


def run(context: TaskContext) -> None:
    """Write the distinct pairs of these bands by the place of the better-ranked blob."""
    order = read_order(context)
    refs = context.task.files("keys")
    starts = np.concatenate([[0], np.cumsum([ref.rows for ref in refs])])
    places = starts[order["file"].to_numpy()] + order["row"].to_numpy()
    columns = [band_column(band) for band in context.task.params["bands"]]
    keys = np.empty((order.num_rows, len(columns)), dtype=np.uint64)
    for number, column in enumerate(columns):
        values = [context.read(ref, columns=[column])[column].to_numpy() for ref in refs]
        keys[:, number] = np.concatenate(values)[places]
    pairs, report = dedup.candidate_pairs(keys)
    by_left = np.lexsort((pairs.right, pairs.left))
    table = pa.table([pa.array(pairs.left[by_left]), pa.array(pairs.right[by_left])], schema=PAIRS)
    context.write("pairs", PAIRS, table)
    context.facts = {"truncated_buckets": report.truncated_buckets, "largest_bucket": report.largest_bucket}


STAGE = Stage(
    "propose_pairs", 1, plan, run, sections=("near_dedup",), versions=versions_of("dedup", "signature")
)
