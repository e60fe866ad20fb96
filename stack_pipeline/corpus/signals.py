"""Facts about contents that releases leave in the corpus for later ones: `signals/<name>@<version>-<parameters>/`.

A signal is what a fixed arithmetic says of contents, keyed by content id; the digest of its parameters is in the folder's
name, so nothing of another kind is ever compared. Files are only added, each by one finished task and under its name. No
output depends on which signals are there: what is missing is computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from stack_pipeline.canonical import digest_of
from stack_pipeline.ranges import overlaps
from stack_pipeline.storage import Storage
from stack_pipeline.tables.parquet import iter_table, write_table

EVERYTHING = ("", "")


@dataclass(frozen=True)
class Signal:
    """A kind of facts about contents.

    Args:
        name: What it is called.
        version: Version of the arithmetic.
        parameters: Everything else that decides its values, as JSON-able values.
        schema: Its columns, sorted by the first one, a content id.
    """

    name: str
    version: str
    parameters: dict[str, Any]
    schema: pa.Schema

    @property
    def folder(self) -> str:
        """Its folder in the corpus."""
        return f"signals/{self.name}@{self.version}-{digest_of(self.parameters)[:16]}"

    def read(self, corpus: Storage, bounds: tuple[str, str] = EVERYTHING) -> Iterator[pa.Table]:
        """Yield what is known of contents whose id lies in `bounds`; a content may come more than once."""
        for name in sorted(corpus.names(self.folder)):
            if overlaps(name, bounds):
                yield from iter_table(
                    corpus, name, columns=self.schema.names, key=self.schema.names[0], bounds=bounds
                )

    def add(self, corpus: Storage, table: pa.Table, *, range_name: str, task_id: str) -> None:
        """Add facts about contents of a range, in the name of a task; none are no file."""
        if table.num_rows:
            name = f"{self.folder}/{range_name}-{task_id[:32]}.parquet"
            write_table(corpus, name, self.schema, [table.sort_by(self.schema.names[0])])
