"""Write a file so that it is there whole or not at all: under a temporary name, synced, then renamed."""

from __future__ import annotations

import itertools
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from stack_pipeline.errors import UsageError
from stack_pipeline.scanning.files import shown

_sequence = itertools.count()
_NEW_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def write_whole(
    target: Path, write: Callable[[IO[bytes]], Any], *, replace: bool, mode: int | None = None
) -> None:
    """Let `write` fill a file that appears under its name only when it is whole.

    Args:
        target: Its name.
        write: Called with a binary stream.
        replace: Whether a file of that name is replaced; else it is an error.
        mode: Permissions; by default those of a new file.

    Raises:
        UsageError: If the name is taken and may not be replaced.
    """
    temporary = target.with_name(f".tmp-{os.getpid()}-{next(_sequence)}")
    descriptor = os.open(temporary, _NEW_FLAGS, 0o666 if mode is None else 0o600)
    try:
        with open(descriptor, "wb") as stream:  # noqa: PTH123 - a descriptor
            write(stream)
            stream.flush()
            if mode is not None:
                os.fchmod(descriptor, stat.S_IMODE(mode))
            os.fsync(descriptor)
        if replace:
            temporary.replace(target)
        else:
            _name_once(temporary, target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def _name_once(temporary: Path, target: Path) -> None:
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise taken(target) from None
    temporary.unlink()


def taken(target: Path) -> UsageError:
    """Return the error of an output that is there already."""
    return UsageError(
        f"{shown(str(target))}: exists already", hint="choose another name; nothing is overwritten"
    )


def replace_unchanged(path: Path, data: bytes, was: os.stat_result) -> None:
    """Replace the content of a file that nobody has changed meanwhile; its permissions stay.

    Args:
        path: The file.
        data: Its new content.
        was: What it was when it was read.

    Raises:
        OSError: If it is another file now, or was changed, or cannot be written.
    """

    def write(stream: IO[bytes]) -> None:
        stream.write(data)
        now = path.lstat()
        if _identity(now) != _identity(was):
            raise OSError(0, "was changed while it was read; run the command again")

    write_whole(path, write, replace=True, mode=was.st_mode)


def _identity(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_mode, status.st_size, status.st_mtime_ns
