"""Read the objects of one repository through two `git cat-file` processes, one for sizes, one for contents.

Both are asked in windows that fit into a pipe's smallest buffer: Git has answered everything before it is
asked again, so neither side can block the other, and when Git dies of a damaged object, the first one without
an answer is the damaged one. (`--buffer` would lose that order, and is not faster than windows.) Every
content is checked against its id.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType

from stack_pipeline.sources.cat_file import Answer, CatFile, GitDied, GitOutOfMemory, ObjectInfo
from stack_pipeline.sources.isolation import OBJECT_FORMATS, empty_git_dir, git_environment
from stack_pipeline.sources.problems import unreadable

_EMPTY_TREES = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
_WINDOW_BYTES = 4096
_WINDOW_CONTENT_BYTES = 16 * 2**20
_OID = re.compile(r"[0-9a-f]+")


class ObjectStore:
    """The objects of one repository. Not for several threads; a context manager.

    Args:
        objects: The repository's folder of objects, already checked for links and alternates.
        object_format: "sha1" or "sha256".
    """

    def __init__(self, objects: Path, *, object_format: str) -> None:
        self._objects = objects
        self._object_format = object_format
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._processes: dict[str, CatFile] = {}

    def __enter__(self) -> ObjectStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End Git and remove its empty git dir."""
        for process in self._processes.values():
            process.stop()
        self._processes.clear()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def info(self, oids: Iterable[str]) -> Iterator[tuple[str, ObjectInfo | None]]:
        """Yield each id with type and size of its object, or None for a missing or damaged one, in order.

        Raises:
            RepositoryUnreadable: "memory_limit" if the mere size of an object takes Git too much memory, as
                with deltas that go round. One such object takes seconds, so no second one is tried.
            RunFailed: If Git is not installed or the machine fails.
        """
        for window in self._windows(oids):
            try:
                answers = self._ask("--batch-check", window)
            except GitOutOfMemory:
                raise unreadable("memory_limit") from None
            yield from zip(window, (answer and answer[0] for answer in answers), strict=True)

    def contents(
        self, oids: Iterable[str], *, kind: str, max_bytes: int
    ) -> Iterator[tuple[str, bytes | None]]:
        """Yield each id with the bytes of its object, in order.

        None stands for an object that is missing or damaged, is of another type, is larger than `max_bytes`
        (it is not unpacked), or whose bytes have another id.

        Raises:
            RepositoryUnreadable: As `info`.
            RunFailed: If Git is not installed or the machine fails.
        """
        for window in self._windows(oids):
            infos = [info for _, info in self.info(window)]
            fits = [info is not None and info.kind == kind and info.size <= max_bytes for info in infos]
            sizes = [info.size for info, fit in zip(infos, fits, strict=True) if info and fit]
            wanted = [oid for oid, fit in zip(window, fits, strict=True) if fit]
            answers = self._contents(wanted, sizes)
            for oid, fit in zip(window, fits, strict=True):
                yield oid, (self._checked(oid, kind, next(answers)) if fit else None)

    def _contents(self, oids: list[str], sizes: list[int]) -> Iterator[bytes | None]:
        """Read a window in portions that are small in memory; each is whole before anything is yielded."""
        start = 0
        while start < len(oids):
            end, total = start, 0
            while end < len(oids) and (end == start or total + sizes[end] <= _WINDOW_CONTENT_BYTES):
                total += sizes[end]
                end += 1
            for answer in self._ask("--batch", oids[start:end], max_bytes=max(sizes[start:end])):
                yield answer and answer[1]
            start = end

    def _checked(self, oid: str, kind: str, content: bytes | None) -> bytes | None:
        if content is None:
            return None
        digest = hashlib.new(self._object_format, f"{kind} {len(content)}\0".encode(), usedforsecurity=False)
        digest.update(content)
        return content if digest.hexdigest() == oid else None

    def _windows(self, oids: Iterable[str]) -> Iterator[list[str]]:
        digits = OBJECT_FORMATS[self._object_format]
        size = _WINDOW_BYTES // (digits + 1)
        window: list[str] = []
        for oid in oids:
            if len(oid) != digits or _OID.fullmatch(oid) is None:
                raise ValueError(f"oids: {digits} hex digits expected, got {len(oid)} characters")
            window.append(oid)
            if len(window) == size:
                yield window
                window = []
        if window:
            yield window

    def _ask(self, mode: str, oids: Sequence[str], *, max_bytes: int = 0) -> list[Answer | None]:
        """Ask for a window; where Git dies, the first object without an answer is damaged: go on after it."""
        answers: list[Answer | None] = []
        while len(answers) < len(oids):
            process = self._process(mode)
            try:
                process.send(oids[len(answers) :])
                while len(answers) < len(oids):
                    answers.append(process.answer(max_bytes=max_bytes))
            except GitOutOfMemory:
                if mode == "--batch-check":
                    raise
                answers.append(None)
            except GitDied:
                answers.append(None)
            except BaseException:
                process.stop()
                raise
        return answers

    def _process(self, mode: str) -> CatFile:
        process = self._processes.get(mode)
        if process is None or not process.is_running:
            if self._folder is None:
                self._folder = empty_git_dir(self._object_format)
            environment = git_environment(self._folder.name, self._objects)
            process = CatFile(mode, environment, probe=_EMPTY_TREES[self._object_format])
            self._processes[mode] = process
        return process
