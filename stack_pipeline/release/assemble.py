"""Assemble the published files: shards per language and the parts of each table, by ranges of published ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.ranges import power_of_two, range_bounds, range_name
from stack_pipeline.release.work_tables import NAME_ROWS, PUBLISHED_IDS, TEXT_ROWS
from stack_pipeline.tables.schema import DATA, RELEASE_ORDER, RELEASE_ORIGINS, RELEASE_TABLES
from stack_pipeline.tasks import Finished, TaskContext

PART_ROWS = 1 << 20
GROUP_BYTES = 32 << 20
GROUP_SHARDS = 16
_ROWS_AT_ONCE = 4096
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
    for number, shards in enumerate(_groups(_shards(job, finished))):
        task = f"data-{number:05d}"
        tasks.append(Task("assemble", task, {"shards": shards}, (*texts, *names, *ids, *origins)))
    for table, (stage, kind) in _TABLE_SOURCES.items():
        refs = finished.files(stage, kind)
        count = power_of_two(-(-sum(ref.rows for ref in refs) // PART_ROWS))
        for index in range(count):
            params = {"table": table, "index": index, "count": count}
            tasks.append(Task("assemble", f"table-{table}-{range_name(index, count)}", params, refs))
    return tasks


def _shards(job: Job, finished: Finished) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield every shard and about how many bytes of text it holds, by language."""
    for slug, size in sorted(_language_bytes(finished).items()):
        count = power_of_two(-(-size // job.recipe.release.shard_bytes))
        for index in range(count):
            yield {"slug": slug, "index": index, "count": count}, size // count


def _groups(shards: Iterable[tuple[dict[str, Any], int]]) -> Iterator[list[dict[str, Any]]]:
    """Gather small shards, so that a task has work worth its start and a set of many languages few tasks."""
    waiting: list[dict[str, Any]] = []
    waiting_bytes = 0
    for shard, size in shards:
        waiting.append(shard)
        waiting_bytes += size
        if waiting_bytes >= GROUP_BYTES or len(waiting) == GROUP_SHARDS:
            yield waiting
            waiting, waiting_bytes = [], 0
    if waiting:
        yield waiting


def _language_bytes(finished: Finished) -> dict[str, int]:
    total: dict[str, int] = {}
    for facts in finished.facts("redact_blobs"):
        for slug, size in facts["languages"].items():
            total[slug] = total.get(slug, 0) + size
    return total


def run(context: TaskContext) -> None:
    """Write some shards, or one part of a table."""
    params = context.task.params
    if "shards" in params:
        beside = _beside(context, params["shards"])
        for shard in params["shards"]:
            part = f"train-{range_name(shard['index'], shard['count'])}.parquet"
            name = f"data/{shard['slug']}/{part}"
            context.write("data", DATA, _shard_rows(context, shard, beside), root="output", name=name)
        return
    bounds = range_bounds(params["index"], params["count"])
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


def _key_bounds(shard: dict[str, Any]) -> tuple[str, str]:
    """Return the range of sort keys of a shard: its language, and its range of published ids."""
    low, high = range_bounds(shard["index"], shard["count"])
    return f"{shard['slug']}/{low}", f"{shard['slug']}/{high}" if high else f"{shard['slug']}0"


def _shard_rows(context: TaskContext, shard: dict[str, Any], beside: _Beside) -> Iterator[pa.Table]:
    """Yield the training rows of one shard by published id, some row groups of text at a time."""
    low, high = _key_bounds(shard)
    ordered = _sort_keys(context, (low, high)).sort().to_pylist()
    for start in range(0, len(ordered), _ROWS_AT_ONCE):
        stop = ordered[start + _ROWS_AT_ONCE] if start + _ROWS_AT_ONCE < len(ordered) else high
        texts = context.read_all(
            context.task.files("texts"), TEXT_ROWS, key="sort_key", bounds=(ordered[start], stop)
        )
        rows = [beside.training_row(row) for row in texts.sort_by("sort_key").to_pylist()]
        yield pa.Table.from_pylist(rows, schema=DATA)


def _sort_keys(context: TaskContext, bounds: tuple[str, str]) -> pa.Array:
    keys = [
        chunk
        for ref in context.task.files("texts")
        for chunk in context.read(ref, columns=["sort_key"], key="sort_key", bounds=bounds)["sort_key"].chunks
    ]
    return pa.chunked_array(keys, pa.string()).combine_chunks()


@dataclass(frozen=True)
class _Beside:
    """What the texts of a task's shards are joined with, by published id."""

    names: dict[str, dict[str, Any]]
    origin_counts: dict[str, int]
    representatives: dict[str, str]

    def training_row(self, text: dict[str, Any]) -> dict[str, Any]:
        """Return the training row of a text row."""
        published_id = text["sort_key"].split("/", 1)[1]
        representative = text["near_dup_of"]
        return {
            **text,
            **self.names[published_id],
            "content_id": published_id,
            "near_dup_cluster": None if representative is None else self.representatives[representative],
            "origin_count": self.origin_counts[published_id],
        }


def _beside(context: TaskContext, shards: list[dict[str, Any]]) -> _Beside:
    """Read names, origin counts and cluster representatives of all texts of some shards."""
    keys = pa.concat_arrays([_sort_keys(context, _key_bounds(shard)) for shard in shards])
    ids = pc.list_element(pc.split_pattern(keys, "/"), 1)
    names = _of_ids(context, "names", NAME_ROWS, ids).to_pylist()
    counts = _of_ids(context, "origins", RELEASE_ORIGINS, ids, columns=["content_id"])
    counted = counts.group_by("content_id").aggregate([([], "count_all")])
    return _Beside(
        {row["content_id"]: row for row in names},
        dict(zip(counted["content_id"].to_pylist(), counted["count_all"].to_pylist(), strict=True)),
        _representatives(context, shards),
    )


def _of_ids(context: TaskContext, kind: str, schema: pa.Schema, ids: pa.Array, **options: Any) -> pa.Table:
    """Return the rows of a kind of input whose published id is among some."""
    pieces = [
        table.filter(pc.is_in(table["content_id"], value_set=ids))
        for ref in context.task.files(kind)
        for table in context.iter(ref, **options)
    ]
    names = options.get("columns") or schema.names
    return pa.concat_tables([pa.schema([schema.field(name) for name in names]).empty_table(), *pieces])


def _representatives(context: TaskContext, shards: list[dict[str, Any]]) -> dict[str, str]:
    """Map the content ids of cluster representatives, which are all kept, to published ids."""
    columns = ["near_dup_of"]
    wanted = pa.chunked_array(
        [
            chunk
            for shard in shards
            for ref in context.task.files("texts")
            for chunk in context.read(ref, columns=columns, key="sort_key", bounds=_key_bounds(shard))[
                columns[0]
            ].chunks
        ],
        pa.string(),
    )
    found = _of_ids(context, "ids", PUBLISHED_IDS, wanted.drop_null().unique())
    return dict(zip(found["content_id"].to_pylist(), found["published_id"].to_pylist(), strict=True))


STAGE = Stage("assemble", 1, plan, run, sections=("release",))
