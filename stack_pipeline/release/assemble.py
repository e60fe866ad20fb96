"""Assemble the published files: shards per language and the parts of each table, by ranges of published ids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.ranges import power_of_two, range_bounds, range_name
from stack_pipeline.release.work_tables import NAME_ROWS, PUBLISHED_IDS, TEXT_ROWS
from stack_pipeline.tables.schema import DATA, RELEASE_ORDER, RELEASE_ORIGINS, RELEASE_TABLES
from stack_pipeline.tasks import Finished, TaskContext

PART_ROWS = 1 << 20
_TABLE_SOURCES = {
    "origins": ("name_rows", "origins"),
    "decisions": ("name_rows", "decisions"),
    "clusters": ("name_rows", "clusters"),
    "redactions": ("redact_blobs", "redactions"),
}


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan a task per shard and per table part; both are as many as a power of two."""
    texts = finished.files("redact_blobs", "texts")
    names = finished.files("name_rows", "names")
    ids = finished.files("redact_blobs", "ids")
    origins = finished.files("name_rows", "origins")
    tasks = []
    for slug, size in sorted(_language_bytes(finished).items()):
        count = power_of_two(-(-size // job.recipe.release.shard_bytes))
        for index in range(count):
            params = {"slug": slug, "index": index, "count": count}
            name = f"data-{slug}-{range_name(index, count)}"
            tasks.append(Task("assemble", name, params, (*texts, *names, *ids, *origins)))
    for table, (stage, kind) in _TABLE_SOURCES.items():
        refs = finished.files(stage, kind)
        count = power_of_two(-(-sum(ref.rows for ref in refs) // PART_ROWS))
        for index in range(count):
            params = {"table": table, "index": index, "count": count}
            tasks.append(Task("assemble", f"table-{table}-{range_name(index, count)}", params, refs))
    return tasks


def _language_bytes(finished: Finished) -> dict[str, int]:
    total: dict[str, int] = {}
    for facts in finished.facts("redact_blobs"):
        for slug, size in facts["languages"].items():
            total[slug] = total.get(slug, 0) + size
    return total


def run(context: TaskContext) -> None:
    """Write one published file."""
    params = context.task.params
    bounds = range_bounds(params["index"], params["count"])
    if "slug" in params:
        part = f"train-{range_name(params['index'], params['count'])}.parquet"
        name = f"data/{params['slug']}/{part}"
        context.write("data", DATA, _shard(context, params["slug"], bounds), root="output", name=name)
        return
    table = params["table"]
    schema = RELEASE_TABLES[table]
    rows = context.read_all(list(context.task.inputs), schema, key="content_id", bounds=bounds)
    rows = rows.sort_by([(column, "ascending") for column in RELEASE_ORDER[table]])
    context.write(
        table, schema, rows, root="output", name=table_name(table, params["index"], params["count"])
    )


def table_name(table: str, index: int, count: int) -> str:
    """Return the name of a part of a release table."""
    return f"{table}/{range_name(index, count)}.parquet"


def _shard(context: TaskContext, slug: str, bounds: tuple[str, str]) -> Iterator[pa.Table]:
    """Yield the training rows of one shard by published id, some row groups of text at a time."""
    low, high = f"{slug}/{bounds[0]}", f"{slug}/{bounds[1]}" if bounds[1] else f"{slug}0"
    keys = [
        context.read(ref, columns=["sort_key"], key="sort_key", bounds=(low, high))["sort_key"]
        for ref in context.task.files("texts")
    ]
    ordered = pa.chunked_array([c for column in keys for c in column.chunks], pa.string()).sort().to_pylist()
    step = 4096
    for start in range(0, len(ordered), step):
        stop = ordered[start + step] if start + step < len(ordered) else high
        yield _rows(context, (ordered[start], stop))


def _rows(context: TaskContext, keys: tuple[str, str]) -> pa.Table:
    """Return the training rows whose sort keys lie in a range."""
    texts = context.read_all(context.task.files("texts"), TEXT_ROWS, key="sort_key", bounds=keys).sort_by(
        "sort_key"
    )
    published = pc.list_element(pc.split_pattern(texts["sort_key"], "/"), 1)
    texts = texts.append_column("published_id", published)
    bounds = (pc.min(published).as_py(), "")
    ids = published.combine_chunks()
    names = context.read_all(context.task.files("names"), NAME_ROWS, key="content_id", bounds=bounds)
    by_id = _rows_by_id(names.filter(pc.is_in(names["content_id"], value_set=ids)))
    counts = _origin_counts(context, ids, bounds)
    clusters = _published(context, texts["near_dup_of"])
    rows = []
    for row in texts.to_pylist():
        name = by_id[row["published_id"]]
        representative = row["near_dup_of"]
        rows.append(
            {
                **row,
                **name,
                "content_id": row["published_id"],
                "near_dup_cluster": None if representative is None else clusters[representative],
                "origin_count": counts[row["published_id"]],
            }
        )
    return pa.Table.from_pylist(rows, schema=DATA)


def _rows_by_id(table: pa.Table) -> dict[str, dict[str, Any]]:
    return {row["content_id"]: row for row in table.to_pylist()}


def _origin_counts(context: TaskContext, ids: pa.Array, bounds: tuple[str, str]) -> dict[str, int]:
    """Count the published origins of each published id."""
    columns = ["content_id"]
    table = context.read_all(
        context.task.files("origins"), RELEASE_ORIGINS, columns=columns, key="content_id", bounds=bounds
    )
    counted = (
        table.filter(pc.is_in(table["content_id"], value_set=ids))
        .group_by("content_id")
        .aggregate([([], "count_all")])
    )
    return dict(zip(counted["content_id"].to_pylist(), counted["count_all"].to_pylist(), strict=True))


def _published(context: TaskContext, content_ids: pa.ChunkedArray) -> dict[str, str]:
    """Map content ids of cluster representatives, which are all kept, to published ids."""
    wanted = content_ids.drop_null().unique()
    if not len(wanted):
        return {}
    ids = context.read_all(context.task.files("ids"), PUBLISHED_IDS)
    found = ids.filter(pc.is_in(ids["content_id"], value_set=wanted))
    return dict(zip(found["content_id"].to_pylist(), found["published_id"].to_pylist(), strict=True))


STAGE = Stage("assemble", 1, plan, run, sections=("release",))
