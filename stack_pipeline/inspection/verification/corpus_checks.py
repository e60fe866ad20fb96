"""With the corpus: decide opt-outs and drops anew, and hold ids and texts against what was read."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from optout import PathRules, Rules, path_rules_for
from stack_pipeline.corpus import logical_rows
from stack_pipeline.inspection.private_record import PrivateRecord
from stack_pipeline.inspection.verification.findings import Check, Findings, unchecked
from stack_pipeline.licenses import stored_license_type
from stack_pipeline.opt_outs import repository_facts
from stack_pipeline.ranges import power_of_two, range_bounds
from stack_pipeline.reasons import READ_BUT_NOT_STORED
from stack_pipeline.release.name_rows import published_repository_id
from stack_pipeline.selection.origin_rules import failed_rule
from stack_pipeline.tables.digest import LogicalDigest

CORPUS_CHECKS = ("view", "published_ids", "corpus_texts", "opt_outs", "dropped")
"""Names of the checks that need the corpus."""

_ROWS_AT_ONCE = 1 << 20

Row = dict[str, Any]


def corpus_checks(record: PrivateRecord) -> list[Check]:
    """Check a release against the corpus that it was made from."""
    if record.rules is None:
        why = "the corpus has lost its copy of the opt-out rules"
        view, origins = unchecked("view", why), [unchecked(name, why) for name in ("opt_outs", "dropped")]
    else:
        view, origins = _view(record), OriginChecks(record, record.rules).run()
    return [view, _published_ids(record), _texts(record), *origins]


def _view(record: PrivateRecord) -> Check:
    """Recompute the digest of what the release saw."""
    found = Findings("view", "the input digest is that of the corpus")
    seen = [
        row
        for row in record.view
        if row["status"] == "read" and not record.decisions[row["repository"]].opted_out
    ]
    table = logical_rows(seen)
    digest = LogicalDigest(table.schema)
    digest.update(table)
    same = digest.hexdigest() == record.release.manifest["input_digest"]
    found.expect(same, "the release was made from another view than the corpus holds")
    return found.check()


def _published_ids(record: PrivateRecord) -> Check:
    """Recompute the id of every kept blob, and compare the map with the training rows."""
    found = Findings("published_ids", "training rows are those of the map of published ids")
    total = 0
    for batch in record.ids():
        total += batch.num_rows
        for row in batch.to_pylist():
            wanted = record.publisher.published_id(
                row["content_id"], is_published_as_is=not row["is_redacted"]
            )
            found.expect(
                row["published_id"] == wanted, f"{row['published_id']}: not the id of its blob under this key"
            )
    for bounds in _ranges(total):
        data = record.release.batches("data", columns=["content_id"], bounds=bounds)
        published = {name for batch in data for name in batch["content_id"].to_pylist()}
        mapped = {
            name
            for batch in record.ids(columns=["published_id"])
            for name in _inside(batch["published_id"], bounds)
        }
        for content_id in sorted(published - mapped):
            found.add(f"{content_id}: published, but the corpus knows no such blob of this release")
        for content_id in sorted(mapped - published):
            found.add(f"{content_id}: of this release, but not published")
    return found.check()


def _texts(record: PrivateRecord) -> Check:
    """Compare the digest of every unredacted text with that of the stored one."""
    found = Findings("corpus_texts", "unredacted texts are those of the corpus")
    release = record.release
    columns = ["content_id", "content_id_kind", "content_sha256"]
    for bounds in _ranges(sum(part.rows for part in release.of("data"))):
        redacted = {
            name
            for batch in release.batches("redactions", columns=["content_id"], bounds=bounds)
            for name in batch["content_id"].to_pylist()
        }
        stored = {
            row["content_id"]: row["text_sha256"]
            for batch in record.contents(columns=["content_id", "text_sha256"], bounds=bounds)
            for row in batch.to_pylist()
        }
        for batch in release.batches("data", columns=columns, bounds=bounds):
            for row in batch.to_pylist():
                if row["content_id_kind"] == "git" and row["content_id"] not in redacted:
                    same = stored.get(row["content_id"]) == row["content_sha256"]
                    found.expect(same, f"{row['content_id']}: the corpus has another text")
    return found.check()


class OriginChecks:
    """Every published origin was read, is not opted out, and the representative passes the origin rules."""

    def __init__(self, record: PrivateRecord, rules: Rules) -> None:
        self._record = record
        self._rules = rules
        self._recipe = record.release.recipe
        self._opt_outs = Findings("opt_outs", "nothing that is opted out is present")
        self._dropped = Findings(
            "dropped", "every origin was read, every representative passes the origin rules"
        )
        self._repositories = {row["repository"]: row for row in record.view}
        self._by_published: dict[str, list[str]] = {}
        for key in sorted(self._repositories):
            self._by_published.setdefault(published_repository_id(record.publisher, key), []).append(key)
        self._paths: dict[str, PathRules | None] = {}

    def run(self) -> list[Check]:
        """Go through the origins, a share of the repositories at a time."""
        for batch in self._record.ids(columns=["content_id"]):
            for content_id in batch["content_id"].to_pylist():
                self._opt_outs.expect(
                    self._rules.blob_rule(content_id) is None, "a training row of an opted-out blob"
                )
        shares = power_of_two(
            -(-sum(part.rows for part in self._record.release.of("origins")) // _ROWS_AT_ONCE)
        )
        for share in range(shares):
            self._share(share, shares)
        return [self._opt_outs.check(), self._dropped.check()]

    def _share(self, share: int, shares: int) -> None:
        """Find each published origin of a share among the entries of the view."""
        columns = [
            "content_id",
            "repository_id",
            "revision_id",
            "path_bytes",
            "path_redacted",
            "is_representative",
        ]
        waiting: dict[tuple[str, str, bytes], Row] = {}
        redacted: set[tuple[str, str]] = set()
        for batch in self._record.release.batches("origins", columns=columns):
            for row in batch.to_pylist():
                if zlib.crc32(row["repository_id"].encode()) % shares != share:
                    continue
                for repository in self._by_published.get(row["repository_id"], []):
                    waiting[repository, row["revision_id"], row["path_bytes"]] = row
                    redacted |= {(repository, row["revision_id"])} if row["path_redacted"] else set()
                known = row["repository_id"] in self._by_published
                self._dropped.expect(
                    known, f"{row['content_id']}: an origin in a repository that the corpus does not list"
                )
        met: set[int] = set()
        stubs: dict[int, str] = {}
        for origin in self._entries({key[:2] for key in waiting}):
            place = (origin["repository"], origin["commit"])
            path = origin["path_bytes"]
            published = waiting.get(
                (*place, self._record.publisher.path(path)[0] if place in redacted else path)
            )
            if published is None:
                continue
            if origin["reason"] is None or origin["reason"] in READ_BUT_NOT_STORED:
                met.add(id(published))
                self._hold(published, origin)
            else:
                stubs[id(published)] = origin["reason"]
        for number, published in {id(row): row for row in waiting.values()}.items():
            why = f"dropped as {stubs[number]}" if number in stubs else "not in the corpus"
            self._dropped.expect(number in met, f"{published['content_id']}: an origin that is {why}")

    def _entries(self, places: set[tuple[str, str]]) -> Iterator[Row]:
        """Yield the entries of the view in some commits."""
        for repository in self._record.view:
            if repository["status"] == "read" and (repository["repository"], repository["commit"]) in places:
                for batch in self._record.origins(repository):
                    yield from batch.to_pylist()

    def _hold(self, published: Row, origin: Row) -> None:
        """Hold a published origin against the entry that it is."""
        repository = self._repositories[origin["repository"]]
        opted_out = self._record.decisions[origin["repository"]].opted_out or self._by_path_or_blob(
            repository, origin
        )
        self._opt_outs.expect(not opted_out, f"{published['content_id']}: an origin that is opted out")
        if published["is_representative"]:
            judged = {
                **origin,
                "stars": repository["stars"],
                "license_type": stored_license_type(origin, profile=self._recipe.licenses.profile),
            }
            rule = failed_rule(judged, self._recipe)
            self._dropped.expect(
                rule is None, f"{published['content_id']}: its representative fails {rule and rule.name}"
            )

    def _by_path_or_blob(self, repository: Row, origin: Row) -> bool:
        key = origin["repository"]
        if key not in self._paths:
            self._paths[key] = path_rules_for(self._rules, repository_facts(repository))
        paths = self._paths[key]
        by_path = paths is not None and paths.match(origin["path_bytes"]) is not None
        return by_path or self._rules.blob_rule(origin["content_id"]) is not None


def _ranges(rows: int) -> Iterator[tuple[str, str]]:
    count = power_of_two(-(-rows // _ROWS_AT_ONCE))
    for index in range(count):
        yield range_bounds(index, count)


def _inside(ids: pa.ChunkedArray, bounds: tuple[str, str]) -> list[str]:
    low, high = bounds
    mask = pc.greater_equal(ids, low)
    chosen = ids.filter(pc.and_(mask, pc.less(ids, high)) if high else mask)
    return [str(value) for value in chosen.to_pylist()]
