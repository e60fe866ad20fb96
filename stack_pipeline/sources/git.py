"""Read one Git repository that nobody vouches for: its head, its files, their bytes.

Nothing of it is executed, followed out of it, or written: see `layout` for what is refused, `references` for
how the commit is found, `cat_file` for how objects are read and `trees` for what is listed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from stack_pipeline.reasons import Reason
from stack_pipeline.sources.clone_config import (
    MAX_CONFIG_BYTES,
    object_format_of,
    origin_of,
    reference_storage_of,
)
from stack_pipeline.sources.dates import utc_seconds_of_epoch
from stack_pipeline.sources.isolation import OBJECT_FORMATS
from stack_pipeline.sources.layout import open_layout, read_inside
from stack_pipeline.sources.objects import ObjectStore
from stack_pipeline.sources.problems import RepositoryUnreadable, unreadable
from stack_pipeline.sources.references import Reference, References, choose
from stack_pipeline.sources.trees import MAX_ENTRIES, TreeEntry, TreeLister

_MAX_COMMIT_BYTES = 16 * 2**20
_MAX_TAG_STEPS = 5
_MAX_HEADS = 10_000
_TREE = re.compile(rb"tree ([0-9a-f]{40}(?:[0-9a-f]{24})?)\n")
_COMMITTER = re.compile(rb"^committer [^\n]*> (-?[0-9]{1,15}) [^\n]*$", re.MULTILINE)
_TAGGED = re.compile(rb"object ([0-9a-f]{40}(?:[0-9a-f]{24})?)\ntype ([a-z]{1,10})\n")
_COMMIT_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True)
class Head:
    """The commit that is read.

    Attributes:
        commit: Its id in hex.
        tree: The id of its root folder.
        commit_date: The committer's date, `YYYY-MM-DDTHH:MM:SSZ`; None if the commit holds no sensible one.
        branch: Short name of the branch it was found by; None for a tag, a detached head, or a commit asked
            for by id that is not the head of the branch that would have been read.
        object_format: "sha1" or "sha256".
    """

    commit: str
    tree: str
    commit_date: str | None
    branch: str | None
    object_format: str


class GitRepository:
    """A work tree, bare clone or mirror on this machine, opened for reading. A context manager; one thread.

    Git starts when the first object is asked for; a repository whose commit `find_commit` can tell costs no
    process.

    Args:
        location: Path of the repository.
        boundary: Folder that a `.git` or `commondir` file may not point out of; by default `location`.

    Raises:
        RepositoryUnreadable: If it is no repository, leads out of itself, or has an unknown format.
        RunFailed: If the machine fails, here and in every method.

    Examples:
        with GitRepository("clones/redis") as repository:
            head = repository.head()
            files = [entry for entry in repository.entries(head.tree) if entry.kind == "blob"]
            for oid, content in repository.blobs((entry.oid for entry in files), max_bytes=1_000_000):
                ...
    """

    def __init__(
        self, location: str | os.PathLike[str], *, boundary: str | os.PathLike[str] | None = None
    ) -> None:
        self._location = Path(location)
        self._layout = open_layout(self._location, boundary=Path(boundary or location))
        self._config = read_inside(self._layout.common_dir, "config", max_bytes=MAX_CONFIG_BYTES) or b""
        if reference_storage_of(self._config) not in (None, "files"):
            raise unreadable("reference_storage")
        self._references = References(self._layout)
        self.object_format = self._find_object_format()
        self._store = ObjectStore(self._layout.objects, object_format=self.object_format)

    def __enter__(self) -> GitRepository:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End Git. The repository may be used again, which starts it anew."""
        self._store.close()

    @property
    def location(self) -> Path:
        """Where the repository can be opened without a boundary: as given, or what a `.git` file led to."""
        inside = self._layout.common_dir.is_relative_to(self._location)
        return self._location if inside else self._layout.common_dir

    def claimed_identity(self) -> tuple[str, str] | None:
        """Return (host, full name) from the URL of the remote "origin" in the config, no credentials."""
        return origin_of(self._config)

    def find_commit(
        self, *, ref: str | None = None, commit: str | None = None, default_branch: str | None = None
    ) -> str:
        """Return the id of the commit that `head` would return, mostly without starting Git.

        That the commit can be read is only known after `head`.

        Raises:
            RepositoryUnreadable: `missing_ref`, `empty_repository`, or `unreadable_repository`
                "missing_commit".
        """
        if commit is not None:
            return commit
        chosen = choose(self._references, ref=ref, default_branch=default_branch)
        if len(chosen) == 1 and chosen[0].branch is not None:
            return chosen[0].oid
        return self.head(ref=ref, default_branch=default_branch).commit

    def head(
        self, *, ref: str | None = None, commit: str | None = None, default_branch: str | None = None
    ) -> Head:
        """Return the commit to read.

        A requested commit decides; else the requested `ref`: a full reference name, a branch, a tag, a branch
        of the remote "origin", or a commit id; else `default_branch`, `HEAD`, `main`, `master`, and at last
        the branch whose commit has the newest committer date, then the first name.

        Raises:
            RepositoryUnreadable: `missing_ref` if the requested ref or commit is not there,
                `empty_repository` if there is no reference at all, `unreadable_repository` "missing_commit"
                if the commit cannot be read.
        """
        if commit is not None:
            return self._requested_commit(commit, ref=ref, default_branch=default_branch)
        chosen = choose(self._references, ref=ref, default_branch=default_branch)
        found = [
            head for reference in chosen[:_MAX_HEADS] if (head := self._read_head(reference)) is not None
        ]
        if not found:
            raise unreadable("missing_commit")
        newest = max(head.commit_date or "" for head in found)
        return next(head for head in found if (head.commit_date or "") == newest)

    def entries(self, tree: str, *, max_entries: int = MAX_ENTRIES) -> Iterator[TreeEntry]:
        """Yield every entry below a tree that is no listed folder, in the order of `git ls-tree -r`.

        A folder that cannot be listed is an entry of kind "tree"; the rest goes on. Limits are checked before
        the first entry.

        Args:
            tree: Id of the root folder.
            max_entries: Files and folders that the tree may unfold to.

        Raises:
            RepositoryUnreadable: "missing_tree" or "too_many_entries" before the first entry; "memory_limit"
                at any time, for a pack made to exhaust Git.
        """
        oid_bytes = OBJECT_FORMATS[self.object_format] // 2
        return TreeLister(self._store, oid_bytes=oid_bytes, max_entries=max_entries).list_entries(tree)

    def blobs(self, oids: Iterable[str], *, max_bytes: int) -> Iterator[tuple[str, bytes | None]]:
        """Yield each id with the bytes of its blob, in the order asked.

        None stands for a blob that is missing, damaged, larger than `max_bytes` (it is not unpacked), no
        blob, or not what its id says. One damaged blob costs none of the others.

        Args:
            oids: Ids in hex, as `entries` gives them.
            max_bytes: Size of the largest blob that is read.

        Raises:
            RepositoryUnreadable: "memory_limit", never for ids whose size `entries` gave.
            ValueError: For what is no object id.
        """
        return self._store.contents(oids, kind="blob", max_bytes=max_bytes)

    def _find_object_format(self) -> str:
        named = object_format_of(self._config)
        if named is None:
            oid = self._references.any_oid() if not self._config else None
            return "sha256" if oid is not None and len(oid) == OBJECT_FORMATS["sha256"] else "sha1"
        if named not in OBJECT_FORMATS:
            raise unreadable("object_format")
        return named

    def _requested_commit(self, commit: str, *, ref: str | None, default_branch: str | None) -> Head:
        missing = RepositoryUnreadable(Reason.MISSING_REF, "missing_commit")
        if _COMMIT_ID.fullmatch(commit) is None or len(commit) != OBJECT_FORMATS[self.object_format]:
            raise missing
        head = self._read_commit(commit, branch=None)
        if head is None:
            raise missing
        try:
            chosen = choose(self._references, ref=ref, default_branch=default_branch)
        except RepositoryUnreadable:
            return head
        branch = next((reference.branch for reference in chosen if reference.oid == commit), None)
        return Head(head.commit, head.tree, head.commit_date, branch, head.object_format)

    def _read_head(self, reference: Reference) -> Head | None:
        oid = reference.peeled or reference.oid
        for _ in range(_MAX_TAG_STEPS):
            if len(oid) != OBJECT_FORMATS[self.object_format]:
                return None
            if (head := self._read_commit(oid, branch=reference.branch)) is not None:
                return head
            ((_, tag),) = self._store.contents([oid], kind="tag", max_bytes=_MAX_COMMIT_BYTES)
            tagged = _TAGGED.match(tag or b"")
            if tagged is None:
                return None
            oid = tagged[1].decode()
        return None

    def _read_commit(self, oid: str, *, branch: str | None) -> Head | None:
        ((_, content),) = self._store.contents([oid], kind="commit", max_bytes=_MAX_COMMIT_BYTES)
        header = (content or b"").partition(b"\n\n")[0] + b"\n"
        tree = _TREE.match(header)
        if tree is None or len(tree[1]) != OBJECT_FORMATS[self.object_format]:
            return None
        committer = _COMMITTER.search(header)
        date = utc_seconds_of_epoch(int(committer[1])) if committer is not None else None
        return Head(oid, tree[1].decode(), date, branch, self.object_format)
