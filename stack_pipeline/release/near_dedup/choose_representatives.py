"""Bring the clusters of all groups together, account for what goes, and raise the alarm before a language is wiped out."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import dedup
from stack_pipeline.accounting import Account, check_handover
from stack_pipeline.errors import RunFailed
from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.reasons import Reason
from stack_pipeline.release.near_dedup.order_blobs import read_order
from stack_pipeline.release.work_tables import BLOBS, NEAR_CLUSTERS, REPRESENTATIVES
from stack_pipeline.tasks import Finished, TaskContext
from stack_pipeline.versions import versions_of


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan the one task; it also accounts for the blobs that were too short to compare."""
    before = finished.account("filter_blobs")
    exact = finished.account("exact_dedup")
    check_handover(
        "exact_dedup", kept=exact.kept.files, next_stage="filter_blobs", taken_in=before.taken_in.files
    )
    inputs = (
        *finished.files("order_blobs", "order"),
        *finished.files("cluster_groups", "clusters"),
        *finished.files("filter_blobs", "blobs"),
    )
    params = {"blobs": before.kept.files, "size_bytes": before.kept.size_bytes}
    return [Task("choose_representatives", "all", params, inputs)]


def run(context: TaskContext) -> None:
    """Write the clusters by content id.

    Raises:
        RunFailed: If the outcome raises an alarm that stops and the recipe does not accept it.
    """
    account = context.account = Account("blob")
    clusters = NEAR_CLUSTERS.empty_table()
    removed = removed_bytes = 0
    alarms: tuple[dedup.Alarm, ...] = ()
    if context.task.files("order"):
        order = read_order(context)
        clusters, gone = _clusters(context, order)
        removed = len(gone)
        removed_bytes = int(order["length_bytes"].to_numpy()[gone].sum())
        alarms = _alarms(context, clusters)
    if removed:
        account.drop(Reason.NEAR_DUPLICATE, removed, removed_bytes)
    params = context.task.params
    account.keep(params["blobs"] - removed, params["size_bytes"] - removed_bytes)
    context.write("clusters", NEAR_CLUSTERS, clusters.sort_by("content_id"))
    context.facts = {"alarms": [_shown(alarm) for alarm in alarms]}
    _stop_at(alarms, accept=context.job.recipe.near_dedup.accept_alarms)


def _clusters(context: TaskContext, order: pa.Table) -> tuple[pa.Table, Any]:
    """Return the clusters, the kept blobs included, and the places that go."""
    found = context.read_all(context.task.files("clusters"), REPRESENTATIVES)
    member, stands = (found[name].to_numpy().astype(np.int64) for name in ("member", "representative"))
    heads = np.unique(stands)
    ids = order["content_id"].combine_chunks()
    columns = [
        ids.take(pa.array(np.concatenate([member, heads]))),
        ids.take(pa.array(np.concatenate([stands, heads]))),
        pa.array(np.concatenate([found["similarity"].to_numpy(), np.ones(len(heads))])),
    ]
    return pa.table(columns, schema=NEAR_CLUSTERS), member


def _alarms(context: TaskContext, clusters: pa.Table) -> tuple[dedup.Alarm, ...]:
    blobs = context.read_all(context.task.files("blobs"), BLOBS, columns=["content_id", "language"])
    goes = clusters.filter(pc.not_equal(clusters["content_id"], clusters["representative"]))
    gone = blobs.filter(pc.is_in(blobs["content_id"], goes["content_id"].combine_chunks()))
    files, removed = (Counter(table["language"].to_pylist()) for table in (blobs, gone))
    groups = [dedup.GroupCount("language", name, count, removed[name]) for name, count in files.items()]
    sizes = Counter(clusters["representative"].to_pylist())
    return dedup.wipe_out_alarms(groups, clusters=sizes.items(), files=blobs.num_rows)


def _shown(alarm: dedup.Alarm) -> dict[str, Any]:
    return {"level": alarm.level, "kind": alarm.kind, "subject": alarm.subject, **dict(alarm.figures)}


def _stop_at(alarms: tuple[dedup.Alarm, ...], *, accept: bool) -> None:
    stops = [alarm for alarm in alarms if alarm.level == "stop"]
    if stops and not accept:
        more = f" (and {len(stops) - 1} more)" if len(stops) > 1 else ""
        raise RunFailed(
            f"near-deduplication would remove too much: {ascii(stops[0].message)[1:-1]}{more}",
            hint="look at these files first; `accept_alarms = true` under [near_dedup] lets it pass and is recorded",
        )


STAGE = Stage(
    "choose_representatives",
    1,
    plan,
    run,
    sections=("near_dedup",),
    versions=versions_of("dedup", "signature"),
)
