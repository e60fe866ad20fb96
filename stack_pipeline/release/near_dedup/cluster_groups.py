"""Decide the pairs of a group by exact similarity, and note every similarity for later releases."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import dedup
from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.release.near_dedup.group_pairs import group_name
from stack_pipeline.release.near_dedup.near_signals import WHOLE_RANGE, pair_signal
from stack_pipeline.release.work_tables import GROUP_PAIRS, GROUP_TEXTS, REPRESENTATIVES
from stack_pipeline.tasks import Finished, TaskContext
from stack_pipeline.versions import versions_of


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan a task per group."""
    inputs = (*finished.files("group_pairs", "pairs"), *finished.files("collect_texts", "texts"))
    groups = finished.facts("group_pairs")[0]["groups"] if inputs else 0
    return [Task("cluster_groups", group_name(number), {"group": number}, inputs) for number in range(groups)]


def run(context: TaskContext) -> None:
    """Write who stands for whom, by place."""
    settings = context.job.recipe.near_dedup
    number = context.task.params["group"]
    bounds = (group_name(number), group_name(number + 1))
    pairs = context.read_all(context.task.files("pairs"), GROUP_PAIRS, key="group", bounds=bounds)
    texts = context.read_all(context.task.files("texts"), GROUP_TEXTS, key="group", bounds=bounds)
    packed = pairs["pair"].to_numpy()
    left, right = dedup.unpack_pairs(packed)
    places = np.unique(np.concatenate([left, right]))
    # A text that is missing has known pairs only; the last row stands for it and is never compared.
    rows = pc.index_in(pa.array(places, pa.uint32()), texts["place"].combine_chunks()).fill_null(
        texts.num_rows
    )
    known = pairs.filter(pc.is_valid(pairs["similarity"]))
    here = _renumber(known["pair"].to_numpy(), places)
    found = dedup.cluster_pairs(
        _with_a_null(texts["text"]),
        rows.to_numpy(),
        _renumber(packed, places),
        threshold=settings.threshold,
        ngram=settings.ngram,
        known=dedup.Compared(here, known["similarity"].to_numpy()),
        threads=context.job.recipe.engine.threads,
    )
    table = pa.table(
        {
            "member": pa.array(places[found.member], pa.uint32()),
            "representative": pa.array(places[found.representative], pa.uint32()),
            "similarity": pa.array(found.similarity),
        }
    )
    context.write("clusters", REPRESENTATIVES, table)
    _note_pairs(context, texts["content_id"].combine_chunks(), rows, found.compared)
    context.facts = {
        "compared": len(found.compared.pairs),
        "known": known.num_rows,
        "bytes_read": found.bytes_read,
    }


def _renumber(packed: dedup.Packed, places: np.ndarray[tuple[int], np.dtype[np.int64]]) -> dedup.Packed:
    left, right = dedup.unpack_pairs(packed)
    return dedup.pack_pairs(np.searchsorted(places, left), np.searchsorted(places, right))


def _with_a_null(texts: pa.ChunkedArray) -> pa.Array:
    whole = texts.cast(pa.large_binary()).combine_chunks()
    return pa.concat_arrays([whole, pa.nulls(1, pa.large_binary())])


def _note_pairs(context: TaskContext, ids: pa.Array, rows: pa.Array, compared: dedup.Compared) -> None:
    one, other = (ids.take(rows.take(pa.array(places))) for places in dedup.unpack_pairs(compared.pairs))
    columns = [
        pc.min_element_wise(one, other),
        pc.max_element_wise(one, other),
        pa.array(compared.similarity),
    ]
    signal = pair_signal(context.job.recipe.near_dedup)
    signal.add(
        context.job.storage("corpus"),
        pa.table(columns, schema=signal.schema),
        range_name=WHOLE_RANGE,
        task_id=context.task_id,
    )


STAGE = Stage(
    "cluster_groups", 1, plan, run, sections=("near_dedup",), versions=versions_of("dedup", "signature")
)
