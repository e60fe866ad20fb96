"""Decide which repositories are opted out before any blob is read, and which need no reading because nothing changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa

from optout import blob_hash
from stack_pipeline.accounting import Account
from stack_pipeline.corpus import newest_rows, open_corpus, view_key
from stack_pipeline.corpus.blob_hashes import BLOB_HASH_PURPOSE, corpus_blob_hashes
from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.opt_outs import decide_repositories
from stack_pipeline.reasons import Reason
from stack_pipeline.tables.schema import REPOSITORIES, WITHHELD
from stack_pipeline.tasks import Finished, TaskContext
from stack_pipeline.versions import versions_of


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan one task: forks can only be told when all repositories are known."""
    trees = finished.files("list_trees", "tree")
    rows = finished.files("list_trees", "repositories")
    return [Task("decide_opt_outs", "all", {"snapshot": job.snapshot}, (*rows, *trees))]


def run(context: TaskContext) -> None:
    """Write the final repositories rows, and keyed hashes of the blob ids of opted-out repositories."""
    corpus = open_corpus(context.job.corpus)
    rows = context.read_all(context.task.files("repositories"), REPOSITORIES).to_pylist()
    earlier = {view_key(row): row for row in newest_rows(corpus, up_to=context.job.snapshot - 1)}
    listed = {row["repository"] for row in rows}
    others = [row for row in earlier.values() if row["repository"] not in listed]
    hashes = _TreeHashes(context, corpus_blob_hashes(corpus, others))
    decisions = decide_repositories([*rows, *others], context.job.rules(), hashes)
    account = context.account = Account("repository")
    for row in rows:
        decision = decisions[row["repository"]]
        row["unchecked_fork"] = decision.unchecked
        if decision.opted_out:
            row.update(status="withheld", reason=str(Reason.OPTED_OUT), reason_detail=decision.reason)
        if row["status"] == "read":
            account.keep(1, row["entry_bytes"])
            before = earlier.get(view_key(row))
            if before is not None and _unchanged(row, before):
                row["snapshot"] = before["snapshot"]
        else:
            account.drop(row["reason"], 1, row["entry_bytes"])
    rows.sort(key=view_key)
    context.write("repositories", REPOSITORIES, pa.Table.from_pylist(rows, schema=REPOSITORIES))
    withheld = [row for row in rows if row["status"] == "withheld"]
    context.write("withheld", WITHHELD, hashes.tables(withheld))


def _unchanged(row: dict[str, Any], before: dict[str, Any]) -> bool:
    same = ("commit", "license_spdx_id", "rules", "repository")
    return before["status"] == "read" and all(row[key] == before[key] for key in same)


class _TreeHashes:
    """Keyed hashes of the blob ids of a repository: of this run's trees, else of what the corpus holds."""

    def __init__(self, context: TaskContext, earlier: Callable[[str], frozenset[bytes] | None]) -> None:
        self._context = context
        self._earlier = earlier
        self._key = context.job.keys().subkey(BLOB_HASH_PURPOSE)
        self._known: dict[str, frozenset[bytes] | None] = {}

    def __call__(self, repository: str) -> frozenset[bytes] | None:
        if repository not in self._known:
            found = self._of_trees(repository)
            self._known[repository] = frozenset(found) if found else self._earlier(repository)
        return self._known[repository]

    def _of_trees(self, repository: str) -> set[bytes]:
        found: set[bytes] = set()
        columns = ["kind", "oid"]
        for ref in self._context.task.files("tree"):
            bounds = (repository, repository + "\0")
            for table in self._context.iter(ref, columns=columns, key="repository", bounds=bounds):
                for kind, oid in zip(*(table.column(name).to_pylist() for name in columns), strict=True):
                    if kind == "blob":
                        found.add(blob_hash(self._key, oid))
        return found

    def tables(self, withheld: list[dict[str, Any]]) -> Iterator[pa.Table]:
        for row in withheld:
            hashes = sorted(self(row["repository"]) or ())
            columns = {
                "repository": [row["repository"]] * len(hashes),
                "commit": [row["commit"] or ""] * len(hashes),
                "blob_hash": hashes,
            }
            yield pa.table(columns, schema=WITHHELD)


STAGE = Stage("decide_opt_outs", 1, plan, run, sections=("optout",), versions=versions_of("optout"))
