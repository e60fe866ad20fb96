"""Redact and measure the texts that stay, give each blob its published id, and say of near-duplicates why they are out."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.reasons import Reason
from stack_pipeline.release.counting import account_of_rows
from stack_pipeline.release.published_texts import publish_texts
from stack_pipeline.release.publishing import Publisher
from stack_pipeline.release.sort_keys import slugs_of
from stack_pipeline.release.take_view import range_tasks, snapshot_files, task_bounds
from stack_pipeline.release.texts import iter_texts
from stack_pipeline.release.work_tables import BLOB_DROPS, BLOBS, NEAR_CLUSTERS, PUBLISHED_IDS, TEXT_ROWS
from stack_pipeline.tables.columns import find_rows, with_columns
from stack_pipeline.tables.schema import REDACTIONS, RELEASE_ORDER
from stack_pipeline.tasks import Finished, TaskContext
from stack_pipeline.versions import versions_of

TEXT_GROUP_BYTES = 1 << 20
"""Small row groups: each language is read out of every file."""


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan a task per range of content ids."""
    inputs = [*finished.files("choose_representatives", "clusters"), *snapshot_files(job, "contents")]
    return range_tasks("redact_blobs", finished, inputs, same_range=[("filter_blobs", "blobs")])


def run(context: TaskContext) -> None:
    """Write text rows, redactions, the map of published ids, and why near-duplicates are out."""
    blobs = _with_clusters(context)
    stays = pc.fill_null(pc.equal(blobs["representative"], blobs["content_id"]), fill_value=True)
    kept = blobs.filter(stays).combine_chunks()
    publisher = Publisher(context.job.recipe, context.job.keys())
    batches = [
        publish_texts(_beside(texts, kept), publisher)
        for texts in iter_texts(
            context, kept["content_id"], columns=["sha1", "encoding", "text_sha256", "text"]
        )
    ]
    ids = _all(PUBLISHED_IDS, [batch.ids for batch in batches])
    if missing := len(kept) - len(ids):
        raise OSError(f"{missing} texts are not in the corpus")
    context.account = account_of_rows("blob", pa.nulls(len(kept), pa.string()), kept["length_bytes"])
    texts = _all(TEXT_ROWS, [batch.rows for batch in batches]).sort_by("sort_key")
    context.write("texts", TEXT_ROWS, texts, row_group_bytes=TEXT_GROUP_BYTES)
    order = [(name, "ascending") for name in RELEASE_ORDER["redactions"]]
    redactions = _all(REDACTIONS, [batch.redactions for batch in batches]).sort_by(order)
    context.write("redactions", REDACTIONS, redactions)
    context.write("ids", PUBLISHED_IDS, ids.sort_by("content_id"))
    context.write("drops", BLOB_DROPS, _drops(blobs.filter(pc.invert(stays))))
    context.facts = {"languages": _language_bytes(texts)}


def _with_clusters(context: TaskContext) -> pa.Table:
    """Return the blobs of the task in order, with the representative of their near-duplicates, null without any."""
    files, bounds = context.task.files, task_bounds(context)
    blobs = context.read_all(files("blobs"), BLOBS)
    clusters = context.read_all(files("clusters"), NEAR_CLUSTERS, key="content_id", bounds=bounds)
    mine = clusters.take(pc.index_in(blobs["content_id"], value_set=clusters["content_id"]))
    return with_columns(blobs, representative=mine["representative"], similarity=mine["similarity"])


def _beside(texts: pa.Table, blobs: pa.Table) -> pa.Table:
    """Return texts with what is known of their blobs."""
    mine = blobs.take(find_rows(texts["content_id"], blobs["content_id"])).combine_chunks()
    return with_columns(texts, language=mine["language"], in_cluster=pc.is_valid(mine["representative"]))


def _all(schema: pa.Schema, tables: list[pa.Table]) -> pa.Table:
    return pa.concat_tables([schema.empty_table(), *tables])


def _drops(near: pa.Table) -> pa.Table:
    """Return a row per near-duplicate that goes."""
    columns = {
        "content_id": near["content_id"],
        "stage": pa.repeat("near_dedup", len(near)),
        "reason": pa.repeat(str(Reason.NEAR_DUPLICATE), len(near)),
        "rule": pa.repeat("exact Jaccard similarity", len(near)),
        "kept_content_id": near["representative"],
        "similarity": near["similarity"],
    }
    return pa.table(columns, BLOB_DROPS)


def _language_bytes(texts: pa.Table) -> dict[str, int]:
    """Return the bytes of published text by language slug."""
    sizes = pa.table({"slug": slugs_of(texts["sort_key"]), "size": texts["length_bytes"]})
    sums = sizes.group_by("slug", use_threads=False).aggregate([("size", "sum")])
    return dict(zip(sums["slug"].to_pylist(), sums["size_sum"].to_pylist(), strict=True))


STAGE = Stage("redact_blobs", 1, plan, run, sections=("redact", "release"), versions=versions_of("pii"))
