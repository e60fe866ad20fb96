"""Let pairs through the estimate gate, and put those that hang together into groups that tasks can work alone."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

import dedup
import stack_native
from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.ranges import LEAST_RANGES
from stack_pipeline.release.near_dedup.near_signals import pair_signal
from stack_pipeline.release.near_dedup.order_blobs import place_of_rows, read_order
from stack_pipeline.release.near_dedup.sign_blobs import signatures_of
from stack_pipeline.release.work_tables import GROUP_MEMBERS, GROUP_PAIRS
from stack_pipeline.tasks import Finished, TaskContext
from stack_pipeline.versions import versions_of

GROUP_BYTES = 32 << 20
GROUP_PAIR_LIMIT = 1 << 20

_Pairs = npt.NDArray[np.uint64]
_Numbers = npt.NDArray[np.int64]


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan the one task, if anything was signed."""
    order = finished.files("order_blobs", "order")
    inputs = (
        *order,
        *finished.files("sign_blobs", "keys"),
        *finished.files("propose_pairs", "pairs"),
    )
    return [Task("group_pairs", "all", {}, inputs)] if order else []


def group_name(number: int) -> str:
    """Return the name of a group, which sorts as numbers do.

    Examples:
        >>> group_name(12)
        '00000012'
    """
    return f"{number:08d}"


def run(context: TaskContext) -> None:
    """Write the pairs by group, with their similarity where it is known, and the blobs whose text a group needs."""
    order = read_order(context)
    candidates = _candidates(context)
    pairs = _gated(context, order, candidates)
    known = _known(context, order["content_id"].combine_chunks(), pairs)
    left, right = dedup.unpack_pairs(pairs)
    lengths = order["length_bytes"].to_numpy()
    roots = stack_native.part_roots(pa.array(pairs), texts=order.num_rows).to_numpy()
    groups = _groups(roots, left, right, lengths)
    by_group = np.argsort(groups, kind="stable")
    names = pa.array([group_name(number) for number in range(int(groups.max(initial=-1)) + 1)], pa.string())
    columns = [
        names.take(pa.array(groups[by_group])),
        pa.array(pairs[by_group]),
        pa.array(known[by_group], from_pandas=True),
    ]
    context.write("pairs", GROUP_PAIRS, pa.table(columns, schema=GROUP_PAIRS), row_group_bytes=1 << 20)
    unknown = np.isnan(known)
    places = np.flatnonzero(_are_named(left[unknown], right[unknown], blobs=order.num_rows))
    group_of_place = _of_places(groups, left, right, blobs=order.num_rows)[places]
    members = pa.table(
        [
            order["content_id"].take(pa.array(places)),
            names.take(pa.array(group_of_place)),
            pa.array(places, pa.uint32()),
        ],
        schema=GROUP_MEMBERS,
    )
    context.write("members", GROUP_MEMBERS, members.sort_by("content_id"))
    context.facts = {
        "groups": len(names),
        "candidates": len(candidates),
        "gated": len(pairs),
        "known": int(len(pairs) - unknown.sum()),
    }


def _candidates(context: TaskContext) -> _Pairs:
    """Return the distinct pairs of all bands, ascending."""
    found = np.empty(0, dtype=np.uint64)
    for ref in context.task.files("pairs"):
        new = context.read(ref, columns=["pair"])["pair"].to_numpy()
        found = stack_native.distinct_pairs(pa.array(np.concatenate([found, new]))).to_numpy()
    return found


def _gated(context: TaskContext, order: pa.Table, candidates: _Pairs) -> _Pairs:
    """Return the pairs whose signatures agree, as many signatures at a time as fit the budget."""
    settings = context.job.recipe.near_dedup
    refs = context.task.files("keys")
    rows = place_of_rows(order, refs)
    least = dedup.least_equal_slots(settings.threshold, settings.num_perm)
    budget = max(2, context.job.recipe.engine.memory_bytes // (4 * settings.num_perm))
    passed = [np.empty(0, dtype=np.uint64)]
    for piece in _pieces(candidates, budget, blobs=order.num_rows):
        left, right = dedup.unpack_pairs(piece)
        are_named = _are_named(left, right, blobs=order.num_rows)
        places, numbers = np.flatnonzero(are_named), np.cumsum(are_named) - 1
        signatures = np.empty((len(places), settings.num_perm), dtype=np.uint32)
        start = 0
        for ref in refs:
            inside = np.flatnonzero((rows[places] >= start) & (rows[places] < start + ref.rows))
            if len(inside):
                column = context.read(ref, columns=["signature"])["signature"]
                signatures[inside] = signatures_of(column, settings.num_perm)[rows[places[inside]] - start]
            start += ref.rows
        gate = dedup.signature_gate(signatures, least_equal=least, threads=context.job.recipe.engine.threads)
        found = gate(dedup.pack_pairs(numbers[left], numbers[right]))
        one, other = dedup.unpack_pairs(found)
        passed.append(dedup.pack_pairs(places[one], places[other]))
    return np.concatenate(passed)


def _are_named(left: _Numbers, right: _Numbers, *, blobs: int) -> npt.NDArray[np.bool_]:
    """Return of each place whether a pair names it."""
    are_named = np.zeros(blobs, dtype=bool)
    are_named[left] = are_named[right] = True
    return are_named


def _of_places(parts: _Numbers, left: _Numbers, right: _Numbers, *, blobs: int) -> _Numbers:
    """Return the part of each place that a pair names, given that of each pair; the pairs of a place are in one part."""
    of_places = np.zeros(blobs, dtype=np.int64)
    of_places[left] = of_places[right] = parts
    return of_places


def _pieces(pairs: _Pairs, budget: int, *, blobs: int) -> Iterator[_Pairs]:
    """Cut pairs into runs that name at most `budget` blobs each."""
    if len(pairs) and blobs <= budget:
        yield pairs
        return
    left, right = dedup.unpack_pairs(pairs)
    start = 0
    while start < len(pairs):
        end = min(len(pairs), start + budget // 2)
        # Grow while what is named fits; a run of pairs has few left blobs.
        while end < len(pairs):
            further = min(len(pairs), end + budget // 2)
            if np.count_nonzero(_are_named(left[start:further], right[start:further], blobs=blobs)) > budget:
                break
            end = further
        yield pairs[start:end]
        start = end


def _known(context: TaskContext, ids: pa.Array, pairs: _Pairs) -> npt.NDArray[np.float64]:
    """Return the similarity of each pair that an earlier release compared, else NaN."""
    known = np.full(len(pairs), np.nan)
    for table in pair_signal(context.job.recipe.near_dedup).read(context.job.storage("corpus")):
        ends = [pc.index_in(table[name].combine_chunks(), ids) for name in ("content_id", "other_content_id")]
        one, other = (column.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64) for column in ends)
        here = np.flatnonzero((one >= 0) & (other >= 0))
        packed = dedup.pack_pairs(
            np.minimum(one[here], other[here]).astype(np.uint64),
            np.maximum(one[here], other[here]).astype(np.uint64),
        )
        at = np.searchsorted(pairs, packed)
        hit = np.flatnonzero(at < len(pairs))
        hit = hit[pairs[at[hit]] == packed[hit]]
        known[at[hit]] = table["similarity"].to_numpy()[here[hit]]
    return known


def _groups(roots: _Numbers, left: _Numbers, right: _Numbers, lengths: _Numbers) -> _Numbers:
    """Return the group of each pair: whole parts, as many as fit a group's bytes and pairs."""
    if not len(roots):
        return np.empty(0, dtype=np.int64)
    parts, part = np.unique(roots, return_inverse=True)
    ends = np.flatnonzero(_are_named(left, right, blobs=len(lengths)))
    of_ends = _of_places(part, left, right, blobs=len(lengths))[ends]
    sizes = np.bincount(of_ends, weights=lengths[ends], minlength=len(parts))
    counts = np.bincount(part, minlength=len(parts))
    weights = np.maximum(sizes / GROUP_BYTES, counts / GROUP_PAIR_LIMIT)
    # As many groups as the weight asks for (and a few, for workers), each part to the one with the least so far, heaviest part first.
    heap = [(0.0, number) for number in range(min(len(parts), max(LEAST_RANGES, math.ceil(weights.sum()))))]
    group = np.empty(len(parts), dtype=np.int64)
    for number in np.lexsort((parts, -weights)).tolist():
        weight, least = heap[0]
        group[number] = least
        heapq.heapreplace(heap, (weight + float(weights[number]), least))
    return group[part]


STAGE = Stage(
    "group_pairs", 1, plan, run, sections=("near_dedup",), versions=versions_of("dedup", "signature")
)
