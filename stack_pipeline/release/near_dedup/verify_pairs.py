"""Verify candidate pairs by exact similarity, a slice of the better-ranked blobs per task."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

import dedup
from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.release.near_dedup.order_blobs import read_order
from stack_pipeline.release.take_view import snapshot_files
from stack_pipeline.release.texts import iter_texts
from stack_pipeline.release.work_tables import PAIRS, VERIFIED_PAIRS
from stack_pipeline.tasks import Finished, TaskContext
from stack_pipeline.versions import versions_of

_Places = npt.NDArray[np.uint32]


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan as many tasks as there are ranges; the left blob's place modulo their number decides, so they are even."""
    order = finished.files("order_blobs", "order")
    if not order:
        return []
    count = finished.facts("take_view")[0]["ranges"]
    inputs = (*order, *finished.files("propose_pairs", "pairs"), *snapshot_files(job, "contents"))
    return [
        Task("verify_pairs", f"slice-{index:05d}", {"index": index, "count": count}, inputs)
        for index in range(count)
    ]


def run(context: TaskContext) -> None:
    """Write the pairs that reach the threshold."""
    order = read_order(context)
    left, right = _my_pairs(context)
    settings, engine = context.job.recipe.near_dedup, context.job.recipe.engine
    lengths = order["length_bytes"].to_numpy()
    tables = [VERIFIED_PAIRS.empty_table()]
    for piece in _pieces(left, right, lengths, engine.memory_bytes):
        places, rows = np.unique(np.concatenate([left[piece], right[piece]]), return_inverse=True)
        texts = _texts(context, order["content_id"].take(pa.array(places)).combine_chunks())
        count = len(left[piece])
        pairs = dedup.Pairs(rows[:count].astype(np.uint32), rows[count:].astype(np.uint32))
        found = dedup.verify_pairs(
            texts, pairs, threshold=settings.threshold, ngram=settings.ngram, threads=engine.threads
        )
        columns = [
            places[found.left].astype(np.uint32),
            places[found.right].astype(np.uint32),
            found.similarity,
        ]
        tables.append(pa.table([pa.array(column) for column in columns], schema=VERIFIED_PAIRS))
    context.write("pairs", VERIFIED_PAIRS, pa.concat_tables(tables))
    context.facts = {"candidates": len(left)}


def _my_pairs(context: TaskContext) -> tuple[_Places, _Places]:
    """Return the distinct candidate pairs of this task, by (left, right)."""
    index, count = context.task.params["index"], context.task.params["count"]
    packed = [np.empty(0, dtype=np.uint64)]
    for ref in context.task.files("pairs"):
        for table in context.iter(ref, columns=PAIRS.names):
            left, right = table["left"].to_numpy(), table["right"].to_numpy()
            mine = left % count == index
            packed.append((left[mine].astype(np.uint64) << np.uint64(32)) | right[mine])
    distinct = np.unique(np.concatenate(packed))
    return (distinct >> np.uint64(32)).astype(np.uint32), (distinct & np.uint64(2**32 - 1)).astype(np.uint32)


def _pieces(left: _Places, right: _Places, lengths: npt.NDArray[np.int64], budget: int) -> Iterator[slice]:
    """Cut pairs into runs whose texts, counted once each, fit the budget."""
    start, held, seen = 0, 0, set[int]()
    for pair, ends in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        new = [place for place in ends if place not in seen]
        size = sum(int(lengths[place]) for place in new)
        if seen and held + size > budget:
            yield slice(start, pair)
            start, held, seen = pair, 0, set()
            new, size = list(ends), sum(int(lengths[place]) for place in ends)
        seen.update(new)
        held += size
    if start < len(left):
        yield slice(start, len(left))


def _texts(context: TaskContext, ids: pa.Array) -> pa.Array:
    """Return the texts of ids, in their order."""
    tables = [*iter_texts(context, context.task.files("contents"), ids, ("", ""))]
    found = pa.concat_tables(tables).select(["content_id", "text"]).combine_chunks()
    row = {content_id: number for number, content_id in enumerate(found["content_id"].to_pylist())}
    order = pa.array([row[content_id] for content_id in ids.to_pylist()], pa.int64())
    return found["text"].chunk(0).take(order)


STAGE = Stage(
    "verify_pairs", 1, plan, run, sections=("near_dedup",), versions=versions_of("dedup", "signature")
)
