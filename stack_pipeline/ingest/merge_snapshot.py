"""Merge what the reading tasks wrote by ranges of content id; a blob that an earlier snapshot holds is not stored again."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from stack_pipeline.corpus import open_corpus
from stack_pipeline.ingest.read_files import repositories_to_read
from stack_pipeline.jobs import FileRef, Job, Stage, Task
from stack_pipeline.ranges import range_bounds, range_count, range_name
from stack_pipeline.tables.schema import CONTENTS, ORIGINS
from stack_pipeline.tasks import Finished, TaskContext

_ORDER = ("content_id", "repository", "commit", "entry_index")


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan a task per range of content ids; their number follows from the bytes listed."""
    rows = repositories_to_read(job, finished)
    if not rows:
        return []
    count = range_count(sum(row["entry_bytes"] for row in rows.values()))
    inputs = (*finished.files("read_files", "origins"), *finished.files("read_files", "contents"))
    earlier = [
        ref
        for snapshot in open_corpus(job.corpus).snapshots()
        if snapshot.number < job.snapshot
        for ref in snapshot.files("contents")
    ]
    return [
        Task(
            "merge_snapshot",
            range_name(index, count),
            {"index": index, "count": count, "snapshot": job.snapshot},
            (*inputs, *(_renamed(ref, "earlier") for ref in earlier)),
        )
        for index in range(count)
    ]


def _renamed(ref: FileRef, kind: str) -> FileRef:
    return FileRef(kind, ref.root, ref.name, ref.rows, ref.size_bytes, ref.sha256, ref.logical)


def run(context: TaskContext) -> None:
    """Write this range's origins and new contents into the snapshot's folder, under names no other task has."""
    params = context.task.params
    bounds = range_bounds(params["index"], params["count"])
    folder = f"snapshots/{params['snapshot']}"
    suffix = f"{context.task.name}-{context.task_id[:8]}.parquet"
    origins = context.read_all(context.task.files("origins"), ORIGINS, key="content_id", bounds=bounds)
    origins = origins.sort_by([(name, "ascending") for name in _ORDER])
    context.write("origins", ORIGINS, origins, root="corpus", name=f"{folder}/origins/{suffix}")
    context.write(
        "contents",
        CONTENTS,
        _new_contents(context, bounds),
        root="corpus",
        name=f"{folder}/contents/{suffix}",
    )


def _new_contents(context: TaskContext, bounds: tuple[str, str]) -> Iterator[pa.Table]:
    """Yield the contents that are not stored yet, once each, by content id, holding a few row groups at a time."""
    held: set[str] = set()
    for ref in context.task.files("earlier"):
        held.update(
            context.read(ref, columns=["content_id"], key="content_id", bounds=bounds)[
                "content_id"
            ].to_pylist()
        )
    refs = context.task.files("contents")
    owner: dict[str, int] = {}
    for number, ref in enumerate(refs):
        ids = context.read(ref, columns=["content_id"], key="content_id", bounds=bounds)[
            "content_id"
        ].to_pylist()
        for content_id in ids:
            if content_id not in held:
                owner.setdefault(content_id, number)
    ordered = sorted(owner)
    step = max(1, len(ordered) // max(1, _pieces(context)))
    for start in range(0, len(ordered), step):
        low = ordered[start]
        high = ordered[start + step] if start + step < len(ordered) else bounds[1]
        pieces = []
        for number, ref in enumerate(refs):
            table = context.read(ref, key="content_id", bounds=(low, high))
            mine = [owner.get(content_id) == number for content_id in table["content_id"].to_pylist()]
            pieces.append(table.filter(pa.array(mine, pa.bool_())))
        yield pa.concat_tables(pieces).sort_by("content_id")


def _pieces(context: TaskContext) -> int:
    """Return in how many pieces a range is merged, so that one fits the memory budget."""
    total = sum(ref.size_bytes for ref in context.task.files("contents"))
    share = total * 6 // int(context.task.params["count"])  # about six bytes of text per compressed byte
    return -(-share // context.job.recipe.engine.memory_bytes)


STAGE = Stage("merge_snapshot", 1, plan, run)
