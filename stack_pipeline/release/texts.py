"""Read the texts of wanted blobs out of the snapshots, a bounded number of bytes at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from stack_pipeline.release.take_view import task_bounds
from stack_pipeline.tasks import TaskContext


def iter_texts(
    context: TaskContext, wanted: pa.ChunkedArray | pa.Array, *, columns: Sequence[str] = ("text",)
) -> Iterator[pa.Table]:
    """Yield the contents of wanted ids, each once, in pieces of a row group of one chunk per column.

    Args:
        context: A task planned by `range_tasks`, among whose inputs are contents files.
        wanted: Content ids.
        columns: Columns of contents beside their id.
    """
    ids = wanted.combine_chunks() if isinstance(wanted, pa.ChunkedArray) else wanted
    if not len(ids):
        return
    names, bounds = ["content_id", *columns], task_bounds(context)
    for ref in context.task.files("contents"):
        for table in context.iter(ref, columns=names, key="content_id", bounds=bounds):
            is_wanted = pc.is_in(table["content_id"], value_set=ids)
            found = table if pc.all(is_wanted).as_py() else table.filter(is_wanted)
            if found.num_rows:
                yield found.combine_chunks()
