"""Write bare Git repositories object by object, with the same ids on every machine.

Objects are made from bytes and written loose; neither `git` nor any configuration takes part, and paths
stay data, so a tree may hold names that no checkout could. Author and date are fixed.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

AUTHOR = b"Sample Author <sample@example.com>"
FILE, EXECUTABLE, SYMLINK, SUBMODULE, FOLDER = b"100644", b"100755", b"120000", b"160000", b"40000"


class TreeEntry(NamedTuple):
    """An entry below the root: `object_id` is what the tree names, whether or not it is stored."""

    path: bytes
    mode: bytes
    object_id: str


def object_id(kind: bytes, body: bytes) -> str:
    """Return the id of a Git object in hex.

    Examples:
        >>> object_id(b"blob", b"")
        'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'
    """
    return hashlib.sha1(_framed(kind, body), usedforsecurity=False).hexdigest()


class BareRepository:
    """A bare repository under construction in a folder that it creates."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("objects/info", "objects/pack", "refs/heads", "refs/tags"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self._write("config", b"[core]\n\trepositoryformatversion = 0\n\tbare = true\n")
        self.set_head("main")

    def add_blob(self, content: bytes) -> str:
        """Store a blob and return its id."""
        return self._store(b"blob", content)

    def add_commit(
        self, entries: Iterable[TreeEntry], *, message: str, unix_time: int, parent: str | None
    ) -> str:
        """Store a tree of entries and a commit of it, and return the commit's id."""
        lines = [b"tree " + self._add_tree(list(entries)).encode()]
        if parent is not None:
            lines.append(b"parent " + parent.encode())
        who = AUTHOR + f" {unix_time} +0000".encode()
        lines += [b"author " + who, b"committer " + who, b"", message.encode(), b""]
        return self._store(b"commit", b"\n".join(lines))

    def add_tag(self, name: str, commit: str, *, unix_time: int) -> None:
        """Store an annotated tag and its reference."""
        who = AUTHOR + f" {unix_time} +0000".encode()
        lines = [
            b"object " + commit.encode(),
            b"type commit",
            b"tag " + name.encode(),
            b"tagger " + who,
            b"",
            b"Release",
            b"",
        ]
        self._write(f"refs/tags/{name}", self._store(b"tag", b"\n".join(lines)).encode() + b"\n")

    def set_branch(self, name: str, commit: str) -> None:
        """Point a branch to a commit."""
        self._write(f"refs/heads/{name}", commit.encode() + b"\n")

    def set_head(self, branch: str) -> None:
        """Point `HEAD` to a branch, which need not exist."""
        self._write("HEAD", f"ref: refs/heads/{branch}\n".encode())

    def damage(self, stored_id: str) -> None:
        """Cut an object short."""
        path = self._folder / "objects" / stored_id[:2] / stored_id[2:]
        path.write_bytes(path.read_bytes()[:8])

    def _add_tree(self, entries: list[TreeEntry]) -> str:
        """Store the tree of entries whose paths are relative to it, folders first made trees themselves."""
        own: list[tuple[bytes, bytes, str]] = []
        below: dict[bytes, list[TreeEntry]] = {}
        for entry in entries:
            name, slash, rest = entry.path.partition(b"/")
            if slash:
                below.setdefault(name, []).append(entry._replace(path=rest))
            else:
                own.append((name, entry.mode, entry.object_id))
        own += [(name, FOLDER, self._add_tree(inner)) for name, inner in below.items()]
        own.sort(key=lambda item: item[0] + b"/" if item[1] == FOLDER else item[0])
        return self._store(
            b"tree", b"".join(mode + b" " + name + b"\0" + bytes.fromhex(oid) for name, mode, oid in own)
        )

    def _store(self, kind: bytes, body: bytes) -> str:
        name = object_id(kind, body)
        path = self._folder / "objects" / name[:2] / name[2:]
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(zlib.compress(_framed(kind, body), 1))
        return name

    def _write(self, name: str, content: bytes) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _framed(kind: bytes, body: bytes) -> bytes:
    return kind + b" " + str(len(body)).encode() + b"\0" + body
