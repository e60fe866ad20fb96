"""Read the texts of wanted blobs out of the snapshots, a bounded number of bytes at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from stack_pipeline.jobs import FileRef
from stack_pipeline.tasks import TaskContext

COLUMNS = ("content_id", "sha1", "encoding", "length_bytes", "text")


def iter_texts(
    context: TaskContext, refs: Iterable[FileRef], wanted: pa.ChunkedArray | pa.Array, bounds: tuple[str, str]
) -> Iterator[pa.Table]:
    """Yield the contents of wanted ids, each once, in pieces of a row group.

    Args:
        context: The running task.
        refs: Contents files.
        wanted: Content ids.
        bounds: Range of ids to look in.
    """
    ids = wanted.combine_chunks() if isinstance(wanted, pa.ChunkedArray) else wanted
    if not len(ids):
        return
    for ref in refs:
        for table in context.iter(ref, columns=list(COLUMNS), key="content_id", bounds=bounds):
            found = table.filter(pc.is_in(table["content_id"], value_set=ids))
            if found.num_rows:
                yield found.combine_chunks()
