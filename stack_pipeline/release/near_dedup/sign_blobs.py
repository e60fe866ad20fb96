"""Compute MinHash band keys of the blobs that passed, a column per band."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

import dedup
from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.release.take_view import range_tasks, snapshot_files, task_bounds
from stack_pipeline.release.texts import iter_texts
from stack_pipeline.release.work_tables import BLOBS
from stack_pipeline.tasks import Finished, TaskContext
from stack_pipeline.versions import versions_of


def band_column(band: int) -> str:
    """Return the name of the column of a band's keys."""
    return f"band_{band:04d}"


def keys_schema(bands: int) -> pa.Schema:
    """Return the columns of a keys file: id, rank, length, and a key per band."""
    facts = [BLOBS.field(name) for name in ("content_id", "blob_rank", "length_bytes")]
    return pa.schema([*facts, *(pa.field(band_column(band), pa.uint64()) for band in range(bands))])


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan a task per range of content ids."""
    if not job.recipe.near_dedup.enabled:
        return []
    inputs = [*finished.files("filter_blobs", "blobs"), *snapshot_files(job, "contents")]
    return range_tasks("sign_blobs", finished, inputs)


def run(context: TaskContext) -> None:
    """Write the band keys of every blob that has shingles."""
    settings = context.job.recipe.near_dedup
    bands, rows = dedup.bands_for(settings.threshold, settings.num_perm)
    schema = keys_schema(bands)
    bounds = task_bounds(context)
    blobs = context.read_all(context.task.files("blobs"), BLOBS, key="content_id", bounds=bounds)
    ranks = dict(zip(blobs["content_id"].to_pylist(), blobs["blob_rank"].to_pylist(), strict=True))

    def tables() -> Iterator[pa.Table]:
        for texts in iter_texts(context, context.task.files("contents"), blobs["content_id"], bounds):
            signatures = dedup.minhash(
                texts["text"], num_perm=settings.num_perm, ngram=settings.ngram, seed=settings.seed
            )
            keys = dedup.band_keys(signatures, bands=bands, rows=rows)
            present = np.flatnonzero(keys[:, 0] != dedup.NO_KEY)
            chosen = texts.take(pa.array(present))
            names = chosen["content_id"].to_pylist()
            columns = [chosen["content_id"], pa.array([ranks[name] for name in names], pa.binary())]
            yield pa.table(
                [*columns, chosen["length_bytes"], *(pa.array(keys[present, band]) for band in range(bands))],
                schema=schema,
            )

    ordered = [*tables()]
    table = pa.concat_tables(ordered) if ordered else schema.empty_table()
    context.write("keys", schema, table.sort_by("content_id"))
    context.facts = {"bands": bands, "rows": rows}


STAGE = Stage(
    "sign_blobs", 1, plan, run, sections=("near_dedup",), versions=versions_of("dedup", "signature")
)
