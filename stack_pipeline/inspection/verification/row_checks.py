"""Check rows as they stream by: logical digests, order, id ranges and language folders."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stack_pipeline.files.slugs import UNKNOWN_SLUG, language_of_slug
from stack_pipeline.inspection.published import KINDS, UNKNOWN_LANGUAGE, Part, Release, table_schema
from stack_pipeline.inspection.verification.findings import Check, Findings
from stack_pipeline.tables.digest import LogicalDigest
from stack_pipeline.tables.schema import RELEASE_ORDER

_BY_ID = ("data", "origins", "decisions", "clusters", "redactions")
_MAY_REPEAT = ("origins",)
"""Two entries of a hand-made tree, or two refs of one commit, give equal keys."""


class Watcher(Protocol):
    """A check that sees tables go by, row group by row group, each part's rows in order.

    Attributes:
        kinds: The tables that it sees.
        beside: Further tables that it looks into.
    """

    kinds: tuple[str, ...]
    beside: tuple[str, ...]

    def see(self, part: Part, batch: pa.Table) -> None:
        """Look at the next rows of a part."""

    def check(self) -> Check:
        """Return what was found."""


class LogicalDigests:
    """Every file's rows have the logical digest that the manifest names."""

    kinds: tuple[str, ...] = KINDS
    beside: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._digests: dict[str, LogicalDigest] = {}
        self._parts: dict[str, Part] = {}

    def start(self, part: Part) -> None:
        """Expect the rows of a part; one without rows has a digest too."""
        self._parts[part.name] = part
        self._digests[part.name] = LogicalDigest(table_schema(part.kind))

    def forget(self, part: Part) -> None:
        """Expect nothing more of a part that turned out to be unreadable."""
        del self._parts[part.name]

    def see(self, part: Part, batch: pa.Table) -> None:
        """Add rows to their file's digest."""
        self._digests[part.name].update(batch)

    def check(self) -> Check:
        """Compare."""
        found = Findings("logical_digests", "the rows of every file have the digest that the manifest names")
        for name, part in self._parts.items():
            found.expect(
                self._digests[name].hexdigest() == part.logical,
                f"{name}: the rows have another logical digest",
            )
        return found.check()


class RowOrder:
    """Rows stand in the total order of their table, none twice."""

    kinds: tuple[str, ...] = KINDS
    beside: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._found = Findings("row_order", "rows stand in their total order")
        self._last: dict[str, pa.Table] = {}

    def see(self, part: Part, batch: pa.Table) -> None:
        """Compare each row with the one before it, over the borders of row groups too."""
        names = RELEASE_ORDER[part.kind]
        keys = batch.select(names)
        before = self._last.get(part.name)
        if before is not None:
            keys = pa.concat_tables([before, keys])
        self._last[part.name] = keys.slice(keys.num_rows - 1)
        order = pc.sort_indices(keys, sort_keys=[(name, "ascending") for name in names])
        # The sort is stable: rows in order stay where they are.
        if not np.array_equal(order.to_numpy(), np.arange(keys.num_rows)):
            self._found.add(f"{part.name}: rows are out of order")
        elif part.kind not in _MAY_REPEAT and _repeats(keys):
            self._found.add(f"{part.name}: two rows have the same key")

    def check(self) -> Check:
        """Return what was found."""
        return self._found.check()


def _repeats(keys: pa.Table) -> bool:
    """Whether two neighbouring rows are equal."""
    if keys.num_rows < 2:
        return False
    same: Any = None
    for column in keys.columns:
        array = column.combine_chunks()
        equal = pc.equal(array.slice(1), array.slice(0, len(array) - 1))
        same = equal if same is None else pc.and_(same, equal)
    return bool(pc.any(same).as_py())


class IdRanges:
    """Part i of n holds the i-th range of ids; shards lie in the folder of their language; no part lacks."""

    kinds: tuple[str, ...] = _BY_ID
    beside: tuple[str, ...] = ()

    def __init__(self, release: Release) -> None:
        self._found = Findings("id_ranges", "each part holds its range of ids, each shard its language")
        groups: dict[tuple[str, str | None], list[Part]] = {}
        for part in release.parts:
            groups.setdefault((part.kind, part.slug), []).append(part)
        for parts in groups.values():
            whole = sorted(part.index for part in parts) == list(range(parts[0].count))
            self._found.expect(
                whole and len({p.count for p in parts}) == 1, f"{parts[0].name}: parts of this table lack"
            )
        for kind in KINDS:
            self._found.expect(
                any(part.kind == kind for part in release.parts), f"{kind}: the release has no such table"
            )

    def see(self, part: Part, batch: pa.Table) -> None:
        """Compare ids and languages with the part's name."""
        low, high = part.bounds
        ends = pc.min_max(batch["content_id"]).as_py()
        self._found.expect(
            low <= ends["min"] and (not high or ends["max"] < high), f"{part.name}: an id of another range"
        )
        if part.kind == "data":
            languages = pc.unique(batch["language"]).to_pylist()
            self._found.expect(languages == [_language(part.slug)], f"{part.name}: rows of another language")

    def check(self) -> Check:
        """Return what was found."""
        return self._found.check()


def _language(slug: str | None) -> str | None:
    """Return what the column `language` says in a folder, None for a folder that no language has."""
    if slug == UNKNOWN_SLUG:
        return UNKNOWN_LANGUAGE
    try:
        return language_of_slug(slug or "")
    except ValueError:
        return None
