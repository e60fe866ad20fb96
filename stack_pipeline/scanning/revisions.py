"""Read the files of one commit out of Git's objects; nothing is checked out, and nothing of the repository is run."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Collection, Iterator
from pathlib import Path

from stack_pipeline.errors import UsageError
from stack_pipeline.reasons import Reason
from stack_pipeline.scanning.files import shown
from stack_pipeline.scanning.tally import Tally
from stack_pipeline.scanning.texts import MAX_TEXT_BYTES, Place, Text, read_text
from stack_pipeline.sources import GitRepository, RepositoryUnreadable, TreeEntry

_LINK = 0o120000


class Revision:
    """A commit of a repository, opened for reading; a context manager.

    Args:
        repository: Path of a work tree, bare clone or mirror.
        name: Branch, tag, full reference name, `HEAD`, or whole commit id.
        skip: Files of the work tree to leave out.

    Raises:
        UsageError: If there is no such repository or commit.
    """

    def __init__(self, repository: str, name: str, *, skip: Collection[Path] = ()) -> None:
        shown_path = shown(repository)
        try:
            self._repository = GitRepository(Path(repository))
        except RepositoryUnreadable as error:
            raise _no_repository(shown_path, error) from None
        try:
            head = self._repository.head(ref=name)
        except RepositoryUnreadable as error:
            self._repository.close()
            if (
                error.reason not in (Reason.MISSING_REF, Reason.EMPTY_REPOSITORY)
                and error.detail != "missing_commit"
            ):
                raise _no_repository(shown_path, error) from None
            raise UsageError(
                f"{shown_path}: no revision '{shown(name)}'",
                hint="name a branch, a tag, HEAD or a whole commit id (git rev-parse REV)",
            ) from None
        self._tree, self.commit = head.tree, head.commit
        root = Path(repository).absolute()
        inside = (path.absolute() for path in skip if path.absolute().is_relative_to(root))
        self._skip = {os.fsencode(path.relative_to(root)) for path in inside}

    def __enter__(self) -> Revision:
        return self

    def __exit__(self, *error: object) -> None:
        self._repository.close()

    def count(self) -> int:
        """Return the number of files."""
        return sum(entry.kind == "blob" for entry in self._repository.entries(self._tree))

    def texts(self, tally: Tally) -> Iterator[tuple[Place, Text]]:
        """Yield the texts of its files; what is binary, a link or cannot be read is counted.

        Raises:
            UsageError: If the repository is damaged or too large.
        """
        entries: deque[TreeEntry] = deque()
        try:
            for _, content in self._repository.blobs(self._oids(entries, tally), max_bytes=MAX_TEXT_BYTES):
                entry = entries.popleft()
                path = os.fsdecode(entry.path)
                text = None if content is None else read_text(content)
                if content is None:
                    is_large = entry.size is not None and entry.size > MAX_TEXT_BYTES
                    tally.add_unread(shown(path), "larger than 1 GiB" if is_large else "missing or damaged")
                elif text is None:
                    tally.binary += 1
                else:
                    yield Place(path, commit=self.commit), text
        except RepositoryUnreadable as error:
            raise _no_repository(self.commit, error) from None

    def _oids(self, entries: deque[TreeEntry], tally: Tally) -> Iterator[str]:
        for entry in self._repository.entries(self._tree):
            if entry.kind == "tree":
                tally.add_unread(shown(os.fsdecode(entry.path)), "missing or damaged")
            elif entry.mode == _LINK:
                tally.links += 1
            elif entry.kind == "blob" and entry.path not in self._skip:
                entries.append(entry)
                yield entry.oid


def _no_repository(name: str, error: RepositoryUnreadable) -> UsageError:
    return UsageError(
        f"{name}: no repository that can be read: {error.detail.replace('_', ' ')}",
        hint="name a work tree, a bare clone or a mirror that stands by itself",
    )
