"""Read blobs and say what each origin is: encoding, language, flags, licence verdict; or why it was not taken."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from stack_pipeline.accounting import Account
from stack_pipeline.files import (
    decode,
    detect_language,
    is_binary,
    is_generated,
    is_lfs_pointer,
    is_minified,
    is_vendored,
)
from stack_pipeline.ingest.list_trees import TREE
from stack_pipeline.ingest.read_licenses import licenses_of
from stack_pipeline.jobs import FileRef, Job, Stage, Task
from stack_pipeline.licenses import WIDEST_PROFILE, LicenseVerdict, RepositoryLicenses, license_type
from stack_pipeline.reasons import Reason
from stack_pipeline.sources import GitRepository, display_path, path_problem
from stack_pipeline.tables.parquet import read_table
from stack_pipeline.tables.schema import CONTENTS, ORIGINS
from stack_pipeline.tasks import Finished, TaskContext
from stack_pipeline.versions import ingest_versions

_SYMLINK, _SUBMODULE = 0o120000, 0o160000


def repositories_to_read(job: Job, finished: Finished) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the rows of repositories whose blobs this ingest reads, by (identity, commit)."""
    (ref,) = finished.files("decide_opt_outs", "repositories")
    rows = read_table(job.storage(ref.root), ref.name).to_pylist()
    return {
        (row["repository"], row["commit"]): row
        for row in rows
        if row["status"] == "read" and row["snapshot"] == job.snapshot
    }


def source_locations(job: Job) -> dict[str, str]:
    """Return where each repository of the job lies on this machine."""
    return {source.key: source.location for source in job.sources}


@dataclass(frozen=True)
class _Slice:
    """Consecutive entries of one tree file that belong to one repository."""

    tree: FileRef
    repository: str
    commit: str
    start: int
    stop: int


def plan(job: Job, finished: Finished) -> list[Task]:
    """Cut all trees into tasks of about `engine.task_bytes` of blobs; small repositories share one."""
    rows = repositories_to_read(job, finished)
    evidence = {ref.name: ref for ref in finished.files("read_licenses", "evidence")}
    owner = {
        key: ref_name
        for facts in finished.facts("read_licenses")
        for key, ref_name in ((tuple(pair), facts["evidence"]) for pair in facts["repositories"])
    }
    tasks: list[Task] = []
    waiting: list[_Slice] = []
    waiting_bytes = 0
    for piece, size in _slices(job, finished, rows):
        waiting.append(piece)
        waiting_bytes += size
        if waiting_bytes >= job.recipe.engine.task_bytes:
            tasks.append(_task(job, len(tasks), waiting, rows, evidence, owner))
            waiting, waiting_bytes = [], 0
    if waiting:
        tasks.append(_task(job, len(tasks), waiting, rows, evidence, owner))
    return tasks


def _slices(
    job: Job, finished: Finished, rows: dict[tuple[str, str], dict[str, Any]]
) -> Iterator[tuple[_Slice, int]]:
    """Yield runs of entries of one repository and their bytes, none much above `task_bytes`."""
    limit = job.recipe.engine.task_bytes
    seen: set[tuple[str, str]] = set()
    for ref in finished.files("list_trees", "tree"):
        table = read_table(job.storage(ref.root), ref.name, columns=["repository", "commit", "size_bytes"])
        names, commits = table.column("repository").to_pylist(), table.column("commit").to_pylist()
        sizes = table.column("size_bytes").to_pylist()
        start = 0
        while start < len(names):
            key = (names[start], commits[start])
            stop, size = start, 0
            while stop < len(names) and (names[stop], commits[stop]) == key and size < limit:
                size += min(sizes[stop] or 0, job.recipe.ingest.max_file_bytes) + 256
                stop += 1
            ends = stop == len(names) or (names[stop], commits[stop]) != key
            if key in rows and key not in seen:
                yield _Slice(ref, *key, start, stop), size
            if ends:
                seen.add(key)
            start = stop


def _task(
    job: Job,
    number: int,
    pieces: Sequence[_Slice],
    rows: dict[tuple[str, str], dict[str, Any]],
    evidence: dict[str, FileRef],
    owner: dict[tuple[str, str], str],
) -> Task:
    keys = [(piece.repository, piece.commit) for piece in pieces]
    inputs = {piece.tree.name: piece.tree for piece in pieces}
    inputs |= {owner[key]: evidence[owner[key]] for key in keys}
    locations = source_locations(job)
    slices = [
        {
            "tree": piece.tree.sha256,
            "repository": piece.repository,
            "commit": piece.commit,
            "license_spdx_id": rows[key]["license_spdx_id"],
            "start": piece.start,
            "stop": piece.stop,
        }
        for piece, key in zip(pieces, keys, strict=True)
    ]
    local = (("locations", {piece.repository: locations[piece.repository] for piece in pieces}),)
    return Task("read_files", f"files-{number:06d}", {"slices": slices}, tuple(inputs.values()), local)


def run(context: TaskContext) -> None:
    """Write an origins row for every entry and a contents row for every blob that was taken, both by content id."""
    context.account = Account("origin")
    origins: list[dict[str, Any]] = []
    contents: dict[str, dict[str, Any]] = {}
    trees = {ref.sha256: ref for ref in context.task.files("tree")}
    for piece in context.task.params["slices"]:
        table = context.read(trees[piece["tree"]]).slice(piece["start"], piece["stop"] - piece["start"])
        licenses = licenses_of(context, piece["repository"], piece["commit"], piece["license_spdx_id"])
        reader = _Reader(context, piece, licenses, contents)
        origins += reader.read(table.cast(TREE).to_pylist(), context.local["locations"][piece["repository"]])
    origins.sort(key=lambda row: (row["content_id"], row["repository"], row["commit"], row["entry_index"]))
    context.write("origins", ORIGINS, pa.Table.from_pylist(origins, schema=ORIGINS))
    context.write("contents", CONTENTS, _content_batches(contents))


def _content_batches(contents: dict[str, dict[str, Any]]) -> Iterator[pa.Table]:
    ordered = sorted(contents)
    for start in range(0, len(ordered), 256):
        rows = [contents.pop(content_id) for content_id in ordered[start : start + 256]]
        yield pa.Table.from_pylist(rows, schema=CONTENTS)


class _Reader:
    """Read the entries of one repository's slice."""

    def __init__(
        self,
        context: TaskContext,
        piece: dict[str, Any],
        licenses: RepositoryLicenses,
        contents: dict[str, dict[str, Any]],
    ) -> None:
        assert context.account is not None
        self._piece = piece
        self._recipe = context.job.recipe.ingest
        self._account = context.account
        self._licenses = licenses
        self._contents = contents

    def read(self, entries: list[dict[str, Any]], location: str) -> list[dict[str, Any]]:
        """Return an origins row per entry."""
        rows: list[dict[str, Any]] = []
        wanted: dict[str, list[dict[str, Any]]] = {}
        for entry in entries:
            reason = self._entry_reason(entry)
            if reason is None:
                wanted.setdefault(entry["oid"], []).append(entry)
            else:
                rows.append(self._row(entry, entry["oid"][:40], reason))
        if wanted:
            with GitRepository(location) as repository:
                for oid, data in repository.blobs(list(wanted), max_bytes=self._recipe.max_file_bytes):
                    rows += self._blob(wanted.pop(oid), data)
        for oid, missing in wanted.items():
            rows += [self._row(entry, oid[:40], Reason.MISSING_OBJECT) for entry in missing]
        return rows

    def _entry_reason(self, entry: dict[str, Any]) -> Reason | None:
        """Return why an entry is not read, by what its tree says of it."""
        if entry["mode"] == _SUBMODULE:
            return Reason.SUBMODULE
        if path_problem(entry["path_bytes"]) is not None or entry["occurrence"]:
            return Reason.BAD_PATH
        if entry["kind"] != "blob":  # a folder that cannot be read
            return Reason.MISSING_OBJECT
        if entry["mode"] == _SYMLINK:
            return Reason.SYMLINK
        if entry["size_bytes"] is None:
            return Reason.MISSING_OBJECT
        return Reason.TOO_LARGE if entry["size_bytes"] > self._recipe.max_file_bytes else None

    def _blob(self, entries: list[dict[str, Any]], data: bytes | None) -> list[dict[str, Any]]:
        """Return the rows of all entries that name one blob, and store its text if one of them is taken."""
        if data is None:
            return [self._row(entry, entry["oid"][:40], Reason.MISSING_OBJECT) for entry in entries]
        content_id = hashlib.sha1(b"blob %d\x00" % len(data) + data, usedforsecurity=False).hexdigest()
        reason, decoded = _decode(data)
        rows = []
        for entry in entries:
            if decoded is None:
                rows.append(self._row(entry, content_id, reason))
                continue
            row = self._text_row(entry, content_id, decoded.text)
            rows.append(row)
            if row["reason"] is None and content_id not in self._contents:
                self._contents[content_id] = content_row(content_id, data, decoded)
        return rows

    def _text_row(self, entry: dict[str, Any], content_id: str, text: str) -> dict[str, Any]:
        """Return the row of an origin whose text was read."""
        path = entry["path_bytes"]
        verdict = self._licenses.verdict(path, text)
        return self._row(
            entry,
            content_id,
            self._license_reason(verdict),
            {
                "language": detect_language(path, text).name,
                "is_vendored": is_vendored(path),
                "is_generated": is_generated(path, text),
                "is_minified": is_minified(path, text),
                "license_expression": verdict.expression,
                "license_status": verdict.status,
                "license_source": verdict.source,
                "license_path": verdict.path,
                "detected_licenses": list(verdict.detected),
                "license_text_ids": list(verdict.text_ids),
            },
        )

    def _license_reason(self, verdict: LicenseVerdict) -> Reason | None:
        if self._recipe.store == "all":
            return None
        kind = license_type(verdict, profile=WIDEST_PROFILE)
        return {"permissive": None, "no_license": Reason.NO_LICENSE}.get(kind, Reason.NOT_PERMISSIVE)

    def _row(
        self,
        entry: dict[str, Any],
        content_id: str,
        reason: Reason | None,
        facts: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        size = entry["size_bytes"] or 0
        if reason is None:
            self._account.keep(1, size)
        else:
            self._account.drop(reason, 1, size)
        shown, lossy = display_path(entry["path_bytes"])
        return {
            "repository": self._piece["repository"],
            "commit": self._piece["commit"],
            "path_bytes": entry["path_bytes"],
            "path": shown,
            "path_is_lossy": lossy,
            "entry_index": entry["entry_index"],
            "mode": entry["mode"],
            "content_id": content_id,
            "size_bytes": entry["size_bytes"],
            "reason": None if reason is None else str(reason),
            **(facts or {}),
        }


def _decode(data: bytes) -> tuple[Reason | None, Any]:
    """Return the decoded text, or why there is none."""
    if not data:
        return Reason.EMPTY_FILE, None
    if is_lfs_pointer(data):
        return Reason.LFS_POINTER, None
    decoded = decode(data)
    if decoded is not None:
        return (None, decoded) if decoded.text else (Reason.EMPTY_FILE, None)
    return (Reason.BINARY if is_binary(data) else Reason.UNDECODABLE), None


def content_row(content_id: str, data: bytes, decoded: Any) -> dict[str, Any]:
    """Return the contents row of a blob."""
    encoded = decoded.text.encode("utf-8")
    return {
        "content_id": content_id,
        "sha1": hashlib.sha1(data, usedforsecurity=False).hexdigest(),
        "sha256": hashlib.sha256(data).hexdigest(),
        "encoding": decoded.encoding,
        "size_bytes": len(data),
        "length_bytes": len(encoded),
        "text_sha256": hashlib.sha256(encoded).hexdigest(),
        "text": decoded.text,
    }


STAGE = Stage("read_files", 1, plan, run, sections=("ingest",), versions=ingest_versions)
