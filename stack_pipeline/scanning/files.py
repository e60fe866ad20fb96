"""Find and read the files that paths name: folders in the order of names, no symbolic link followed, no pipe waited for."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stack_pipeline.errors import UsageError
from stack_pipeline.scanning.tally import Tally
from stack_pipeline.scanning.texts import MAX_TEXT_BYTES, Place, Text, read_text

STDIN = "-"
_GIT = ".git"
_READ_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A regular file.

    Attributes:
        path: Its path, below one that was given.
        given: The path that was given.
    """

    path: str
    given: str


def check_paths(paths: Sequence[str]) -> None:
    """Refuse paths before anything is read.

    Raises:
        UsageError: If one is missing, or neither a file, a folder nor a link.
    """
    for path in paths:
        try:
            mode = os.lstat(path).st_mode
        except OSError as error:
            raise UsageError(
                f"{shown(path)}: {error.strerror or 'cannot be read'}",
                hint="check the path; nothing was done",
            ) from None
        except ValueError:
            raise UsageError("a path holds a NUL", hint="check the path; nothing was done") from None
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode)):
            raise UsageError(
                f"{shown(path)}: neither a file nor a folder", hint="a pipe is read as stdin: give -"
            )


def find_files(
    paths: Iterable[str], tally: Tally, *, skip: Collection[tuple[int, int]] = ()
) -> Iterator[FoundFile]:
    """Yield the regular files that paths name, those of a folder sorted by the bytes of their paths.

    Args:
        paths: Files and folders, already checked; `.git` below a folder is left out.
        tally: Counts links, and folders that cannot be listed.
        skip: Device and inode of files to leave out.
    """
    for given in paths:
        waiting = [str(Path(given))]
        while waiting:
            path = waiting.pop()
            try:
                status = os.lstat(path)
                mode = status.st_mode
                if stat.S_ISLNK(mode):
                    tally.links += 1
                elif stat.S_ISREG(mode):
                    if (status.st_dev, status.st_ino) not in skip:
                        yield FoundFile(path, given)
                elif stat.S_ISDIR(mode):
                    waiting += reversed(_below(path))
            except OSError as error:
                tally.add_unread(shown(path), error.strerror or "cannot be read")


def _below(folder: str) -> list[str]:
    """Return what lies in a folder, so sorted that whole paths are."""
    with os.scandir(folder) as entries:
        found = [
            (os.fsencode(entry.name) + (b"/" if entry.is_dir(follow_symlinks=False) else b""), entry.name)
            for entry in entries
            if entry.name != _GIT
        ]
    return [str(Path(folder) / name) for _, name in sorted(found)]


def read_file(path: str) -> tuple[bytes, os.stat_result]:
    """Return the bytes of a regular file, and what it was when it was read.

    Raises:
        OSError: If it cannot be read, is a symbolic link, or is no regular file.
        ValueError: If it is too large.
    """
    descriptor = os.open(path, _READ_FLAGS)
    with open(descriptor, "rb", buffering=0) as stream:  # noqa: PTH123 - a descriptor
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "no regular file")
        if status.st_size > MAX_TEXT_BYTES:
            raise ValueError("larger than 1 GiB")
        return stream.readall(), status


def file_texts(files: Iterable[FoundFile], tally: Tally) -> Iterator[tuple[Place, Text]]:
    """Yield the texts of files; what is binary or cannot be read is counted."""
    for file in files:
        try:
            raw, _ = read_file(file.path)
        except (OSError, ValueError) as error:
            tally.add_unread(shown(file.path), getattr(error, "strerror", None) or str(error))
            continue
        text = read_text(raw)
        if text is None:
            tally.binary += 1
        else:
            yield Place(file.path), text


def stdin_texts(raw: bytes, tally: Tally) -> Iterator[tuple[Place, Text]]:
    """Yield the text that stdin held."""
    text = read_text(raw)
    if text is None:
        tally.binary += 1
    else:
        yield Place(STDIN), text


def shown(path: str) -> str:
    """Return a path as text that encodes to UTF-8; control characters are left to who prints it.

    Examples:
        >>> shown("na\\udcefve.py")
        'na\\\\xefve.py'
    """
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
