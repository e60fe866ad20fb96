"""Assemble the published files: shards per language and the parts of each table, by ranges of published ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.ranges import power_of_two, range_bounds, range_name
from stack_pipeline.release.sort_keys import published_ids_of
from stack_pipeline.release.work_tables import NAME_COLUMNS, NAME_ROWS, TEXT_ROWS
from stack_pipeline.tables.columns import find_rows
from stack_pipeline.tables.schema import DATA, RELEASE_ORDER, RELEASE_ORIGINS, RELEASE_TABLES
from stack_pipeline.tasks import Finished, TaskContext

PART_ROWS = 1 << 20
GROUP_BYTES = 32 << 20
GROUP_SHARDS = 16
PIECE_BYTES = 64 << 20
"""Bytes of text that are read at once, as far as single texts allow."""

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
    origins = finished.files("name_rows", "origins")
    tasks = []
    for number, shards in enumerate(_groups(_shards(job, finished))):
        task = f"data-{number:05d}"
        tasks.append(Task("assemble", task, {"shards": shards}, (*texts, *names, *origins)))
    for table, (stage, kind) in _TABLE_SOURCES.items():
        refs = finished.files(stage, kind)
        count = power_of_two(-(-sum(ref.rows for ref in refs) // PART_ROWS))
        for index in range(count):
            params = {"table": table, "index": index, "count": count}
            tasks.append(Task("assemble", f"table-{table}-{range_name(index, count)}", params, refs))
    return tasks


def _shards(job: Job, finished: Finished) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield every shard and about how many bytes of text it holds, in the order of sort keys."""
    for slug, size in sorted(_language_bytes(finished).items(), key=lambda language: f"{language[0]}/"):
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
        _write_shards(context, params["shards"])
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


def _write_shards(context: TaskContext, shards: list[dict[str, Any]]) -> None:
    """Write shards whose ranges of sort keys follow each other."""
    bounds = _key_bounds(shards[0])[0], _key_bounds(shards[-1])[1]
    keys, sizes = _ordered(context, bounds)
    beside = _Beside.of(context, keys, bounds)
    texts = _Texts(_pieces(context, keys, sizes, end=bounds[1]))
    for shard in shards:
        part = f"train-{range_name(shard['index'], shard['count'])}.parquet"
        rows = map(beside.training_rows, texts.until(_key_bounds(shard)[1]))
        context.write("data", DATA, rows, root="output", name=f"data/{shard['slug']}/{part}")


def _ordered(context: TaskContext, bounds: tuple[str, str]) -> tuple[pa.Array, Any]:
    """Return the sort keys of all texts in a range of them, in order, and their sizes."""
    names = ["sort_key", "length_bytes"]
    rows = context.read_all(
        context.task.files("texts"), TEXT_ROWS, columns=names, key="sort_key", bounds=bounds
    ).sort_by("sort_key")
    rows = rows.combine_chunks()
    return rows["sort_key"].combine_chunks(), rows["length_bytes"].to_numpy()


def _pieces(context: TaskContext, keys: pa.Array, sizes: Any, *, end: str) -> Iterator[pa.Table]:
    """Yield the texts of these keys, in order, some of them at a time."""
    ends = np.cumsum(sizes)
    start = 0
    while start < len(keys):
        before = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + PIECE_BYTES, side="right")))
        bounds = (keys[start].as_py(), keys[stop].as_py() if stop < len(keys) else end)
        texts = context.read_all(context.task.files("texts"), TEXT_ROWS, key="sort_key", bounds=bounds)
        yield texts.sort_by("sort_key")
        start = stop


@dataclass
class _Texts:
    """Rows of text in order of their keys, which are taken off the front."""

    pieces: Iterator[pa.Table]
    rest: pa.Table = field(default_factory=TEXT_ROWS.empty_table)

    def until(self, high: str) -> Iterator[pa.Table]:
        """Yield the rows before a key; an empty one is after all."""
        while True:
            below = int(pc.sum(pc.less(self.rest["sort_key"], high)).as_py() or 0) if high else len(self.rest)
            piece, self.rest = self.rest.slice(0, below), self.rest.slice(below)
            if piece.num_rows:
                yield piece
            following = None if self.rest.num_rows else next(self.pieces, None)
            if following is None:
                return
            self.rest = following


@dataclass(frozen=True)
class _Beside:
    """What the texts of a task are joined with: names by sort key, numbers of origins by published id."""

    names: pa.Table
    counts: pa.Table

    @classmethod
    def of(cls, context: TaskContext, keys: pa.Array, bounds: tuple[str, str]) -> _Beside:
        """Read what belongs to the texts in a range of sort keys."""
        names = context.read_all(context.task.files("names"), NAME_ROWS, key="sort_key", bounds=bounds)
        return cls(names.combine_chunks(), _origin_counts(context, published_ids_of(keys)))

    def training_rows(self, texts: pa.Table) -> pa.Table:
        """Return the training rows of rows of text."""
        ids = published_ids_of(texts["sort_key"])
        counts = self.counts.take(find_rows(ids, self.counts["content_id"]))
        names = self.names.take(find_rows(texts["sort_key"], self.names["sort_key"]))
        given = {"content_id": ids, "origin_count": counts["count_all"]}
        columns = [
            given[name] if name in given else (names if name in NAME_COLUMNS else texts)[name]
            for name in DATA.names
        ]
        return pa.table([column.cast(field.type) for column, field in zip(columns, DATA, strict=True)], DATA)


def _origin_counts(context: TaskContext, ids: pa.Array) -> pa.Table:
    """Return how many origins each of some published ids has."""
    pieces = [
        table.filter(pc.is_in(table["content_id"], value_set=ids))
        for ref in context.task.files("origins")
        for table in context.iter(ref, columns=["content_id"])
    ]
    rows = pa.concat_tables([RELEASE_ORIGINS.empty_table().select(["content_id"]), *pieces])
    return rows.group_by("content_id").aggregate([([], "count_all")]).combine_chunks()


STAGE = Stage("assemble", 1, plan, run, sections=("release",))
