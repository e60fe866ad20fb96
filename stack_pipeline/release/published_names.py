"""What the release shows of origins: names, paths and licence texts under published names and ids."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stack_pipeline.release.published_ids import PublishedIds
from stack_pipeline.release.publishing import Publisher
from stack_pipeline.release.sort_keys import sort_keys
from stack_pipeline.release.work_tables import NAME_ROWS
from stack_pipeline.tables.columns import find_rows, with_columns
from stack_pipeline.tables.schema import LICENSES, RELEASE_ORIGINS
from stack_pipeline.tasks import TaskContext


def name_origins(
    origins: pa.Table, repositories: pa.Table, licenses: pa.Table, ids: PublishedIds
) -> pa.Table:
    """Return origins of published blobs as rows of `RELEASE_ORIGINS`.

    Args:
        origins: Rows of `JUDGED_ORIGINS` with `kept_content_id`, the blob that stands for the text of each.
        repositories: The row of the view that speaks for each.
        licenses: Published ids of their licence texts (`published_license_ids`).
        ids: Published ids of their blobs.
    """
    publisher = ids.publisher
    kept = origins["kept_content_id"]
    paths = publisher.paths(origins["path_bytes"])
    return with_columns(
        origins.select([name for name in RELEASE_ORIGINS.names if name in origins.column_names]),
        content_id=ids.of(kept),
        repository_id=publisher.names(origins["repository"]),
        repo_name=publisher.names(repositories["full_name"]),
        revision_id=origins["commit"],
        **{name: paths[name] for name in paths.column_names},
        is_vendor=origins["is_vendored"],
        license_path=publisher.paths(origins["license_path"])["path"],
        license_text_ids=_lists_of_published(origins["license_text_ids"], licenses),
        is_representative=pc.and_(origins["is_representative"], pc.equal(kept, origins["content_id"])),
    )


def name_representatives(origins: pa.Table, repositories: pa.Table, publisher: Publisher) -> pa.Table:
    """Return what representatives give to their training rows, as rows of `NAME_ROWS`.

    Args:
        origins: Rows of `RELEASE_ORIGINS`.
        repositories: The row of the view that speaks for each.
        publisher: Redacts names.
    """
    filename = pc.replace_substring_regex(origins["path"], pattern="(?s)^.*/", replacement="")
    extension = pc.replace_substring_regex(filename, pattern=r"(?s)^.*\.", replacement="")
    return with_columns(
        origins.select([name for name in NAME_ROWS.names if name in origins.column_names]),
        sort_key=sort_keys(origins["language"], origins["content_id"]),
        filename=filename,
        extension=pc.if_else(pc.match_substring(filename, "."), extension, ""),
        branch_name=publisher.names(repositories["branch"]),
        visit_date=repositories["visit_date"],
        revision_date=repositories["commit_date"],
        committer_date=repositories["commit_date"],
        github_id=repositories["id"],
        star_events_count=repositories["stars"],
        fork_events_count=repositories["forks"],
        gha_license_id=repositories["license_spdx_id"],
        gha_created_at=repositories["created_at"],
    )


def published_license_ids(context: TaskContext, publisher: Publisher, wanted: pa.Array) -> pa.Table:
    """Return `id` and `published_id` of licence texts: keyed where the text is published redacted."""
    pieces = [
        table.filter(pc.is_in(table["id"], value_set=wanted))
        for ref in context.task.files("licenses")
        for table in context.iter(ref, columns=["id", "text"])
    ]
    texts = pa.concat_tables([LICENSES.empty_table().select(["id", "text"]), *pieces])
    redacted = pc.not_equal(publisher.notices(texts["text"]), texts["text"])
    published = [
        publisher.license_id(identity, is_redacted=is_redacted)
        for identity, is_redacted in zip(texts["id"].to_pylist(), redacted.to_pylist(), strict=True)
    ]
    return pa.table({"id": texts["id"], "published_id": pa.array(published, pa.string())})


def _lists_of_published(lists: pa.ChunkedArray, licenses: pa.Table) -> pa.Array:
    """Return lists of ids with each id published; no list is an empty one."""
    ends = np.cumsum(pc.fill_null(pc.list_value_length(lists), 0), dtype=np.int32)
    rows = find_rows(pc.list_flatten(lists), licenses["id"])
    offsets = np.concatenate([np.zeros(1, np.int32), ends])
    return pa.ListArray.from_arrays(offsets, licenses["published_id"].take(rows).combine_chunks())
