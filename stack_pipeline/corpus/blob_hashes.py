"""Keyed hashes of the blob ids of a repository, out of what a corpus holds, for telling identical forks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from optout import blob_hash
from stack_pipeline.corpus.layout import Corpus, Snapshot
from stack_pipeline.tables.parquet import iter_table

BLOB_HASH_PURPOSE = "opt-out blobs"
_SUBMODULE_MODE = 0o160000


def corpus_blob_hashes(
    corpus: Corpus, rows: Iterable[dict[str, Any]]
) -> Callable[[str], frozenset[bytes] | None]:
    """Return a function from a repository to the hashes of all its blobs, None where the corpus has no tree of it.

    The corpus is scanned once, at the first call.

    Args:
        corpus: The corpus.
        rows: The repositories rows that may be asked for; they say which snapshot holds which tree.
    """
    wanted = {(row["snapshot"], row["repository"], row["commit"]) for row in rows if row["commit"]}
    known: dict[str, frozenset[bytes]] = {}
    scanned = False

    def hashes(repository: str) -> frozenset[bytes] | None:
        nonlocal scanned
        if not scanned:
            known.update(_scan(corpus, wanted))
            scanned = True
        return known.get(repository)

    return hashes


def _scan(corpus: Corpus, wanted: set[tuple[int, str, str]]) -> dict[str, frozenset[bytes]]:
    found: dict[str, set[bytes]] = {}
    key = corpus.keys.subkey(BLOB_HASH_PURPOSE)
    for snapshot in corpus.snapshots():
        keys = {(repository, commit) for number, repository, commit in wanted if number == snapshot.number}
        if keys:
            _scan_origins(corpus, snapshot, keys, key, found)
            _scan_withheld(corpus, snapshot, keys, found)
    return {repository: frozenset(hashes) for repository, hashes in found.items()}


def _scan_origins(
    corpus: Corpus, snapshot: Snapshot, keys: set[tuple[str, str]], key: bytes, found: dict[str, set[bytes]]
) -> None:
    columns = ["repository", "commit", "content_id", "mode"]
    for ref in snapshot.files("origins"):
        for table in iter_table(corpus.storage, ref.name, columns=columns):
            for repository, commit, content_id, mode in zip(
                *(table.column(name).to_pylist() for name in columns), strict=True
            ):
                if (repository, commit) in keys and mode != _SUBMODULE_MODE:
                    found.setdefault(repository, set()).add(blob_hash(key, content_id))


def _scan_withheld(
    corpus: Corpus, snapshot: Snapshot, keys: set[tuple[str, str]], found: dict[str, set[bytes]]
) -> None:
    for ref in snapshot.files("withheld"):
        for table in iter_table(corpus.storage, ref.name):
            for row in table.to_pylist():
                if (row["repository"], row["commit"]) in keys:
                    found.setdefault(row["repository"], set()).add(row["blob_hash"])
