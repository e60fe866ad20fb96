"""Bring every table to published ids and published names, a range of content ids at a time."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.ranges import LEAST_RANGES, power_of_two, range_name
from stack_pipeline.reasons import Reason
from stack_pipeline.release.commits import commit_keys, taken_commits
from stack_pipeline.release.published_ids import PublishedIds
from stack_pipeline.release.published_names import name_origins, name_representatives, published_license_ids
from stack_pipeline.release.publishing import Publisher
from stack_pipeline.release.take_view import snapshot_files, task_bounds
from stack_pipeline.release.work_tables import (
    BLOB_DROPS,
    JUDGED_ORIGINS,
    NAME_ROWS,
    NEAR_CLUSTERS,
    SHUFFLED_GROUP_BYTES,
)
from stack_pipeline.selection.origin_rules import ORIGIN_RULES
from stack_pipeline.tables.columns import find_rows, with_columns
from stack_pipeline.tables.parquet import in_bounds
from stack_pipeline.tables.schema import CLUSTERS, DECISIONS, RELEASE_ORIGINS
from stack_pipeline.tasks import Finished, TaskContext
from stack_pipeline.versions import versions_of

TASK_ROWS = 1 << 17
"""Origins that a task holds, about: they are small, and each task looks through the drops and ids of all ranges."""

KEPT = "kept"
EXACT = "exact_dedup"
"""The stage whose drops are blobs that another stands for with the same text."""

_NEAREST_FIRST = pa.array(
    [KEPT, *(str(rule.reason) for rule in reversed(ORIGIN_RULES)), str(Reason.OPTED_OUT)], pa.string()
)
"""What may become of an origin, by how near it came to being kept: the last rule is nearest, an opt-out farthest."""


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan a task per range of content ids."""
    anywhere = [
        *finished.files("take_view", "view"),
        *(
            ref
            for stage in ("exact_dedup", "filter_blobs", "redact_blobs")
            for ref in finished.files(stage, "drops")
        ),
        *finished.files("choose_representatives", "clusters"),
        *finished.files("redact_blobs", "ids"),
        *snapshot_files(job, "licenses"),
    ]
    origins = finished.files("judge_origins", "origins")
    wanted = power_of_two(-(-sum(ref.rows for ref in origins) // TASK_ROWS))
    count = min(len(origins), max(LEAST_RANGES, wanted))
    share = len(origins) // count
    tasks = []
    for index in range(count):
        inputs = (*anywhere, *origins[index * share : (index + 1) * share])
        tasks.append(Task("name_rows", range_name(index, count), {"index": index, "count": count}, inputs))
    return tasks


def run(context: TaskContext) -> None:
    """Write origins, decisions, clusters and names under published ids."""
    bounds, files = task_bounds(context), context.task.files
    origins = context.read_all(files("origins"), JUDGED_ORIGINS)
    near = context.read_all(files("clusters"), NEAR_CLUSTERS, key="content_id", bounds=bounds)
    all_drops = context.read_all(files("drops"), BLOB_DROPS).combine_chunks()
    drops = all_drops.filter(in_bounds(all_drops["content_id"], bounds))
    merged = drops.filter(pc.equal(drops["stage"], EXACT))
    origins = with_columns(origins, kept_content_id=_standing(origins["content_id"], merged))
    clusters = _clusters(near, merged, _exact_heads(all_drops, bounds))
    drops = _with_fates(drops, all_drops)
    publisher = Publisher(context.job.recipe, context.job.keys())
    blobs = (
        table[name] for table in (origins, drops, clusters) for name in ("content_id", "kept_content_id")
    )
    ids = PublishedIds.read(context, publisher, blobs)
    published, names = _origins_and_names(context, origins, ids)
    for kind, schema, table, order in (
        ("origins", RELEASE_ORIGINS, published, ("content_id", "repository_id", "revision_id", "path_bytes")),
        ("decisions", DECISIONS, _decisions(origins, drops, ids), ("content_id",)),
        ("clusters", CLUSTERS, _published_clusters(clusters, ids), ("content_id", "kind")),
    ):
        context.write(kind, schema, table.sort_by([(name, "ascending") for name in order]))
    context.write("names", NAME_ROWS, names.sort_by("sort_key"), row_group_bytes=SHUFFLED_GROUP_BYTES)


def _standing(content_ids: pa.ChunkedArray, merged: pa.Table) -> pa.ChunkedArray:
    """Return the blob that stands for the text of each blob: itself, or the one that an exact duplicate went into."""
    rows = pc.index_in(content_ids, value_set=merged["content_id"])
    return pc.coalesce(merged["kept_content_id"].take(rows), content_ids)


def _exact_heads(all_drops: pa.Table, bounds: tuple[str, str]) -> pa.Array:
    """Return the blobs of this range that stand for exact duplicates, wherever those lie."""
    kept = all_drops["kept_content_id"]
    return pc.unique(kept.filter(pc.and_(pc.equal(all_drops["stage"], EXACT), in_bounds(kept, bounds))))


def _with_fates(drops: pa.Table, all_drops: pa.Table) -> pa.Table:
    """Give exact duplicates the fate of the blob that stood for them: the same text ends in the same place."""
    stood = pc.if_else(pc.equal(drops["stage"], EXACT), drops["kept_content_id"], None)
    own, fates = (pc.index_in(ids, value_set=all_drops["content_id"]) for ids in (drops["content_id"], stood))
    return with_columns(all_drops.take(pc.coalesce(fates, own)), content_id=drops["content_id"])


def _clusters(near: pa.Table, merged: pa.Table, heads: pa.Array) -> pa.Table:
    """Return the members of near and exact clusters that lie in this range, each with the blob that is kept."""
    near = near.rename_columns({"representative": "kept_content_id"})
    members = merged.select(near.column_names)
    alone = pa.table([heads, heads, np.ones(len(heads))], near.schema)
    kinds = np.repeat(["near", "exact"], [len(near), len(members) + len(heads)])
    return with_columns(pa.concat_tables([near, members, alone]), kind=pa.array(kinds, pa.string()))


def _published_clusters(clusters: pa.Table, ids: PublishedIds) -> pa.Table:
    """Return the clusters whose kept blob is published, as rows of `CLUSTERS`."""
    clusters = clusters.filter(ids.are_published(clusters["kept_content_id"]))
    representative = ids.of(clusters["kept_content_id"])
    columns = {
        "kind": clusters["kind"],
        "cluster": representative,
        "content_id": ids.of(clusters["content_id"]),
        "representative": representative,
        "similarity": clusters["similarity"],
    }
    return pa.table(columns)


def _decisions(origins: pa.Table, drops: pa.Table, ids: PublishedIds) -> pa.Table:
    """Return a decision per blob; blobs that only opted-out origins hold are counted, not listed."""
    fates = pc.index_in(pc.fill_null(origins["drop_reason"], KEPT), value_set=_NEAREST_FIRST)
    judged = pa.table({"content_id": origins["content_id"], "fate": fates})
    nearest = judged.group_by("content_id", use_threads=False).aggregate([("fate", "min")])
    reasons = pa.chunked_array([_NEAREST_FIRST]).take(nearest["fate_min"])
    stages = pc.if_else(pc.equal(reasons, KEPT), "publish", "judge_origins")
    others = pa.table({"content_id": nearest["content_id"], "stage": stages, "reason": reasons})
    decided = pc.is_in(others["content_id"], value_set=drops["content_id"])
    is_listed = pc.and_not(pc.not_equal(reasons, str(Reason.OPTED_OUT)), decided)
    rows = pa.concat_tables([drops, others.filter(is_listed)], promote_options="default")
    published = {name: ids.of(rows[name]) for name in ("content_id", "kept_content_id")}
    return with_columns(rows, **published)


def _origins_and_names(
    context: TaskContext, origins: pa.Table, ids: PublishedIds
) -> tuple[pa.Table, pa.Table]:
    """Return the published origins of kept texts, and what each representative gives to its training row."""
    stays = pc.not_equal(pc.fill_null(origins["drop_reason"], KEPT), str(Reason.OPTED_OUT))
    origins = origins.filter(pc.and_(ids.are_published(origins["kept_content_id"]), stays)).combine_chunks()
    (view,) = context.task.files("view")
    commits = taken_commits(context.read(view))
    repositories = commits.take(find_rows(commit_keys(origins), commit_keys(commits)))
    licenses = published_license_ids(
        context, ids.publisher, pc.unique(pc.list_flatten(origins["license_text_ids"]))
    )
    published = name_origins(origins, repositories, licenses, ids)
    represents = published["is_representative"]
    return published, name_representatives(
        published.filter(represents), repositories.filter(represents), ids.publisher
    )


def published_repository_id(publisher: Publisher, repository: str) -> str:
    """Return the id of a repository in a release: its identity, redacted as a name."""
    shown = publisher.name(repository)
    assert shown is not None
    return shown


STAGE = Stage("name_rows", 1, plan, run, sections=("redact", "release"), versions=versions_of("pii"))
