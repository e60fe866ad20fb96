"""Check training rows: hashes and statistics of texts, git ids, redacted places, rules, personal data."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

import stack_native
from stack_pipeline.inspection.published import UNKNOWN_LANGUAGE, Part, Release
from stack_pipeline.inspection.verification.findings import Check, Findings, unchecked
from stack_pipeline.release.check_release import SCANNED_COLUMNS, count_findings, is_scanned
from stack_pipeline.selection import blob_rules, origin_rules

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_STATISTICS = ("line_count", "avg_line_length", "max_line_length", "alphanum_fraction")


class Texts:
    """`content_sha256` and `length_bytes` are those of the text."""

    kinds: tuple[str, ...] = ("data",)
    beside: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._found = Findings("texts", "hash and length of every text")

    def see(self, part: Part, batch: pa.Table) -> None:
        """Hash each text."""
        for row in batch.select(["content_id", "content", "content_sha256", "length_bytes"]).to_pylist():
            data = row["content"].encode()
            same = (hashlib.sha256(data).hexdigest(), len(data)) == (
                row["content_sha256"],
                row["length_bytes"],
            )
            self._found.expect(same, f"{row['content_id']}: the text has another hash or length")

    def check(self) -> Check:
        """Return what was found."""
        return self._found.check()


class LineStatistics:
    """The line statistics are those of the text."""

    kinds: tuple[str, ...] = ("data",)
    beside: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._found = Findings("line_statistics", "line statistics of every text")

    def see(self, part: Part, batch: pa.Table) -> None:
        """Measure each text."""
        measured = pa.table(stack_native.line_statistics(batch["content"].combine_chunks())).to_pylist()
        for row, lines in zip(batch.select(["content_id", *_STATISTICS]).to_pylist(), measured, strict=True):
            same = all(_same(row[name], lines[name]) for name in _STATISTICS)
            self._found.expect(same, f"{row['content_id']}: other line statistics")

    def check(self) -> Check:
        """Return what was found."""
        return self._found.check()


def _same(one: Any, other: Any) -> bool:
    return one is not None and math.isclose(one, other, rel_tol=1e-12)


class GitIds:
    """An unredacted UTF-8 text has its git blob id and its SHA-1; a redacted one shows neither."""

    kinds: tuple[str, ...] = ("data",)
    beside: tuple[str, ...] = ("redactions",)

    def __init__(self, release: Release) -> None:
        self._found = Findings("git_ids", "git ids of unredacted UTF-8 texts")
        self._release = release
        self._others = 0

    def see(self, part: Part, batch: pa.Table) -> None:
        """Recompute the ids; a byte-order mark that was removed may have been part of the file."""
        columns = ["content_id", "content_id_kind", "blob_id", "src_encoding", "content"]
        redacted = _redacted_ids(self._release, batch)
        for row in batch.select(columns).to_pylist():
            content_id = row["content_id"]
            if content_id in redacted:
                self._redacted(row)
            elif row["content_id_kind"] != "git":
                self._found.add(f"{content_id}: an unredacted text without a git id")
            elif row["src_encoding"] != "utf-8":
                self._others += 1
            else:
                data = row["content"].encode()
                shown = (content_id, row["blob_id"])
                same = shown in (_ids(data), _ids(_BYTE_ORDER_MARK + data))
                self._found.expect(same, f"{content_id}: not the git id of the text")

    def _redacted(self, row: dict[str, Any]) -> None:
        """The git id of what was masked would let a reader test guesses."""
        if self._release.recipe.release.ids == "published":
            hidden = row["content_id_kind"] == "keyed" and row["blob_id"] is None
            self._found.expect(hidden, f"{row['content_id']}: a redacted text shows an id of its original")

    def check(self) -> Check:
        """Return what was found, and what cannot be recomputed from the text."""
        note = f"; {self._others} of other encodings were not recomputed" if self._others else ""
        return self._found.check(note=note)


def _ids(data: bytes) -> tuple[str, str]:
    """Return the git blob id and the SHA-1 of bytes."""
    git = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
    return git, hashlib.sha1(data, usedforsecurity=False).hexdigest()


class RedactedPlaces:
    """Redacted places lie inside the text, on characters' borders, in order, apart."""

    kinds: tuple[str, ...] = ("data",)
    beside: tuple[str, ...] = ("redactions",)

    def __init__(self, release: Release) -> None:
        self._found = Findings("redactions", "redacted places lie inside their texts, in order, apart")
        self._release = release

    def see(self, part: Part, batch: pa.Table) -> None:
        """Hold the redactions of a batch of texts against the texts."""
        texts = dict(zip(batch["content_id"].to_pylist(), batch["content"].to_pylist(), strict=True))
        ends: dict[str, int] = {}
        for rows in _redactions(self._release, batch, ["content_id", "start", "end"]):
            for row in rows.to_pylist():
                content_id, start, end = row["content_id"], row["start"], row["end"]
                if content_id in texts:
                    fits = ends.get(content_id, 0) <= start < end and _on_characters(
                        texts[content_id], start, end
                    )
                    self._found.expect(
                        fits, f"{content_id}: a redacted place outside its text or over another"
                    )
                    ends[content_id] = end

    def check(self) -> Check:
        """Return what was found."""
        return self._found.check()


def _on_characters(text: str, start: int, end: int) -> bool:
    data = text.encode()
    return end <= len(data) and all(at == len(data) or data[at] & 0xC0 != 0x80 for at in (start, end))


def _redactions(release: Release, batch: pa.Table, columns: list[str]) -> Iterator[pa.Table]:
    """Yield the redactions in the range of ids of a batch."""
    ends = pc.min_max(batch["content_id"]).as_py()
    bounds = (ends["min"], ends["max"] + "\0")
    return release.batches("redactions", columns=columns, bounds=bounds)


def _redacted_ids(release: Release, batch: pa.Table) -> set[str]:
    return {
        name
        for rows in _redactions(release, batch, ["content_id"])
        for name in rows["content_id"].to_pylist()
    }


class Selection:
    """Every training row passes the recipe's rules, as far as its own columns tell."""

    kinds: tuple[str, ...] = ("data",)
    beside: tuple[str, ...] = ("redactions",)

    def __init__(self, release: Release) -> None:
        self._found = Findings("selection", "every row passes the rules of the recipe")
        self._recipe = release.recipe
        self._release = release

    def see(self, part: Part, batch: pa.Table) -> None:
        """Apply origin rules to each row and blob rules to each unredacted text."""
        columns = [
            *("content_id", "license_type", "language", "is_vendor", "is_generated", "path", "path_redacted"),
            *("star_events_count", "length_bytes", *_STATISTICS),
        ]
        redacted = _redacted_ids(self._release, batch)
        for row in batch.select(columns).to_pylist():
            failed = self._origin_rule(row)
            if failed is None and row["content_id"] not in redacted:
                failed = self._blob_rule(row)
            self._found.expect(failed is None, f"{row['content_id']}: fails the rule {failed}")

    def _origin_rule(self, row: dict[str, Any]) -> str | None:
        origin = {
            "license_type": row["license_type"],
            "language": None if row["language"] == UNKNOWN_LANGUAGE else row["language"],
            "is_vendored": row["is_vendor"],
            "is_generated": row["is_generated"],
            "is_minified": None,  # not published
            "path_bytes": row["path"].encode(),
            "stars": row["star_events_count"],
        }
        rule = origin_rules.failed_rule(origin, self._recipe)
        blurred = (
            rule is not None and rule.name == "in_paths" and (row["path_redacted"] or "\ufffd" in row["path"])
        )
        return None if rule is None or blurred else rule.name

    def _blob_rule(self, row: dict[str, Any]) -> str | None:
        facts = blob_rules.BlobFacts(
            row["length_bytes"],
            row["avg_line_length"],
            row["max_line_length"],
            row["alphanum_fraction"],
            None,
        )
        rule = blob_rules.failed_rule(facts, self._recipe)
        return None if rule is None else rule.name

    def check(self) -> Check:
        """Return what was found."""
        return self._found.check()


class PersonalData:
    """A re-scan of every published string finds nothing."""

    kinds: tuple[str, ...] = tuple(SCANNED_COLUMNS)
    beside: tuple[str, ...] = ()

    def __init__(self, release: Release) -> None:
        self._found = Findings("personal_data", "a re-scan of every published string finds nothing")
        self._recipe = release.recipe

    def see(self, part: Part, batch: pa.Table) -> None:
        """Scan the strings of a batch; what is found is not shown."""
        if is_scanned(part.kind, self._recipe):
            count = count_findings([batch.select(list(SCANNED_COLUMNS[part.kind]))])
            self._found.expect(count == 0, f"{part.name}: {count} places with personal data or secrets")

    def check(self) -> Check:
        """Return what was found."""
        if not self._recipe.redact.enabled:
            return unchecked("personal_data", "the recipe switches redaction off")
        return self._found.check()
