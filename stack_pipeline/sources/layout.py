"""Find the parts of a repository on disk, and refuse whatever would lead out of it.

A repository may be hostile: a `.git` file, a `commondir` file, a symbolic link or `objects/info/alternates`
can name any place on this machine, and what Git finds there would be read as if it belonged to the
repository. None of them is followed, but `.git` and `commondir` files of linked work trees and submodules
that stay inside a given boundary.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stack_pipeline.sources.problems import judge, unreadable

_MAX_POINTER_BYTES = 8192
_OBJECTS_DEPTH = 3


@dataclass(frozen=True)
class Layout:
    """Where a repository keeps `HEAD` (`git_dir`), references and config (`common_dir`), and objects."""

    git_dir: Path
    common_dir: Path
    objects: Path


def is_repository(folder: Path) -> bool:
    """Tell whether a folder looks like a work tree, a bare clone or a mirror; it may still be unreadable."""
    if os.path.lexists(folder / ".git"):
        return True
    return (folder / "objects").is_dir() and any(os.path.lexists(folder / name) for name in ("HEAD", "refs"))


def open_layout(location: Path, *, boundary: Path) -> Layout:
    """Find git dir, common dir and objects of a repository, and check that nothing leads out of it.

    Args:
        location: The work tree, bare clone or mirror.
        boundary: Folder inside which a `.git` or `commondir` file may point.

    Raises:
        RepositoryUnreadable: "not_a_repository", "git_file_outside", "symlink", "alternates", "special_file"
            or "permission_denied".
        RunFailed: If the machine fails.
    """
    git_dir = _git_dir(location, boundary=boundary)
    common_dir = _pointed(git_dir, "commondir", prefix=b"", boundary=boundary) or git_dir
    objects = common_dir / "objects"
    _demand_folder(objects)
    _check_objects(objects)
    return Layout(git_dir=git_dir, common_dir=common_dir, objects=objects)


def read_inside(root: Path, relative: str | bytes, *, max_bytes: int) -> bytes | None:
    """Read a small regular file below `root` without following a symbolic link on the way.

    Args:
        root: Folder that is trusted to be no link.
        relative: Path below it, already checked for `..`.
        max_bytes: The file is read up to here; one byte more is returned if it is longer.

    Returns:
        None if there is no such regular file.

    Raises:
        RepositoryUnreadable: "permission_denied".
        RunFailed: If the machine fails.
    """
    path = os.fsencode(root)
    parts = os.fsencode(relative).split(b"/")
    try:
        for part in parts[:-1]:
            path = os.path.join(path, part)  # noqa: PTH118 - bytes
            if not stat.S_ISDIR(os.lstat(path).st_mode):
                return None
        descriptor = os.open(os.path.join(path, parts[-1]), _READ_FLAGS)  # noqa: PTH118 - bytes
        with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return None
            return file.read(max_bytes + 1)
    except OSError as error:
        if (problem := judge(error)) is not None:
            raise problem from None
        return None


_READ_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def _git_dir(location: Path, *, boundary: Path) -> Path:
    mode = _mode(location / ".git")
    if mode is None:
        if not is_repository(location):
            raise unreadable("not_a_repository")
        return location
    if stat.S_ISLNK(mode):
        raise unreadable("symlink")
    if stat.S_ISDIR(mode):
        return location / ".git"
    pointed = _pointed(location, ".git", prefix=b"gitdir:", boundary=boundary)
    if pointed is None:
        raise unreadable("not_a_repository")
    return pointed


def _pointed(folder: Path, name: str, *, prefix: bytes, boundary: Path) -> Path | None:
    """Return the folder that a pointer file names, or None if there is no such file."""
    text = read_inside(folder, name, max_bytes=_MAX_POINTER_BYTES)
    if text is None:
        return None
    if len(text) > _MAX_POINTER_BYTES or not text.startswith(prefix) or b"\0" in text:
        raise unreadable("not_a_repository")
    try:
        target = (folder / os.fsdecode(text[len(prefix) :].strip())).resolve()
        inside = target.is_relative_to(boundary.resolve())
    except (OSError, RuntimeError):
        inside = False
    if not inside:
        raise unreadable("git_file_outside")
    _demand_folder(target)
    return target


def _demand_folder(folder: Path) -> None:
    mode = _mode(folder)
    if mode is None:
        raise unreadable("not_a_repository")
    if stat.S_ISLNK(mode):
        raise unreadable("symlink")
    if not stat.S_ISDIR(mode):
        raise unreadable("not_a_repository")


def _mode(path: Path) -> int | None:
    try:
        return path.lstat().st_mode
    except OSError as error:
        if (problem := judge(error)) is not None:
            raise problem from None
        return None


def _check_objects(objects: Path) -> None:
    """Refuse alternates, links, pipes and devices, which Git would follow, wait for or read."""
    for entry in _walk(objects, depth=_OBJECTS_DEPTH):
        if entry.is_symlink():
            raise unreadable("symlink")
        if not entry.is_file() and not entry.is_dir():
            raise unreadable("special_file")
        if entry.name.startswith("pack-") and not os.access(entry.path, os.R_OK):
            raise unreadable("permission_denied")
    if _mode(objects / "info" / "alternates") is not None:
        raise unreadable("alternates")


def _walk(folder: Path, *, depth: int) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            found = list(entries)
    except OSError as error:
        if (problem := judge(error)) is not None:
            raise problem from None
        return
    for entry in found:
        yield entry
        if depth > 1 and entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), depth=depth - 1)
