"""A corpus on disk: what was read from repositories, private, growing by snapshots."""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

from stack_pipeline.canonical import canonical_json
from stack_pipeline.errors import RunFailed, UsageError
from stack_pipeline.jobs import FileRef
from stack_pipeline.keys import KEY_NAME, KeyRing, create_key, load_key
from stack_pipeline.storage import Storage
from stack_pipeline.tables.schema import LAYOUT

CORPUS_NAME = "corpus.json"
LOCK_NAME = ".lock"
# What an interrupted or a simultaneous creation may have made.
_FIRST_NAMES = {KEY_NAME, CORPUS_NAME, LOCK_NAME}


@dataclass(frozen=True)
class Snapshot:
    """A committed snapshot.

    Args:
        number: From 1, in order of ingest.
        root: SHA-256 of its manifest.
        manifest: The parsed manifest.
    """

    number: int
    root: str
    manifest: dict[str, Any]

    def files(self, kind: str) -> tuple[FileRef, ...]:
        """Return its files of a kind (`repositories`, `origins`, `contents`, `licenses`, `withheld`)."""
        known = [field.name for field in fields(FileRef)]
        rows = [ref for ref in self.manifest["files"] if ref["kind"] == kind]
        return tuple(FileRef(**{name: ref[name] for name in known}) for ref in rows)


@dataclass(frozen=True)
class Corpus:
    """A corpus that exists."""

    url: str
    keys: KeyRing

    @property
    def storage(self) -> Storage:
        """The folder of the corpus."""
        return Storage(self.url)

    def snapshots(self) -> list[Snapshot]:
        """Return the committed snapshots, oldest first."""
        found = []
        for name in self.storage.names("snapshots"):
            match = re.fullmatch(r"snapshots/(\d+)/manifest\.json", name)
            if match:
                found.append(self.snapshot(int(match[1])))
        return sorted(found, key=lambda snapshot: snapshot.number)

    def snapshot(self, number: int) -> Snapshot:
        """Read one committed snapshot.

        Raises:
            UsageError: If it is damaged, or its layout is not one that this program reads.
        """
        import hashlib

        data = self.storage.read_bytes(f"snapshots/{number}/manifest.json")
        manifest = _parsed(data, what=f"{self.url}: the manifest of snapshot {number}")
        check_layout(manifest.get("layout"), what=f"snapshot {number}")
        return Snapshot(number, hashlib.sha256(data).hexdigest(), manifest)


def _parsed(data: bytes, *, what: str) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise UsageError(f"{what} is damaged", hint="restore it from your backup")
    return value


def check_layout(layout: Any, *, what: str) -> None:
    """Refuse data of another major layout version.

    Raises:
        UsageError: With what was found and what is read.
    """
    if not isinstance(layout, list) or len(layout) != 2 or layout[0] != LAYOUT[0]:
        shown = ".".join(map(str, layout)) if isinstance(layout, list) else "unknown"
        raise UsageError(
            f"{what} has layout {shown}; this program reads {LAYOUT[0]}.x",
            hint="use the version of stack-pipeline that made it, or make it anew",
        )


def open_corpus(url: str) -> Corpus:
    """Open a corpus that exists.

    Raises:
        UsageError: If there is none, its layout is foreign, or its key is lost or another one.
    """
    storage = Storage(url)
    try:
        data = storage.read_bytes(CORPUS_NAME)
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(
            f"{url}: no corpus here", hint="make one with: stack-pipeline ingest SOURCE --corpus DIR"
        ) from None
    head = _parsed(data, what=f"{url}: {CORPUS_NAME}")
    check_layout(head.get("layout"), what="the corpus")
    keys = load_key(storage)
    if keys.key_id != head.get("key_id"):
        raise UsageError(
            f"{url}: the key is not the one this corpus was made with",
            hint=f"put back the key with id {head.get('key_id')}",
        )
    return Corpus(url, keys)


def open_or_create_corpus(url: str, *, key: bytes | None) -> Corpus:
    """Open a corpus, or create it (mode 0700, with a made or given key).

    Raises:
        UsageError: If the folder is something else, or a key is given that is not the corpus's.
    """
    storage = Storage(url)
    if storage.exists(CORPUS_NAME):
        corpus = open_corpus(url)
        if key is not None and KeyRing(key).key_id != corpus.keys.key_id:
            raise UsageError(
                f"{url}: this corpus has another key",
                hint="leave out --key-file: the key is fixed when a corpus is created",
            )
        return corpus
    if set(storage.names()) - _FIRST_NAMES:
        raise UsageError(f"{url}: the folder is not empty and no corpus", hint="name an empty or new folder")
    storage.make_folder(mode=0o700)
    if storage.is_local:
        os.chmod(storage.local_path(), 0o700)  # noqa: PTH101
    keys = _first_key(storage, given=key)
    if key is not None and keys.key_id != KeyRing(key).key_id:
        raise UsageError(
            f"{url}: the folder holds another key", hint="remove the file 'key' of the unfinished corpus"
        )
    storage.write_bytes(CORPUS_NAME, canonical_json({"layout": list(LAYOUT), "key_id": keys.key_id}))
    return Corpus(url, keys)


def _first_key(storage: Storage, *, given: bytes | None) -> KeyRing:
    """Make the key of a new corpus; one that an interrupted or simultaneous creation made stays."""
    try:
        return create_key(storage, given=given)
    except FileExistsError:
        return load_key(storage)


@contextmanager
def locked(corpus_url: str) -> Iterator[None]:
    """Hold the corpus for one job; a lock goes with its process.

    Raises:
        RunFailed: If another job holds it.
    """
    storage = Storage(corpus_url)
    if not storage.is_local:
        yield
        return
    storage.make_folder(mode=0o700)
    with storage.local_path(LOCK_NAME).open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RunFailed(
                f"{corpus_url}: another job is using this corpus", hint="wait for it to end"
            ) from None
        storage.remove_leftovers()
        yield
