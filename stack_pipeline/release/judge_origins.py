"""Judge every origin of the view, opt-out first, and elect the representative of each blob among those that passed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pyarrow as pa

from optout import PathRules, path_rules_for
from stack_pipeline.accounting import Account
from stack_pipeline.jobs import FileRef, Job, Stage, Task
from stack_pipeline.licenses import stored_license_type
from stack_pipeline.opt_outs import repository_facts
from stack_pipeline.reasons import READ_BUT_NOT_STORED, Reason
from stack_pipeline.release.take_view import range_tasks, snapshot_files, task_bounds
from stack_pipeline.release.work_tables import BLOBS, JUDGED_ORIGINS
from stack_pipeline.selection.origin_rules import failed_rule
from stack_pipeline.selection.rank import blob_rank, origin_rank
from stack_pipeline.tables.schema import ORIGINS
from stack_pipeline.tasks import Finished, TaskContext
from stack_pipeline.versions import versions_of


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan a task per range of content ids."""
    inputs = [
        *finished.files("take_view", "view"),
        *snapshot_files(job, "origins"),
        *snapshot_files(job, "contents"),
    ]
    return range_tasks("judge_origins", finished, inputs)


def run(context: TaskContext) -> None:
    """Write every judged origin, and a row per blob with an origin that passed, sorted by the digest of its text."""
    account = context.account = Account("origin")
    bounds = task_bounds(context)
    (view_ref,) = context.task.files("view")
    judge = _Judge(context, context.read(view_ref).to_pylist())
    texts = _text_digests(context, bounds)
    origins: list[dict[str, Any]] = []
    blobs: list[dict[str, Any]] = []
    rows = sorted(_origins(context, judge, bounds), key=_origin_order)
    for content_id, group in groupby(rows, key=lambda row: str(row["content_id"])):
        members = [judge.judge(row) for row in group]
        passed = [row for row in members if row["drop_reason"] is None]
        if passed:
            best = min(passed, key=judge.rank)
            best["is_representative"] = True
            blobs.append(judge.blob(best, texts[content_id], len(passed)))
        origins += [row for row in members if row["reason"] is None or row["reason"] in READ_BUT_NOT_STORED]
        for row in members:
            _count(account, row)
    blobs.sort(key=lambda blob: (blob["text_sha256"], blob["content_id"]))
    context.write("origins", JUDGED_ORIGINS, pa.Table.from_pylist(origins, schema=JUDGED_ORIGINS))
    context.write("blobs", BLOBS, pa.Table.from_pylist(blobs, schema=BLOBS))


def _origin_order(row: dict[str, Any]) -> tuple[Any, ...]:
    return (row["content_id"], row["repository"], row["ref"] or "", row["commit"], row["entry_index"])


def _count(account: Account, row: dict[str, Any]) -> None:
    if row["drop_reason"] is None:
        account.keep(1, row["size_bytes"] or 0)
    else:
        account.drop(row["drop_reason"], 1, row["size_bytes"] or 0)


def _origins(context: TaskContext, judge: _Judge, bounds: tuple[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the origins of the view's commits in this range."""
    for ref in context.task.files("origins"):
        snapshot = _snapshot_of(ref)
        for table in context.iter(ref, columns=ORIGINS.names, key="content_id", bounds=bounds):
            for row in table.to_pylist():
                taken, name = judge.ref_of(snapshot, row["repository"], row["commit"])
                if taken:
                    yield {**row, "ref": name}


def _snapshot_of(ref: FileRef) -> int:
    match = re.match(r"snapshots/(\d+)/", ref.name)
    if match is None:
        raise ValueError("an origins file outside the snapshots")
    return int(match[1])


def _text_digests(context: TaskContext, bounds: tuple[str, str]) -> dict[str, tuple[str, int]]:
    columns = ["content_id", "text_sha256", "length_bytes"]
    found: dict[str, tuple[str, int]] = {}
    for ref in context.task.files("contents"):
        table = context.read(ref, columns=columns, key="content_id", bounds=bounds)
        for content_id, digest, length in zip(*(table[name].to_pylist() for name in columns), strict=True):
            found[content_id] = (digest, length)
    return found


class _Judge:
    """The rules, applied to origins of known repositories."""

    def __init__(self, context: TaskContext, view: list[dict[str, Any]]) -> None:
        self._recipe = context.job.recipe
        self._rules = context.job.rules()
        self._commits: dict[tuple[str, str], dict[str, Any]] = {}
        self._paths: dict[str, PathRules | None] = {}
        self._snapshots: dict[tuple[str, str], int] = {}
        # Opted-out repositories were counted with the view, whether their blobs were ever read or not. A commit
        # that several refs name, or that was read twice, has its origins once: under the first of its refs.
        for row in sorted(view, key=lambda row: (row["repository"], row["ref"] or "")):
            if row["status"] == "read" and not row["opted_out"]:
                commit = (row["repository"], row["commit"])
                self._commits.setdefault(commit, row)
                self._snapshots[commit] = min(row["snapshot"], self._snapshots.get(commit, row["snapshot"]))

    def ref_of(self, snapshot: int, repository: str, commit: str) -> tuple[bool, str | None]:
        """Return whether the view takes a commit's origins from a snapshot, and under which ref."""
        if self._snapshots.get((repository, commit)) != snapshot:
            return False, None
        return True, self._commits[repository, commit]["ref"]

    def judge(self, row: dict[str, Any]) -> dict[str, Any]:
        """Add what the release says of an origin: its licence type and why it is out, if it is."""
        repository = self._repository(row)
        row["license_type"] = stored_license_type(row, profile=self._recipe.licenses.profile)
        row["stars"] = repository["stars"]
        row["is_representative"] = False
        row["drop_rule"] = None
        row["drop_reason"] = None
        if (by := self._opted_out(repository, row)) is not None:
            row["drop_reason"], row["drop_rule"] = str(Reason.OPTED_OUT), by
        elif row["reason"] is not None and row["reason"] not in READ_BUT_NOT_STORED:
            row["drop_reason"], row["drop_rule"] = row["reason"], "ingest"
        elif (rule := failed_rule(row, self._recipe)) is not None:
            row["drop_reason"], row["drop_rule"] = str(rule.reason), rule.name
        return row

    def _opted_out(self, repository: dict[str, Any], row: dict[str, Any]) -> str | None:
        """Return which scope of the opt-out rules covers an origin of a repository that stays: path, blob, or none."""
        if self._rules.blob_rule(row["content_id"]) is not None:
            return "blob"
        key = repository["repository"]
        if key not in self._paths:
            self._paths[key] = path_rules_for(self._rules, repository_facts(repository))
        paths = self._paths[key]
        return "path" if paths is not None and paths.match(row["path_bytes"]) is not None else None

    def _repository(self, row: dict[str, Any]) -> dict[str, Any]:
        return self._commits[row["repository"], row["commit"]]

    def rank(self, row: dict[str, Any]) -> tuple[bytes, int]:
        """Return the rank of an origin among those of its blob; entries of one name keep their order."""
        permissive = row["license_type"] == "permissive"
        return origin_rank(self._repository(row), permissive=permissive, path=row["path_bytes"]), row[
            "entry_index"
        ]

    def blob(self, best: dict[str, Any], text: tuple[str, int], origins: int) -> dict[str, Any]:
        """Return the blob row of a representative."""
        permissive = best["license_type"] == "permissive"
        content_id = best["content_id"]
        return {
            "content_id": content_id,
            "text_sha256": text[0],
            "length_bytes": text[1],
            "language": best["language"],
            "rank": self.rank(best)[0],
            "blob_rank": blob_rank(self._repository(best), permissive=permissive, content_id=content_id),
            "origin_count": origins,
        }


STAGE = Stage(
    "judge_origins",
    1,
    plan,
    run,
    sections=("optout", "licenses", "select"),
    versions=versions_of("selection", "optout", "licenses"),
)
