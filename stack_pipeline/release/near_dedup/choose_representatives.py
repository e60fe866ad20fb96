"""Choose who stands for whom: star clusters over the verified pairs, in rank order."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

import dedup
from stack_pipeline.accounting import Account, check_handover
from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.reasons import Reason
from stack_pipeline.release.near_dedup.order_blobs import read_order
from stack_pipeline.release.work_tables import NEAR_CLUSTERS, VERIFIED_PAIRS
from stack_pipeline.tasks import Finished, TaskContext
from stack_pipeline.versions import versions_of


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan the one task; it also accounts for the blobs that were too short to compare."""
    before = finished.account("filter_blobs")
    exact = finished.account("exact_dedup")
    check_handover(
        "exact_dedup", kept=exact.kept.files, next_stage="filter_blobs", taken_in=before.taken_in.files
    )
    inputs = (*finished.files("order_blobs", "order"), *finished.files("verify_pairs", "pairs"))
    params = {"blobs": before.kept.files, "size_bytes": before.kept.size_bytes}
    return [Task("choose_representatives", "all", params, inputs)]


def run(context: TaskContext) -> None:
    """Write the clusters by content id."""
    account = context.account = Account("blob")
    clusters = NEAR_CLUSTERS.empty_table()
    removed = removed_bytes = 0
    if context.task.files("order"):
        order = read_order(context)
        clusters = _clusters(context, order)
        gone = clusters.filter(pc.not_equal(clusters["content_id"], clusters["representative"]))
        lengths = order.filter(pc.is_in(order["content_id"], value_set=gone["content_id"].combine_chunks()))
        removed, removed_bytes = gone.num_rows, pc.sum(lengths["length_bytes"]).as_py() or 0
    if removed:
        account.drop(Reason.NEAR_DUPLICATE, removed, removed_bytes)
    params = context.task.params
    account.keep(params["blobs"] - removed, params["size_bytes"] - removed_bytes)
    context.write("clusters", NEAR_CLUSTERS, clusters.sort_by("content_id"))


def _clusters(context: TaskContext, order: pa.Table) -> pa.Table:
    pairs = context.read_all(context.task.files("pairs"), VERIFIED_PAIRS)
    verified = dedup.VerifiedPairs(*(pairs[name].to_numpy() for name in VERIFIED_PAIRS.names))
    found = dedup.choose_representatives(
        order["content_id"].combine_chunks(), verified, threshold=context.job.recipe.near_dedup.threshold
    )
    columns = [found["id"], found["representative"], found["similarity"]]
    return pa.table(columns, schema=NEAR_CLUSTERS)


STAGE = Stage(
    "choose_representatives",
    1,
    plan,
    run,
    sections=("near_dedup",),
    versions=versions_of("dedup", "signature"),
)
