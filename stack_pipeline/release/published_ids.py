"""The published ids of the blobs that a task speaks of, kept or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from stack_pipeline.release.publishing import Publisher
from stack_pipeline.release.work_tables import PUBLISHED_IDS
from stack_pipeline.tasks import TaskContext


@dataclass(frozen=True)
class PublishedIds:
    """Where to look up published ids.

    Args:
        kept: `content_id` and `published_id` of published blobs.
        publisher: Makes the ids of all others.
    """

    kept: pa.Table
    publisher: Publisher

    @classmethod
    def read(
        cls, context: TaskContext, publisher: Publisher, content_ids: Iterable[pa.ChunkedArray]
    ) -> PublishedIds:
        """Read of the map of published ids what columns of content ids ask for."""
        wanted = pc.unique(pa.chunked_array([chunk for column in content_ids for chunk in column.chunks]))
        columns = ["content_id", "published_id"]
        found = [
            table.filter(pc.is_in(table["content_id"], value_set=wanted, skip_nulls=True))
            for ref in context.task.files("ids")
            for table in context.iter(ref, columns=columns)
        ]
        empty = PUBLISHED_IDS.empty_table().select(columns)
        return cls(pa.concat_tables([empty, *found]).combine_chunks(), publisher)

    def are_published(self, content_ids: pa.ChunkedArray) -> pa.ChunkedArray:
        """Return which blobs are published; a null is none."""
        return pc.is_in(content_ids, value_set=self.kept["content_id"], skip_nulls=True)

    def of(self, content_ids: pa.ChunkedArray) -> pa.ChunkedArray:
        """Return the published id of each blob; null for a null."""
        found = self.kept["published_id"].take(pc.index_in(content_ids, value_set=self.kept["content_id"]))
        others = pc.unique(content_ids.filter(pc.is_null(found))).drop_null()
        keyed = pa.chunked_array(
            [
                [
                    self.publisher.published_id(content_id, is_published_as_is=False)
                    for content_id in others.to_pylist()
                ]
            ],
            pa.string(),
        )
        return pc.coalesce(found, keyed.take(pc.index_in(content_ids, value_set=others)))
