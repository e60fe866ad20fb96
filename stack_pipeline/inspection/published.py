"""Open a release that exists, and read of it only what a question needs.

Tables are cut by ranges of published ids and sorted inside, so a question about one id reads one row group of
one part.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stack_pipeline.errors import UsageError
from stack_pipeline.files import language_slug
from stack_pipeline.manifest import read_manifest
from stack_pipeline.ranges import range_bounds
from stack_pipeline.recipe import Recipe
from stack_pipeline.storage import Storage
from stack_pipeline.tables.parquet import iter_table
from stack_pipeline.tables.schema import DATA, RELEASE_TABLES

_SHARD_NAME = re.compile(r"data/([a-z0-9+-][a-z0-9.+-]*)/train-(\d{5,})-of-(\d{5,})\.parquet")
_TABLE_NAME = re.compile(r"([a-z]+)/(\d{5,})-of-(\d{5,})\.parquet")
UNKNOWN_LANGUAGE = "unknown"
"""What stands in the column `language` where the folder's slug stands for no language."""


KINDS = ("data", *RELEASE_TABLES)
"""The tables of a release."""


@dataclass(frozen=True)
class Part:
    """One table file that the manifest names; `slug` is the language folder of a shard, else None."""

    kind: str
    name: str
    rows: int
    size_bytes: int
    sha256: str
    logical: str
    slug: str | None
    index: int
    count: int

    @property
    def bounds(self) -> tuple[str, str]:
        """The range of published ids that the part holds."""
        return range_bounds(self.index, self.count)

    def holds(self, content_id: str) -> bool:
        """Whether an id lies in the part's range."""
        low, high = self.bounds
        return low <= content_id and (not high or content_id < high)


@dataclass(frozen=True)
class Place:
    """Where a training row lies: file and row number, from 0."""

    file: str
    row: int


@dataclass(frozen=True)
class Release:
    """A release that exists.

    Args:
        storage: Its folder.
        manifest: The parsed manifest.
        root: SHA-256 of the manifest.
        parts: The table files, in the manifest's order.
    """

    storage: Storage
    manifest: dict[str, Any]
    root: str
    parts: tuple[Part, ...]

    def of(self, kind: str) -> tuple[Part, ...]:
        """Return the parts of a table: `data`, or one of `RELEASE_TABLES`."""
        return tuple(part for part in self.parts if part.kind == kind)

    @cached_property
    def recipe(self) -> Recipe:
        """The recipe that the release was made by; `engine` and the rules file are not part of it."""
        return manifest_recipe(self.manifest)

    def batches_in(self, part: Part, *, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Yield one part row group by row group."""
        yield from iter_table(self.storage, part.name, columns=columns)

    def batches(
        self, kind: str, *, columns: Sequence[str] | None = None, bounds: tuple[str, str] | None = None
    ) -> Iterator[pa.Table]:
        """Yield a table row group by row group, or its rows whose ids lie in bounds."""
        key = None if bounds is None else "content_id"
        for part in self.of(kind):
            if bounds is None or _overlap(part.bounds, bounds):
                yield from iter_table(self.storage, part.name, columns=columns, key=key, bounds=bounds)

    def rows_in(self, parts: Sequence[Part], content_id: str) -> list[dict[str, Any]]:
        """Return the rows of an id in some parts."""
        bounds = (content_id, content_id + "\0")
        batches = (iter_table(self.storage, p.name, key="content_id", bounds=bounds) for p in parts)
        return [row for part in batches for batch in part for row in batch.to_pylist()]

    def rows(
        self, kind: str, content_id: str, *, columns: Sequence[str] | None = None
    ) -> list[dict[str, Any]]:
        """Return the rows of one published id, in the table's order."""
        batches = self.batches(kind, columns=columns, bounds=(content_id, content_id + "\0"))
        return [row for batch in batches for row in batch.to_pylist()]

    def rows_where(
        self, kind: str, column: str, values: Collection[str], *, columns: Sequence[str] | None = None
    ) -> list[dict[str, Any]]:
        """Return the rows whose `column` is among values; the whole column is read."""
        found: list[dict[str, Any]] = []
        for batch in self.batches(kind, columns=None if columns is None else [*{*columns, column}]):
            found += batch.filter(_is_among(batch[column], values)).to_pylist()
        return found

    def place(self, content_id: str, language: str) -> Place | None:
        """Return where the training row of an id lies, None if that language has no such row."""
        slug = UNKNOWN_LANGUAGE if language == UNKNOWN_LANGUAGE else language_slug(language)
        for part in self.of("data"):
            if part.slug == slug and part.holds(content_id):
                return _place_in(self.storage, part, content_id)
        return None


def open_release(storage: Storage) -> Release:
    """Open a release.

    Raises:
        UsageError: If there is none, it is unfinished, or its manifest is damaged or of another layout.
    """
    manifest, root = read_manifest(storage)
    try:
        parts = tuple(_part(entry) for entry in manifest["files"])
        if len({part.name for part in parts}) != len(parts):
            raise ValueError("a file named twice")
        manifest_recipe(manifest)
        well_formed = all(isinstance(manifest[key], kind) for key, kind in _MANIFEST_TYPES.items())
    except (KeyError, TypeError, ValueError):
        well_formed = False
    if not well_formed:
        raise UsageError(
            f"{storage.url}: the manifest of this release is damaged", hint="copy the release again"
        )
    return Release(storage, manifest, root, parts)


_MANIFEST_TYPES = {
    "stages": list,
    "key": dict,
    "merkle_roots": dict,
    "versions": dict,
    "notes": dict,
    "input_digest": str,
}


def _part(entry: dict[str, Any]) -> Part:
    """Read a file entry of a manifest; a name that is not one of a release's own is refused."""
    shard = _SHARD_NAME.fullmatch(entry["name"])
    match = shard or _TABLE_NAME.fullmatch(entry["name"])
    if match is None or entry["kind"] != ("data" if shard else match[1]) or entry["kind"] not in KINDS:
        raise ValueError("a foreign file name")
    index, count = int(match[2]), int(match[3])
    if not 0 <= index < count or count & (count - 1):
        raise ValueError("no range")
    numbers = (int(entry["rows"]), int(entry["size_bytes"]))
    digests = (str(entry["sha256"]), str(entry["logical"]))
    return Part(entry["kind"], entry["name"], *numbers, *digests, match[1] if shard else None, index, count)


def manifest_recipe(manifest: dict[str, Any]) -> Recipe:
    """Return the recipe that a manifest holds; keys that this program does not know are passed over."""
    recipe = Recipe()
    for section in fields(Recipe):
        values = manifest["recipe"].get(section.name, {})
        default = getattr(recipe, section.name)
        known = {key.name for key in fields(default)} & set(values)
        read = {key: tuple(values[key]) if isinstance(values[key], list) else values[key] for key in known}
        recipe = replace(recipe, **{section.name: replace(default, **read)})
    return recipe


def table_schema(kind: str) -> pa.Schema:
    """Return the schema of a table of a release."""
    return DATA if kind == "data" else RELEASE_TABLES[kind]


def _is_among(column: pa.ChunkedArray, values: Collection[str]) -> pa.ChunkedArray:
    if len(values) == 1:
        return pc.equal(
            column, next(iter(values))
        )  # `pa.array` imports pandas, which takes longer than an answer
    return pc.is_in(column, value_set=pa.array(sorted(values), pa.string()))


def _overlap(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return (not other[1] or one[0] < other[1]) and (not one[1] or other[0] < one[1])


def _place_in(storage: Storage, part: Part, content_id: str) -> Place | None:
    """Find the row number of an id; row groups whose statistics rule it out are not read."""
    with storage.open(part.name) as stream:
        file = pq.ParquetFile(stream)
        column = file.schema_arrow.get_field_index("content_id")
        start = 0
        for index in range(file.num_row_groups):
            group = file.metadata.row_group(index)
            statistics = group.column(column).statistics
            within = statistics is None or not statistics.has_min_max
            if within or statistics.min <= content_id <= statistics.max:
                ids = file.read_row_group(index, columns=["content_id"])["content_id"]
                row = pc.index(ids, pa.scalar(content_id, ids.type)).as_py()
                if row >= 0:
                    return Place(part.name, start + row)
            start += group.num_rows
    return None
