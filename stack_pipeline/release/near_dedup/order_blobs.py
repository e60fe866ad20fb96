"""Put all signed blobs in rank order: a blob's place in it is its number in pairs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stack_pipeline.jobs import FileRef, Job, Stage, Task
from stack_pipeline.release.work_tables import ORDER
from stack_pipeline.tasks import Finished, TaskContext


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan the one task, if anything was signed."""
    keys = finished.files("sign_blobs", "keys")
    return [Task("order_blobs", "all", {}, keys)] if keys else []


def run(context: TaskContext) -> None:
    """Write content id, file number and row of each blob, best rank first."""
    pieces = []
    for number, ref in enumerate(context.task.files("keys")):
        table = context.read(ref, columns=["content_id", "blob_rank", "length_bytes"])
        rows = pa.array(np.arange(table.num_rows, dtype=np.int64))
        files = pa.array(np.full(table.num_rows, number, dtype=np.int32))
        pieces.append(table.append_column("file", files).append_column("row", rows))
    table = pa.concat_tables(pieces).sort_by([("blob_rank", "ascending"), ("content_id", "ascending")])
    context.write("order", ORDER, table.select(ORDER.names))


def read_order(context: TaskContext) -> pa.Table:
    """Return the order table among a task's inputs."""
    (ref,) = context.task.files("order")
    return context.read(ref)


def place_of_rows(order: pa.Table, refs: Sequence[FileRef]) -> npt.NDArray[np.int64]:
    """Return for each place the row of its blob among the rows of all keys files, one after the other."""
    starts = np.concatenate([[0], np.cumsum([ref.rows for ref in refs])])
    rows: npt.NDArray[np.int64] = starts[order["file"].to_numpy()] + order["row"].to_numpy()
    return rows


STAGE = Stage("order_blobs", 1, plan, run)
