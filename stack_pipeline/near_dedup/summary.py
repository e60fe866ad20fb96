"""Count what near-deduplication removes: by cluster size, similarity, language, repository, source; raise the alarms.

Everything here depends on the found clusters alone, never on order, threads or the clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dedup.alarms import DEFAULT_ALARMS, STOP, Alarm, AlarmSettings, GroupCount, wipe_out_alarms
from stack_pipeline.near_dedup.inputs import Documents
from stack_pipeline.near_dedup.members import Members, shown

LARGEST = 20
PATHS = 5
BINS = 50
MOST_GROUPS = 1_000
"""Groups of one kind that a report names; the rest is one row."""


def make_report(
    members: Members, *, alarms: AlarmSettings = DEFAULT_ALARMS, accept: bool = False
) -> dict[str, Any]:
    """Return the report as plain values.

    Args:
        members: What was found.
        alarms: The limits of the alarms.
        accept: Whether alarms that stop may pass.
    """
    documents, found = members.documents, members.found
    kinds = _kinds(found)
    sizes = _Sizes(found, kinds)
    groups = [
        counted
        for kind in ("language", "repository", "source")
        if (counted := _groups(kind, documents, found, kinds)) is not None
    ]
    raised = wipe_out_alarms(
        [count for counted in groups for count in counted.counts(alarms)],
        clusters=_alarming(members, sizes, documents.count - int(kinds["exact"].sum()), alarms),
        files=documents.count - int(kinds["exact"].sum()),
        settings=alarms,
    )
    exact, near = int(kinds["exact"].sum()), int(kinds["near"].sum())
    return {
        "files": documents.count,
        "exact_duplicates": exact,
        "near_duplicates": near,
        "kept": documents.count - exact - near,
        "clusters": len(sizes.files),
        "largest_cluster": int(sizes.files.max(initial=0)),
        "cluster_sizes": sizes.distribution(),
        "similarity": _histogram(found, kinds["near"]),
        **{f"by_{counted.kind}": rows for counted in groups if (rows := counted.rows())},
        "largest": _largest(members, sizes),
        "alarms": [_alarm(alarm, accept=accept) for alarm in raised],
        "stopped": any(alarm.level == STOP for alarm in raised) and not accept,
    }


def _alarm(alarm: Alarm, *, accept: bool) -> dict[str, Any]:
    return {**alarm.to_json(), "accepted": accept and alarm.level == STOP}


def removed_rows(documents: Documents, found: pa.Table) -> npt.NDArray[np.bool_]:
    """Return which rows of the inputs go."""
    gone = np.zeros(documents.count, bool)
    gone[found.column("row").to_numpy()[~_kinds(found)["kept"]]] = True
    return gone


def _kinds(found: pa.Table) -> dict[str, npt.NDArray[np.bool_]]:
    column = found.column("kind")
    return {kind: np.asarray(pc.equal(column, kind)).astype(bool) for kind in ("kept", "exact", "near")}


class _Sizes:
    """The clusters with their sizes, the largest first, equal ones in the order of what was found."""

    def __init__(self, found: pa.Table, kinds: dict[str, npt.NDArray[np.bool_]]) -> None:
        heads = found.column("representative_row").to_numpy()
        borders = (
            np.flatnonzero(np.r_[True, heads[1:] != heads[:-1]]) if len(heads) else np.empty(0, np.int64)
        )
        files = np.diff(np.r_[borders, len(heads)])
        exact = np.add.reduceat(kinds["exact"].astype(np.int64), borders) if len(borders) else files
        order = np.argsort(-files, kind="stable")
        self.starts, self.files, self.exact = borders[order], files[order], exact[order]
        self.heads = heads[self.starts]

    def distribution(self) -> list[dict[str, int]]:
        """Count clusters and files by size, in steps of powers of two."""
        if not len(self.files):
            return []
        steps = np.floor(np.log2(self.files)).astype(int)
        return [
            {
                "from": 2**step,
                "to": 2 ** (step + 1) - 1,
                "clusters": int((steps == step).sum()),
                "files": int(self.files[steps == step].sum()),
            }
            for step in range(1, int(steps.max()) + 1)
        ]


def _histogram(found: pa.Table, near: npt.NDArray[np.bool_]) -> list[dict[str, float | int]]:
    """Count near-duplicates by their similarity to the representative, from the first filled bin up to 1."""
    values = found.column("similarity").to_numpy()[near]
    bins = np.bincount(np.minimum((values * BINS + 1e-9).astype(int), BINS - 1), minlength=BINS)
    filled = np.flatnonzero(bins)
    if not len(filled):
        return []
    return [
        {"from": step / BINS, "to": (step + 1) / BINS, "files": int(bins[step])}
        for step in range(int(filled[0]), BINS)
    ]


@dataclass(frozen=True)
class _Groups:
    """Counts of each group of a kind, as columns: there may be as many groups as files."""

    kind: str
    names: Sequence[str | None]
    files: npt.NDArray[np.int64]
    exact: npt.NDArray[np.int64]
    near: npt.NDArray[np.int64]

    def rows(self) -> list[dict[str, Any]]:
        """Return the groups that lose most files, the rest as one row."""
        removed = self.exact + self.near
        ranked = pa.table(
            {"removed": removed, "files": self.files, "name": pa.array(self.names, pa.large_string())}
        )
        keys = [("removed", "descending"), ("files", "descending"), ("name", "ascending")]
        order = pc.sort_indices(ranked, sort_keys=keys).to_numpy()
        order = order[self.files[order] > 0]
        rows = [self._row(self.names[group], [group]) for group in order[:MOST_GROUPS].tolist()]
        rest = order[MOST_GROUPS:]
        return [*rows, self._row(f"({len(rest):,} more)", rest)] if len(rest) else rows

    def _row(self, name: str | None, groups: Any) -> dict[str, Any]:
        files, exact, near = (int(counts[groups].sum()) for counts in (self.files, self.exact, self.near))
        return {
            "name": name,
            "files": files,
            "exact_duplicates": exact,
            "near_duplicates": near,
            "kept": files - exact - near,
        }

    def counts(self, settings: AlarmSettings) -> Iterator[GroupCount]:
        """Yield the groups that are large enough for an alarm, by their distinct texts."""
        distinct = self.files - self.exact
        for group in np.flatnonzero(distinct >= settings.group_files).tolist():
            yield GroupCount(self.kind, self.names[group], int(distinct[group]), int(self.near[group]))


def _groups(
    kind: str, documents: Documents, found: pa.Table, kinds: dict[str, npt.NDArray[np.bool_]]
) -> _Groups | None:
    coded = _codes(kind, documents)
    if coded is None:
        return None
    names, codes = coded
    rows = found.column("row").to_numpy()
    files, exact, near = (
        np.bincount(codes[chosen], minlength=len(names))
        for chosen in (slice(None), rows[kinds["exact"]], rows[kinds["near"]])
    )
    return _Groups(kind, names, files, exact, near)


def _codes(kind: str, documents: Documents) -> tuple[Sequence[str | None], npt.NDArray[Any]] | None:
    if kind != "source":
        codes = documents.codes.get(kind)
        return None if codes is None else (codes.names, codes.rows)
    named = [source.file.source for source in documents.sources]
    names = sorted(set(named))
    if len(names) < 2:
        return None
    each = np.diff(np.array(documents.starts))
    return names, np.repeat([names.index(name) for name in named], each)


def _alarming(members: Members, sizes: _Sizes, files: int, settings: AlarmSettings) -> list[tuple[str, int]]:
    """Return the clusters that may raise an alarm, so that not every id has to be looked up."""
    distinct = sizes.files - sizes.exact
    least = min(settings.cluster_notice_files, int(files * settings.cluster_notice_share))
    chosen = distinct > least
    names = members.named("id", sizes.heads[chosen]).to_pylist()
    return [(shown(name), int(size)) for name, size in zip(names, distinct[chosen], strict=True)]


def _largest(members: Members, sizes: _Sizes) -> list[dict[str, Any]]:
    """Describe the largest clusters, each with the first of its members."""
    found = members.found
    rows = []
    for start, files, exact in zip(
        sizes.starts[:LARGEST].tolist(), sizes.files.tolist(), sizes.exact.tolist(), strict=False
    ):
        piece = found.slice(start, files)
        similarity = piece.column("similarity").to_numpy()
        first = _described(members, piece.slice(0, PATHS))
        rows.append(
            {
                "cluster": first[0]["id"],
                "files": files,
                "exact_duplicates": exact,
                "near_duplicates": files - exact - 1,
                "least_similarity": float(similarity.min()),
                "languages": _languages(members, piece),
                "members": first,
            }
        )
    return rows


def _described(members: Members, piece: pa.Table) -> list[dict[str, Any]]:
    rows = piece.column("row").to_numpy()
    columns = {"id": [shown(value) for value in members.named("id", rows).to_pylist()]}
    for name in members.extra():
        columns[name] = members.named(name, rows).to_pylist()
    columns |= {name: piece.column(name).to_pylist() for name in ("kind", "similarity")}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _languages(members: Members, piece: pa.Table) -> dict[str, int]:
    codes = members.documents.codes.get("language")
    if codes is None:
        return {}
    counts = np.bincount(codes.rows[piece.column("row").to_numpy()], minlength=len(codes.names))
    named = [(codes.names[code] or "unknown", int(counts[code])) for code in np.flatnonzero(counts)]
    return dict(sorted(named, key=lambda pair: (-pair[1], pair[0]))[:PATHS])
