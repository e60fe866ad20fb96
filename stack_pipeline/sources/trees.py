"""List the files of a tree, whatever the tree is like.

`git ls-tree -r` ends at the first subtree that is missing, damaged or malformed, and unfolds without end a
tree that refers ten times to a tree that refers ten times to … So trees are read one by one here. Each
different tree is read first, once, to count what it unfolds to; only a listing that is within the limits
begins, so it is whole or not at all.

The order is that of the trees, depth first, as `git ls-tree -r` lists them.
"""

from __future__ import annotations

import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from stack_pipeline.sources.objects import ObjectStore
from stack_pipeline.sources.paths import MAX_PATH_BYTES, bounded_path
from stack_pipeline.sources.problems import unreadable

MAX_ENTRIES = 5_000_000
"""Files and folders that a commit may unfold to; the largest public repositories hold about a million."""

MAX_LISTING_BYTES = 2**30
"""Bytes that all paths of a commit may have together."""

MAX_TREE_BYTES = 64 * 2**20
"""Size of one folder's tree object, enough for about a million entries."""

_CACHE_BYTES = 32 * 2**20
_SIZES_AT_ONCE = 1024
_MAX_MODE_DIGITS = 11

Kind = Literal["blob", "commit", "tree"]


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One entry of a commit.

    Attributes:
        path: Bytes below the root, `/` between components; over 4,096 bytes cut as `bounded_path` does.
        mode: 0o100644, 0o100755, 0o120000 (symbolic link), 0o160000 (submodule) or 0o40000 (folder); others
            are brought to these as Git does.
        kind: "blob" for files and symbolic links, "commit" for a submodule, "tree" only for a folder that
            could not be listed: missing, damaged, malformed, or deeper than a path can be.
        oid: Object id in hex, as the tree states it.
        size: Bytes of a blob; None if it is missing, damaged or no blob, and for other kinds.
        occurrence: 0, or how often the same path came before in this commit, which only a forged tree can
            cause.
    """

    path: bytes
    mode: int
    kind: Kind
    oid: str
    size: int | None
    occurrence: int = 0


@dataclass(slots=True)
class _Summary:
    """What one tree holds itself, and in the end (`entries`, `path_bytes`) with everything below it."""

    subtrees: list[tuple[str, int]]
    entries: int
    path_bytes: int


def parse_tree(data: bytes, *, oid_bytes: int) -> list[tuple[int, bytes, str]] | None:
    """Return (mode, name, id in hex) for each entry of a tree object, in its order, or None if it is
    malformed.

    Args:
        data: The object's bytes.
        oid_bytes: Length of a binary id: 20, or 32 for SHA-256.

    Examples:
        >>> parse_tree(b"100664 a\\0" + bytes(20), oid_bytes=20)
        [(33188, b'a', '0000000000000000000000000000000000000000')]
    """
    entries = []
    position, end = 0, len(data)
    while position < end:
        space = data.find(b" ", position, position + _MAX_MODE_DIGITS + 1)
        zero = data.find(b"\0", space) if space > position else -1
        after = zero + 1 + oid_bytes
        if zero < 0 or after > end:
            return None
        digits = data[position:space]
        if digits.strip(b"01234567"):
            return None
        entries.append((canonical_mode(int(digits, 8)), data[space + 1 : zero], data[zero + 1 : after].hex()))
        position = after
    return entries


def canonical_mode(mode: int) -> int:
    """Return the mode that Git takes a tree entry's mode for.

    Examples:
        >>> oct(canonical_mode(0o100664)), oct(canonical_mode(0o777))
        ('0o100644', '0o160000')
    """
    if stat.S_ISREG(mode):
        return 0o100755 if mode & 0o100 else 0o100644
    if stat.S_ISLNK(mode):
        return 0o120000
    return 0o40000 if stat.S_ISDIR(mode) else 0o160000


class TreeLister:
    """Lists trees of one repository.

    Args:
        store: Its objects.
        oid_bytes: Length of a binary id: 20, or 32 for SHA-256.
        max_entries: Files and folders that a listing may have.
        max_listing_bytes: Bytes that all its paths may have together.
    """

    def __init__(
        self,
        store: ObjectStore,
        *,
        oid_bytes: int,
        max_entries: int,
        max_listing_bytes: int = MAX_LISTING_BYTES,
    ) -> None:
        self._store = store
        self._oid_bytes = oid_bytes
        self._max_entries = max_entries
        self._max_listing_bytes = max_listing_bytes
        self._summaries: dict[str, _Summary | None] = {}
        self._cache: dict[str, bytes] = {}
        self._cached_bytes = 0
        self._is_regular = True

    def list_entries(self, tree: str) -> Iterator[TreeEntry]:
        """Yield everything below `tree` that is no folder, and every folder that cannot be listed.

        Raises:
            RepositoryUnreadable: "missing_tree" if the tree itself cannot be read, "too_many_entries";
                while it yields, "memory_limit".
            RunFailed: If the machine fails.
        """
        self._measure(tree)
        entries = self._with_sizes(self._walk(tree))
        return entries if self._is_regular else _count_occurrences(entries)

    def _measure(self, tree: str) -> None:
        """Read every different tree once and refuse the listing if it would unfold to too much."""
        frontier, different = [tree], 0
        while frontier:
            following: dict[str, None] = {}
            for oid, data in self._store.contents(frontier, kind="tree", max_bytes=MAX_TREE_BYTES):
                summary = self._summaries[oid] = self._summarise(oid, data)
                different += 1 + (summary.entries if summary else 0)
                if different > self._max_entries:
                    raise unreadable("too_many_entries")
                following.update((child, None) for child, _ in (summary.subtrees if summary else ()))
            frontier = [oid for oid in following if oid not in self._summaries]
        if self._summaries[tree] is None:
            raise unreadable("missing_tree")
        self._add_up(tree)
        total = self._summaries[tree]
        if total is None or total.entries > self._max_entries or total.path_bytes > self._max_listing_bytes:
            raise unreadable("too_many_entries")

    def _summarise(self, oid: str, data: bytes | None) -> _Summary | None:
        entries = None if data is None else parse_tree(data, oid_bytes=self._oid_bytes)
        if entries is None or data is None:
            return None
        if self._cached_bytes + len(data) <= _CACHE_BYTES:
            self._cache[oid] = data
            self._cached_bytes += len(data)
        names = [name for _, name, _ in entries]
        if len(set(names)) < len(names) or any(b"/" in name or not name for name in names):
            self._is_regular = False
        subtrees = [(child, len(name) + 1) for mode, name, child in entries if mode == 0o40000]
        return _Summary(subtrees, len(entries), sum(map(len, names)))

    def _add_up(self, tree: str) -> None:
        """Add to each tree what lies below it, children first; sums stop growing past the limits."""
        done: set[str] = set()
        stack = [tree]
        while stack:
            oid = stack[-1]
            summary = self._summaries[oid]
            waiting = (
                [] if summary is None or oid in done else [c for c, _ in summary.subtrees if c not in done]
            )
            if waiting:
                stack.extend(dict.fromkeys(waiting))
                continue
            stack.pop()
            if summary is None or oid in done:
                done.add(oid)
                continue
            done.add(oid)
            for child, prefix_bytes in summary.subtrees:
                below = self._summaries[child]
                if below is not None:
                    summary.entries += below.entries
                    summary.path_bytes += below.path_bytes + below.entries * prefix_bytes
            summary.entries = min(summary.entries, self._max_entries + 1)
            summary.path_bytes = min(summary.path_bytes, self._max_listing_bytes + 1)

    def _walk(self, tree: str) -> Iterator[TreeEntry]:
        stack = [(b"", iter(self._entries(tree)))]
        while stack:
            prefix, entries = stack[-1]
            entry = next(entries, None)
            if entry is None:
                stack.pop()
                continue
            mode, name, oid = entry
            path = prefix + name
            if mode == 0o40000 and self._summaries[oid] is not None and len(path) < MAX_PATH_BYTES:
                stack.append((path + b"/", iter(self._entries(oid))))
            else:
                kind: Kind = "tree" if mode == 0o40000 else "commit" if mode == 0o160000 else "blob"
                yield TreeEntry(bounded_path(path), mode, kind, oid, None)

    def _entries(self, oid: str) -> list[tuple[int, bytes, str]]:
        data = self._cache.get(oid)
        if data is None:
            ((_, data),) = self._store.contents([oid], kind="tree", max_bytes=MAX_TREE_BYTES)
        entries = None if data is None else parse_tree(data, oid_bytes=self._oid_bytes)
        if entries is None:
            raise unreadable("changed_while_read")
        return entries

    def _with_sizes(self, entries: Iterator[TreeEntry]) -> Iterator[TreeEntry]:
        while portion := list(islice(entries, _SIZES_AT_ONCE)):
            blobs = [entry.oid for entry in portion if entry.kind == "blob"]
            infos = self._store.info(blobs)
            for entry in portion:
                info = next(infos)[1] if entry.kind == "blob" else None
                is_blob = info is not None and info.kind == "blob"
                size = info.size if info is not None and is_blob else None
                yield TreeEntry(entry.path, entry.mode, entry.kind, entry.oid, size)


def _count_occurrences(entries: Iterator[TreeEntry]) -> Iterator[TreeEntry]:
    seen: Counter[bytes] = Counter()
    for entry in entries:
        yield TreeEntry(entry.path, entry.mode, entry.kind, entry.oid, entry.size, seen[entry.path])
        seen[entry.path] += 1
