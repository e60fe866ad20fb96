"""Judge every origin of the view, opt-out first, and elect the representative of each blob among those that passed."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stack_pipeline.jobs import FileRef, Job, Stage, Task
from stack_pipeline.release.commits import commit_keys, taken_commits
from stack_pipeline.release.counting import account_of_rows
from stack_pipeline.release.judging import are_read, judge
from stack_pipeline.release.take_view import range_tasks, snapshot_files, task_bounds
from stack_pipeline.release.work_tables import BLOBS, JUDGED_ORIGINS, SHUFFLED_GROUP_BYTES
from stack_pipeline.selection.rank import blob_rank, origin_rank
from stack_pipeline.tables.columns import distinct_rows, find_rows, with_columns
from stack_pipeline.tables.schema import CONTENTS, ORIGINS
from stack_pipeline.tasks import Finished, TaskContext
from stack_pipeline.versions import versions_of


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan a task per range of content ids."""
    inputs = [
        *finished.files("take_view", "view"),
        *snapshot_files(job, "origins"),
        *snapshot_files(job, "contents"),
    ]
    return range_tasks("judge_origins", finished, inputs)


def run(context: TaskContext) -> None:
    """Write every judged origin, and a row per blob with an origin that passed, sorted by the digest of its text."""
    (view_ref,) = context.task.files("view")
    commits = taken_commits(context.read(view_ref))
    origins = judge(_origins(context, commits), commits, recipe=context.job.recipe, rules=context.job.rules())
    context.account = account_of_rows("origin", origins["drop_reason"], origins["size_bytes"])
    rows = pa.array(np.arange(len(origins)))
    passed = with_columns(origins, row=rows).filter(pc.is_null(origins["drop_reason"]))
    best = _best_of_each_blob(passed, commits)
    origins = with_columns(origins, is_representative=pc.is_in(rows, value_set=best["row"]))
    context.write("origins", JUDGED_ORIGINS, origins.filter(are_read(origins)))
    context.write("blobs", BLOBS, _blobs(context, best), row_group_bytes=SHUFFLED_GROUP_BYTES)


def _origins(context: TaskContext, commits: pa.Table) -> pa.Table:
    """Return the origins of the view's commits in this range in their order, with `ref` and `place` of their commit."""
    keys = commit_keys(commits)
    pieces = [ORIGINS.empty_table()]
    for ref in context.task.files("origins"):
        here = keys.filter(pc.equal(commits["snapshot"], _snapshot_of(ref)))
        for table in context.iter(ref, columns=ORIGINS.names, key="content_id", bounds=task_bounds(context)):
            pieces.append(table.filter(pc.is_in(commit_keys(table), value_set=here)))
    origins = pa.concat_tables(pieces)
    places = find_rows(commit_keys(origins), keys)
    refs = commits["ref"].take(places)
    names = ("content_id", "repository", "ref", "commit", "entry_index")
    order = pc.sort_indices(
        with_columns(origins, ref=pc.fill_null(refs, "")), [(name, "ascending") for name in names]
    )
    return with_columns(origins, place=places, ref=refs).take(order)


def _snapshot_of(ref: FileRef) -> int:
    match = re.match(r"snapshots/(\d+)/", ref.name)
    if match is None:
        raise ValueError("an origins file outside the snapshots")
    return int(match[1])


def _best_of_each_blob(passed: pa.Table, commits: pa.Table) -> pa.Table:
    """Return the best-ranked origin of each blob with `rank`, `blob_rank` and the `origin_count` of the blob.

    Entries of one name keep their order.
    """
    starts = _rank_starts(passed, commits)
    ranks = pc.binary_join_element_wise(starts["rank"], passed["path_bytes"], b"")
    passed = with_columns(passed, rank=ranks, blob_rank=starts["blob_rank"])
    ranked = passed.sort_by([(name, "ascending") for name in ("content_id", "rank", "entry_index")])
    order = pa.table({"content_id": ranked["content_id"], "order": np.arange(len(ranked))})
    blobs = order.group_by("content_id", use_threads=False).aggregate([("order", "min"), ("order", "count")])
    best = ranked.take(blobs["order_min"])
    ids = pa.chunked_array(
        [[bytes.fromhex(content_id) for content_id in best["content_id"].to_pylist()]], pa.binary()
    )
    blob_ranks = pc.binary_join_element_wise(best["blob_rank"], ids, b"")
    return with_columns(best, blob_rank=blob_ranks, origin_count=blobs["order_count"])


def _rank_starts(origins: pa.Table, commits: pa.Table) -> pa.Table:
    """Return what the ranks of each origin and its blob begin with: all but the path and the content id."""
    permissive = pc.equal(origins["license_type"], "permissive")
    cases = pa.table({"place": origins["place"], "permissive": permissive})
    first, numbers = distinct_rows(cases)
    cases = cases.take(first)
    repositories = list(
        zip(commits.take(cases["place"]).to_pylist(), cases["permissive"].to_pylist(), strict=True)
    )
    starts = {
        "rank": [origin_rank(row, permissive=permits, path=b"") for row, permits in repositories],
        "blob_rank": [blob_rank(row, permissive=permits, content_id="") for row, permits in repositories],
    }
    return pa.table(starts, pa.schema([BLOBS.field(name) for name in starts])).take(numbers)


def _blobs(context: TaskContext, best: pa.Table) -> pa.Table:
    """Return the blob row of each representative, in order of the digest of its text."""
    texts = context.read_all(
        context.task.files("contents"),
        CONTENTS,
        columns=["content_id", "text_sha256", "length_bytes"],
        key="content_id",
        bounds=task_bounds(context),
    )
    rows = find_rows(best["content_id"], texts["content_id"])
    found = {name: texts[name].take(rows) for name in ("text_sha256", "length_bytes")}
    return with_columns(best, **found).sort_by([("text_sha256", "ascending"), ("content_id", "ascending")])


STAGE = Stage(
    "judge_origins",
    1,
    plan,
    run,
    sections=("optout", "licenses", "select"),
    versions=versions_of("selection", "optout", "licenses"),
)
