"""Read the text files of whole Git repositories, as HEAD has them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

MOST_BYTES = 1 << 20
"""Larger files are left out: they are data or generated."""

T = TypeVar("T")

_DEEPEST = 4
_LAYOUT_WORDS = ("repo", ".git")


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository below the folder that was given, and its name there."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file of HEAD that holds UTF-8 text."""

    path: str
    content: bytes


class Unreadable(Exception):
    """Git can't read a repository."""


def find_repositories(folder: Path) -> list[Repository]:
    """Return all repositories below a folder, bare or with a work tree, in the order of their names."""
    return sorted(_found(folder, folder, 0), key=lambda repository: repository.name)


def _found(folder: Path, top: Path, depth: int) -> Iterator[Repository]:
    if is_repository(folder):
        yield Repository(repository_name(folder.relative_to(top), folder), folder)
    elif depth < _DEEPEST:
        for child in sorted(folder.iterdir()):
            if child.is_dir():
                yield from _found(child, top, depth + 1)


def is_repository(folder: Path) -> bool:
    """Say whether a folder is a repository with or without a work tree."""
    bare = all((folder / name).exists() for name in ("HEAD", "objects", "refs"))
    return bare or (folder / ".git").exists()


def repository_name(place: Path, folder: Path) -> str:
    """Return `owner/name` for the usual ways to lay out clones; words of the layout are dropped.

    Examples:
        >>> [repository_name(Path(p), Path(p)) for p in ("a/b.git", "a+b/repo", "a/b", "b/.git")]
        ['a/b', 'a/b', 'a/b', 'b']
    """
    parts = [part.removesuffix(".git") for part in place.parts if part not in _LAYOUT_WORDS]
    return "/".join(parts).replace("+", "/") or folder.resolve().name.removesuffix(".git")


def read_head(repository: Repository) -> Iterator[TextFile]:
    """Yield the text files of HEAD in the order of their paths; no links, binary, large or missing ones.

    Raises:
        Unreadable: If Git fails.
    """
    listing = _git(repository, "ls-tree", "-r", "-z", "-l", "HEAD").split(b"\0")
    wanted = [entry for entry in map(_entry, filter(None, listing)) if entry is not None]
    command = ["git", "-C", str(repository.path), "cat-file", "--batch"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_offline(), stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for blob, path in wanted:
            process.stdin.write(blob + b"\n")
            process.stdin.flush()
            head = process.stdout.readline().split()
            if len(head) != 3:
                continue
            content = process.stdout.read(int(head[2]) + 1)[:-1]
            if is_text(content):
                yield TextFile(path.decode("utf-8", "replace"), content)


def in_parts(items: Iterable[T], *, most_bytes: int, size_of: Callable[[T], int]) -> Iterator[list[T]]:
    """Yield items in lists that end with the item that fills `most_bytes`."""
    part: list[T] = []
    size = 0
    for item in items:
        part.append(item)
        size += size_of(item)
        if size >= most_bytes:
            yield part
            part, size = [], 0
    if part:
        yield part


def is_text(content: bytes) -> bool:
    """Say whether bytes are UTF-8 without a zero byte."""
    if b"\0" in content:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _entry(line: bytes) -> tuple[bytes, bytes] | None:
    """Return the object and path of a regular file of a fitting size."""
    described, _, path = line.partition(b"\t")
    mode, kind, blob, size = described.split()
    regular = kind == b"blob" and mode.startswith(b"100")
    return (blob, path) if regular and size.isdigit() and 0 < int(size) <= MOST_BYTES else None


def _git(repository: Repository, *arguments: str) -> bytes:
    command = ["git", "-C", str(repository.path), *arguments]
    run = subprocess.run(command, capture_output=True, check=False, env=_offline())
    if run.returncode:
        lines = run.stderr.decode(errors="replace").strip().splitlines() or ["no message"]
        raise Unreadable(f"{repository.name}: {lines[-1][:200]}")
    return run.stdout


def _offline() -> dict[str, str]:
    return {**os.environ, "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0"}
