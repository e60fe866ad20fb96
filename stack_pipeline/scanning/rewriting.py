"""What becomes of redacted texts: one to a stream, files in place, a diff, copies, or only the question whether they would change."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from stack_pipeline.errors import UsageError
from stack_pipeline.scanning.copying import FolderCopy, copy_file, demand_new
from stack_pipeline.scanning.diffs import diff_lines
from stack_pipeline.scanning.files import STDIN, check_paths, find_files, shown
from stack_pipeline.scanning.redacting import RedactedFile, RedactSettings, redact_files, redact_stdin
from stack_pipeline.scanning.replacing import replace_unchanged
from stack_pipeline.scanning.tally import Tally


class Rewriting:
    """The texts that paths name, to be redacted.

    Args:
        paths: Files and folders, or `-` alone.
        settings: What to replace, and by what.
        tally: Counts texts, replacements, and what was left out.
        read_stdin: Reads stdin to its end.

    Raises:
        UsageError: If a path is missing, or stdin is not alone.
    """

    def __init__(
        self, paths: Sequence[str], settings: RedactSettings, tally: Tally, *, read_stdin: Callable[[], bytes]
    ) -> None:
        if STDIN in paths and len(paths) > 1:
            raise UsageError("stdin is one text and is read alone", hint="give - as the only path")
        check_paths([path for path in paths if path != STDIN])
        self._paths, self._settings, self._tally, self._read_stdin = paths, settings, tally, read_stdin
        self.progress: Callable[[int], None] | None = None

    def count(self) -> int:
        """Return the number of files."""
        return 1 if STDIN in self._paths else sum(1 for _ in find_files(self._paths, Tally()))

    def one(self) -> bytes:
        """Return the redacted text of the only path.

        Raises:
            UsageError: If that is no text file that can be read.
        """
        if len(self._paths) > 1 or Path(self._paths[0]).is_dir():
            raise UsageError(
                "one text can be printed at a time", hint="use --in-place, --diff, --check or --output DIR"
            )
        redacted = self._only()
        return redacted.text.in_file(redacted.clean)

    def in_place(self) -> Iterator[str]:
        """Rewrite the files that change, each whole or not at all, and yield their paths.

        Raises:
            UsageError: If a path is stdin or a symbolic link; then nothing was changed.
        """
        for path in self._paths:
            if path == STDIN:
                raise UsageError("stdin cannot be rewritten in place", hint="leave out --in-place")
            if stat.S_ISLNK(os.lstat(path).st_mode):
                raise UsageError(
                    f"{shown(path)}: is a symbolic link",
                    hint="name the file it leads to; nothing was changed",
                )
        for redacted in self._all():
            path = redacted.file.path
            if not redacted.replaced or redacted.status is None:
                continue
            try:
                replace_unchanged(Path(path), redacted.text.in_file(redacted.clean), redacted.status)
            except OSError as error:
                self._tally.add_unread(shown(path), error.strerror or "cannot be written")
            else:
                yield path

    def diff(self, *, with_values: bool = False) -> Iterator[str]:
        """Yield the lines of a unified diff, values masked unless they are asked for."""
        for redacted in self._all():
            if redacted.replaced:
                name = shown(redacted.file.path)
                yield f"--- {name}"
                yield f"+++ {name}"
                yield from diff_lines(
                    redacted.text.data,
                    redacted.clean,
                    redacted.replaced,
                    self._settings,
                    with_values=with_values,
                )

    def copy(self, target: Path) -> None:
        """Write a redacted copy of the only path: a file, or a folder without what is binary or a link.

        Raises:
            UsageError: If there are several paths, or the target is taken.
        """
        if len(self._paths) > 1:
            raise UsageError("--output takes one path to copy", hint="run once for each")
        source = Path(self._paths[0])
        if self._paths[0] != STDIN and source.is_dir() and not source.is_symlink():
            folder = FolderCopy(source, target)
            for redacted in self._all():
                folder.add(redacted)
        else:
            demand_new(target)
            copy_file(self._only(), target)

    def changed(self) -> Iterator[str]:
        """Yield the paths of the files that redaction would change."""
        for redacted in self._all():
            if redacted.replaced:
                yield redacted.file.path

    def _all(self) -> Iterator[RedactedFile]:
        if STDIN in self._paths:
            return redact_stdin(self._read_stdin(), self._settings, self._tally)
        files = find_files(self._paths, self._tally)
        return redact_files(files, self._settings, self._tally, progress=self.progress)

    def _only(self) -> RedactedFile:
        redacted = next(self._all(), None)
        self._tally.demand_all_read()
        if redacted is None:
            why = "is a symbolic link" if self._tally.links else "is binary"
            raise UsageError(f"{shown(self._paths[0])}: {why}", hint="name a text file")
        return redacted
