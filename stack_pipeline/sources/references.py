"""Find the commit to read from `HEAD`, `packed-refs` and the files below `refs/`, without asking Git.

Git would read the repository's own config on the way. References are small text files; names and contents are
checked and bounded, and no symbolic link is followed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from stack_pipeline.reasons import Reason
from stack_pipeline.sources.layout import Layout, read_inside
from stack_pipeline.sources.problems import RepositoryUnreadable, judge, unreadable

MAX_REFERENCES = 1_000_000
"""References that one repository may have; GitHub's largest mirrors hold some 300,000 pull requests."""

_MAX_PACKED_BYTES = 256 * 2**20
_MAX_LOOSE_BYTES = 4096
_MAX_NAME_BYTES = 1024
_MAX_SYMBOLIC_STEPS = 5
_MAX_FOLDER_DEPTH = 32
_OID = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_FORBIDDEN = re.compile(rb"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(?:/|$)|\.$|/$")
_HEADS, _REMOTE_HEADS, _TAGS = b"refs/heads/", b"refs/remotes/origin/", b"refs/tags/"


@dataclass(frozen=True)
class Reference:
    """A name and the object it names, which for a tag need not be a commit.

    Attributes:
        name: Full name, such as `refs/heads/main`, or `HEAD` when detached.
        oid: Object id in hex.
        peeled: What an annotated tag points to in the end, where `packed-refs` says so.
    """

    name: bytes
    oid: str
    peeled: str | None = None

    @property
    def branch(self) -> str | None:
        """Short name of a branch, also of the remote "origin"; None for a tag and a detached `HEAD`."""
        for prefix in (_HEADS, _REMOTE_HEADS):
            if self.name.startswith(prefix):
                return self.name.removeprefix(prefix).decode("utf-8", "replace")
        return None


def is_reference_name(name: bytes) -> bool:
    """Tell whether Git would accept a full reference name (`git check-ref-format`), and not more.

    Examples:
        >>> is_reference_name(b"refs/heads/main"), is_reference_name(b"refs/heads/../../config")
        (True, False)
    """
    return name.startswith(b"refs/") and len(name) <= _MAX_NAME_BYTES and _FORBIDDEN.search(name) is None


class References:
    """The references of one repository, read when they are asked for."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def find(self, name: bytes) -> Reference | None:
        """Return the reference of a full name, symbolic ones followed, or None."""
        return self._follow(name, self._loose(name), steps=_MAX_SYMBOLIC_STEPS)

    def head(self) -> Reference | None:
        """Return what `HEAD` names: a branch, or itself when detached; None if absent or dangling."""
        text = read_inside(self._layout.git_dir, "HEAD", max_bytes=_MAX_LOOSE_BYTES)
        return self._follow(b"HEAD", text, steps=_MAX_SYMBOLIC_STEPS)

    def below(self, prefix: bytes) -> list[Reference]:
        """Return all references whose name begins with `prefix` (a folder such as `refs/heads/`), sorted by
        name.

        Raises:
            RepositoryUnreadable: "too_many_references".
        """
        names = {name for name in self._packed if name.startswith(prefix)}
        for name in self._loose_names(prefix.rstrip(b"/"), depth=_MAX_FOLDER_DEPTH):
            names.add(name)
            if len(names) > MAX_REFERENCES:
                raise unreadable("too_many_references")
        found = (self.find(name) for name in sorted(names))
        return [reference for reference in found if reference is not None]

    def any_oid(self) -> str | None:
        """Return some object id that a reference names, whose length shows the object format, or None."""
        reference = self.head() or next(iter(self._packed.values()), None)
        return reference.oid if reference else next((found.oid for found in self.below(b"refs/")), None)

    def _follow(self, name: bytes, text: bytes | None, *, steps: int) -> Reference | None:
        if text is None:
            return self._packed.get(name)
        words = text[:_MAX_LOOSE_BYTES].split(maxsplit=1)
        if len(words) == 2 and words[0] == b"ref:":
            target = words[1].strip()
            if steps == 0 or not is_reference_name(target):
                return None
            return self._follow(target, self._loose(target), steps=steps - 1)
        return Reference(name, words[0].decode()) if words and _OID.fullmatch(words[0]) else None

    def _loose(self, name: bytes) -> bytes | None:
        if not is_reference_name(name):
            return None
        return read_inside(self._layout.common_dir, name, max_bytes=_MAX_LOOSE_BYTES)

    @cached_property
    def _packed(self) -> dict[bytes, Reference]:
        text = read_inside(self._layout.common_dir, "packed-refs", max_bytes=_MAX_PACKED_BYTES) or b""
        if len(text) > _MAX_PACKED_BYTES or text.count(b"\n") > 2 * MAX_REFERENCES:
            raise unreadable("too_many_references")
        found: dict[bytes, Reference] = {}
        last = b""
        for line in text.split(b"\n"):
            oid, _, name = line.partition(b" ")
            if line.startswith(b"^") and last in found and _OID.fullmatch(line[1:]):
                found[last] = Reference(last, found[last].oid, line[1:].decode())
            elif _OID.fullmatch(oid) and is_reference_name(name):
                found[name] = Reference(name, oid.decode())
                last = name
            else:
                last = b""
        return found

    def _loose_names(self, folder: bytes, *, depth: int) -> Iterator[bytes]:
        path = os.path.join(os.fsencode(self._layout.common_dir), folder)  # noqa: PTH118 - bytes
        try:
            with os.scandir(path) as entries:
                found = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
        except OSError as error:
            if (problem := judge(error)) is not None:
                raise problem from None
            return
        for name, is_folder in found:
            if is_folder and depth > 0:
                yield from self._loose_names(folder + b"/" + name, depth=depth - 1)
            elif not is_folder and is_reference_name(folder + b"/" + name):
                yield folder + b"/" + name


def choose(references: References, *, ref: str | None, default_branch: str | None) -> list[Reference]:
    """Return the reference to read: one, or several of which the one with the newest commit is meant.

    The requested `ref` decides alone: a full name, else a branch, else a tag, else a branch of the remote
    "origin". Without it: `default_branch`, else `HEAD`, else `main`, else `master`, else the branch with the
    newest commit.

    Raises:
        RepositoryUnreadable: `missing_ref` if `ref` is not there, `empty_repository` if nothing is.
    """
    if ref is not None:
        return [_requested(references, ref)]
    named = _branch(references, default_branch) if default_branch is not None else None
    found = named or references.head() or _branch(references, "main") or _branch(references, "master")
    if found is not None:
        return [found]
    for prefix in (_HEADS, _REMOTE_HEADS, _TAGS):
        if branches := references.below(prefix):
            return branches
    raise RepositoryUnreadable(Reason.EMPTY_REPOSITORY, "no_reference")


def _requested(references: References, ref: str) -> Reference:
    name = ref.encode("utf-8", "surrogatepass")
    found: Reference | None
    if _OID.fullmatch(name):
        return Reference(b"HEAD", ref)
    if name == b"HEAD":
        found = references.head()
    elif name.startswith(b"refs/"):
        found = references.find(name)
    else:
        tries = (references.find(prefix + name) for prefix in (_HEADS, _TAGS, _REMOTE_HEADS))
        found = next((reference for reference in tries if reference is not None), None)
    if found is None:
        raise RepositoryUnreadable(Reason.MISSING_REF, "missing_ref")
    return found


def _branch(references: References, name: str) -> Reference | None:
    encoded = name.encode("utf-8", "surrogatepass")
    return references.find(_HEADS + encoded) or references.find(_REMOTE_HEADS + encoded)
