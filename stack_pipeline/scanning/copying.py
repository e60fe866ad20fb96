"""Write redacted copies of files and folders."""

from __future__ import annotations

import os
from pathlib import Path

from stack_pipeline.errors import UsageError
from stack_pipeline.scanning.files import shown
from stack_pipeline.scanning.redacting import RedactedFile
from stack_pipeline.scanning.replacing import taken, write_whole


class FolderCopy:
    """A new folder that gets the redacted texts of another; binary files and links are not in it.

    Args:
        source: The folder that is read.
        target: The folder to make: new or empty.

    Raises:
        UsageError: If the target holds something, or lies in the source.
    """

    def __init__(self, source: Path, target: Path) -> None:
        if target.is_dir():
            if next(target.iterdir(), None) is not None:
                raise UsageError(f"{shown(str(target))}: is not empty", hint="name a new folder")
        elif os.path.lexists(target):
            raise taken(target)
        if target.resolve().is_relative_to(source.resolve()):
            raise UsageError(
                f"{shown(str(target))}: lies in what is copied", hint="name a folder outside of it"
            )
        self._source, self._target = source, target
        target.mkdir(parents=True, exist_ok=True)

    def add(self, redacted: RedactedFile) -> None:
        """Write one file, with the permissions of the original."""
        target = self._target / Path(redacted.file.path).relative_to(self._source)
        target.parent.mkdir(parents=True, exist_ok=True)
        copy_file(redacted, target)


def copy_file(redacted: RedactedFile, target: Path) -> None:
    """Write the redacted copy of one file.

    Raises:
        UsageError: If the name is taken.
    """
    data = redacted.text.in_file(redacted.clean)
    mode = None if redacted.status is None else redacted.status.st_mode
    write_whole(target, lambda stream: stream.write(data), replace=False, mode=mode)


def demand_new(target: Path) -> None:
    """Refuse a file name that is taken or has no folder, before any work is done.

    Raises:
        UsageError: If so.
    """
    if os.path.lexists(target):
        raise taken(target)
    if not target.parent.is_dir():
        raise UsageError(f"{shown(str(target.parent))}: no such folder", hint="make it first")
