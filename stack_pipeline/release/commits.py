"""The commits whose origins a release takes, and the row of the view that speaks for each."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

_KEY = "commit key"


def taken_commits(view: pa.Table) -> pa.Table:
    """Return a row of the view per commit that was read and stays.

    Opted-out repositories were counted with the view, whether their blobs were ever read or not. A commit that several
    refs name, or that was read twice, has its origins once: under the first of its refs, in the first of its snapshots.

    Args:
        view: Rows of `VIEW`.
    """
    stays = pc.invert(pc.fill_null(view["opted_out"], False))
    read = view.filter(pc.and_(pc.equal(view["status"], "read"), stays))
    names = pa.table({"repository": read["repository"], "ref": pc.fill_null(read["ref"], "")})
    read = read.take(pc.sort_indices(names, [(name, "ascending") for name in names.column_names]))
    numbered = pa.table({_KEY: commit_keys(read), "row": range(len(read)), "snapshot": read["snapshot"]})
    commits = numbered.group_by(_KEY, use_threads=False).aggregate([("row", "min"), ("snapshot", "min")])
    position = read.column_names.index("snapshot")
    return read.take(commits["row_min"]).set_column(position, "snapshot", commits["snapshot_min"])


def commit_keys(rows: pa.Table) -> pa.ChunkedArray:
    """Return what names the commit of each row of a table with `repository` and `commit`."""
    return pc.binary_join_element_wise(rows["commit"], rows["repository"], " ")
