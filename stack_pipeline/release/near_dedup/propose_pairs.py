"""Propose pairs band by band: blobs with an equal band key are candidates."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

import dedup
from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.release.near_dedup.order_blobs import place_of_rows, read_order
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
    places = place_of_rows(read_order(context), context.task.files("keys"))

    def keys() -> Iterator[npt.NDArray[np.uint64]]:
        for column in map(band_column, context.task.params["bands"]):
            refs = context.task.files("keys")
            yield np.concatenate([context.read(ref, columns=[column])[column] for ref in refs])[places]

    pairs, report = dedup.candidate_pairs(keys())
    context.write("pairs", PAIRS, pa.table([pa.array(pairs)], schema=PAIRS))
    context.facts = {"truncated_buckets": report.truncated_buckets, "largest_bucket": report.largest_bucket}


STAGE = Stage(
    "propose_pairs", 1, plan, run, sections=("near_dedup",), versions=versions_of("dedup", "signature")
)
