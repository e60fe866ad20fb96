"""Check what tables say of each other, one range of published ids at a time, so that memory is bounded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from stack_pipeline.canonical import merkle_root
from stack_pipeline.inspection.published import UNKNOWN_LANGUAGE, Release
from stack_pipeline.inspection.verification.findings import Check, Findings
from stack_pipeline.ranges import power_of_two, range_bounds
from stack_pipeline.reasons import Reason
from stack_pipeline.tables.schema import DATA, RELEASE_ORIGINS

Row = dict[str, Any]

_ROWS_AT_ONCE = 1 << 16
_IDS_AT_ONCE = 1 << 22
_SHARED = tuple(
    name for name in RELEASE_ORIGINS.names if name in DATA.names and name not in ("content_id", "language")
)
"""What a training row takes from its representative origin."""

_DATA_COLUMNS = ["content_id", "content_id_kind", "language", "near_dup_cluster", "origin_count", *_SHARED]
_REASONS = frozenset({"kept", *map(str, Reason)} - {str(Reason.OPTED_OUT)})


class JoinedChecks:
    """Checks over ranges: unique ids, kept rows, origins, clusters, redactions, similarities."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._threshold = release.recipe.near_dedup.threshold
        self.unique = Findings("unique_ids", "no id has two training rows")
        self.kept = Findings("kept_rows", "training rows = kept decisions = blobs that the last stage kept")
        self.origins = Findings(
            "origins", "every row has its origins and one representative that agrees with it"
        )
        self.clusters = Findings("clusters", "clusters, decisions and rows tell the same")
        self.redacted = Findings("redacted_rows", "redactions are of published rows; keyed rows have some")
        self.similar = Findings("similarities", f"every near-duplicate reaches {self._threshold}")
        self._rows = 0

    def run(self) -> list[Check]:
        """Go through all ranges."""
        for bounds in _ranges(self._release, _ROWS_AT_ONCE):
            self._range(bounds)
        kept = self._kept_by_last_stage()
        self.kept.expect(self._rows == kept, f"{self._rows} training rows, but the last stage kept {kept}")
        found = (self.unique, self.kept, self.origins, self.clusters, self.redacted, self.similar)
        return [findings.check() for findings in found]

    def _kept_by_last_stage(self) -> Any:
        try:
            return self._release.manifest["stages"][-1]["kept"][0]
        except (LookupError, TypeError):
            return "an unknown number"

    def _range(self, bounds: tuple[str, str]) -> None:
        rows: dict[str, Row] = {}
        for row in _read(self._release, "data", bounds, _DATA_COLUMNS):
            self.unique.expect(row["content_id"] not in rows, f"{row['content_id']}: two training rows")
            rows[row["content_id"]] = row
            self._rows += 1
        decisions = {row["content_id"]: row for row in _read(self._release, "decisions", bounds)}
        self._decisions(rows, decisions)
        self._origins(rows, bounds)
        self._clusters(rows, decisions, bounds)
        self._redactions(rows, bounds)

    def _decisions(self, rows: dict[str, Row], decisions: dict[str, Row]) -> None:
        kept = {content_id for content_id, row in decisions.items() if row["reason"] == "kept"}
        for content_id in sorted(kept ^ rows.keys()):
            problem = (
                "a training row without a kept decision"
                if content_id in rows
                else "kept, but without a training row"
            )
            self.kept.add(f"{content_id}: {problem}")
        for content_id, row in decisions.items():
            self.kept.expect(row["reason"] in _REASONS, f"{content_id}: an unknown reason")
            if row["reason"] == Reason.NEAR_DUPLICATE:
                reaches = self._threshold <= (row["similarity"] or 0) <= 1
                self.similar.expect(reaches, f"{content_id}: similarity {row['similarity']}")

    def _origins(self, rows: dict[str, Row], bounds: tuple[str, str]) -> None:
        counts = dict.fromkeys(rows, 0)
        representatives = dict.fromkeys(rows, 0)
        for origin in _read(self._release, "origins", bounds):
            content_id = origin["content_id"]
            if content_id not in rows:
                self.origins.add(f"{content_id}: an origin without a training row")
                continue
            counts[content_id] += 1
            if origin["is_representative"]:
                representatives[content_id] += 1
                self.origins.expect(
                    _agrees(rows[content_id], origin), f"{content_id}: its representative says otherwise"
                )
        for content_id, row in rows.items():
            origins, elected = counts[content_id], representatives[content_id]
            right = origins == row["origin_count"] and elected == 1
            told = f"{content_id}: {origins} of {row['origin_count']} origins, {elected} representatives"
            self.origins.expect(right, told)

    def _clusters(self, rows: dict[str, Row], decisions: dict[str, Row], bounds: tuple[str, str]) -> None:
        heads: set[str] = set()
        for row in _read(self._release, "clusters", bounds):
            content_id, kept = row["content_id"], row["representative"]
            is_near = row["kind"] == "near"
            least = self._threshold if is_near and content_id != kept else 1
            self.similar.expect(
                least <= row["similarity"] <= 1, f"{content_id}: similarity {row['similarity']}"
            )
            self.clusters.expect(
                row["cluster"] == kept, f"{content_id}: a cluster not named by its representative"
            )
            if content_id == kept:
                heads |= {content_id} if is_near else set()
                continue
            reason = str(Reason.NEAR_DUPLICATE if is_near else Reason.EXACT_DUPLICATE)
            decision = decisions.get(content_id)
            told = (reason, kept, row["similarity"])
            says = decision and (decision["reason"], decision["kept_content_id"], decision["similarity"])
            self.clusters.expect(says == told, f"{content_id}: cluster and decision differ")
        for content_id, row in rows.items():
            cluster = content_id if content_id in heads else None
            self.clusters.expect(row["near_dup_cluster"] == cluster, f"{content_id}: row and cluster differ")

    def _redactions(self, rows: dict[str, Row], bounds: tuple[str, str]) -> None:
        redacted = {row["content_id"] for row in _read(self._release, "redactions", bounds, ["content_id"])}
        for content_id in sorted(redacted - rows.keys()):
            self.redacted.add(f"{content_id}: a redaction without a training row")
        if self._release.recipe.release.ids == "published":
            keyed = {content_id for content_id, row in rows.items() if row["content_id_kind"] == "keyed"}
            for content_id in sorted(keyed - redacted):
                self.redacted.add(f"{content_id}: a keyed id without a redaction")


def _agrees(row: Row, origin: Row) -> bool:
    same_language = row["language"] == (origin["language"] or UNKNOWN_LANGUAGE)
    return same_language and all(row[name] == origin[name] for name in _SHARED)


def pointer_check(release: Release) -> Check:
    """Check that whatever names a kept blob names a published row."""
    found = Findings("pointers", "every kept pointer, representative and cluster names a published row")
    columns = (("decisions", "kept_content_id"), ("clusters", "representative"), ("data", "near_dup_cluster"))
    for bounds in _ranges(release, _IDS_AT_ONCE):
        batches = release.batches("data", columns=["content_id"], bounds=bounds)
        published = pa.chunked_array(
            [c for b in batches for c in b["content_id"].chunks], pa.string()
        ).combine_chunks()
        for kind, column in columns:
            for batch in release.batches(kind, columns=[column]):
                named = batch[column].drop_null()
                low, high = bounds
                inside = (
                    pc.and_(pc.greater_equal(named, low), pc.less(named, high))
                    if high
                    else pc.greater_equal(named, low)
                )
                named = named.filter(inside)
                dangling = named.filter(pc.invert(pc.is_in(named, value_set=published))).unique().to_pylist()
                for content_id in dangling:
                    found.add(f"{kind}: {column} {content_id!a} is not published")
    return found.check()


def reference_check(release: Release) -> Check:
    """Check that every repository and licence text that origins refer to is there, and no other."""
    found = Findings("references", "every repository and licence text that origins refer to is there")
    used: set[tuple[str, str]] = set()
    for batch in release.batches("origins", columns=["repository_id", "license_text_ids"]):
        used |= {("repositories", value) for value in pc.unique(batch["repository_id"]).to_pylist()}
        used |= {
            ("licenses", value) for value in pc.unique(pc.list_flatten(batch["license_text_ids"])).to_pylist()
        }
    there: set[tuple[str, str]] = set()
    for kind, column in (("repositories", "repository_id"), ("licenses", "id")):
        for batch in release.batches(kind, columns=[column]):
            there |= {(kind, value) for value in batch[column].to_pylist()}
    for kind, value in sorted(used - there):
        found.add(f"{kind}: {value!a} is referred to, but not there")
    for kind, value in sorted(there - used):
        found.add(f"{kind}: {value!a} is there, but no origin refers to it")
    return found.check()


def merkle_check(release: Release) -> Check:
    """Recompute the Merkle roots over blobs and over origins."""
    found = Findings("merkle_roots", "the Merkle roots of blobs and of origins")
    named = release.manifest["merkle_roots"]
    found.expect(named.get("blobs") == merkle_root(_blob_leaves(release)), "blobs: another Merkle root")
    found.expect(named.get("origins") == merkle_root(_origin_leaves(release)), "origins: another Merkle root")
    return found.check()


def _blob_leaves(release: Release) -> Iterator[bytes]:
    columns = ["content_id", "content_sha256"]
    for bounds in _ranges(release, _ROWS_AT_ONCE):
        rows = sorted(
            (row["content_id"], row["content_sha256"]) for row in _read(release, "data", bounds, columns)
        )
        for content_id, digest in rows:
            yield f"{content_id} {digest}".encode()


def _origin_leaves(release: Release) -> Iterator[bytes]:
    columns = ["content_id", "repository_id", "revision_id", "path_bytes"]
    for batch in release.batches("origins", columns=columns):
        for row in batch.to_pylist():
            named = f"{row['content_id']}\0{row['repository_id']}\0{row['revision_id']}\0".encode()
            yield hashlib.sha256(named + row["path_bytes"]).digest()


def _ranges(release: Release, rows: int) -> Iterator[tuple[str, str]]:
    """Yield ranges of ids that hold about this many rows of any table at most."""
    totals: dict[str, int] = {}
    for part in release.parts:
        totals[part.kind] = totals.get(part.kind, 0) + max(0, part.rows)
    count = min(1 << 16, power_of_two(-(-max(totals.values(), default=0) // rows)))
    for index in range(count):
        yield range_bounds(index, count)


def _read(
    release: Release, kind: str, bounds: tuple[str, str], columns: list[str] | None = None
) -> Iterator[Row]:
    for batch in release.batches(kind, columns=columns, bounds=bounds):
        yield from batch.to_pylist()
