"""One repository of the sample: its files with their expected fates, and what the listing says of it."""

from __future__ import annotations

import dataclasses
from typing import Literal

from stack_pipeline.sample.git_objects import FILE

KEPT = "kept"
RepositoryState = Literal["normal", "empty", "corrupt"]


@dataclasses.dataclass(frozen=True)
class File:
    """One entry of a tree.

    Attributes:
        path: Path below the root.
        content: Bytes of the blob; for a submodule the commit id in hex.
        fate: What must become of it: `kept`, or the reason for which it is not published.
        mode: Git's mode.
        is_stored: Whether the object is written; the tree names it in any case.
    """

    path: bytes
    content: bytes
    fate: str = KEPT
    mode: bytes = FILE
    is_stored: bool = True


@dataclasses.dataclass(frozen=True, kw_only=True)
class SampleRepository:
    """One repository and its row in the listing; dates are ISO 8601 in UTC, ids are invented.

    Attributes:
        fate: None if the repository is read, else the reason for which none of its files is published.
        opted_out_as: What `optout` says if the fate is `opted_out`: owner, repository, identical_fork.
        note: What the repository is in the sample for.
    """

    full_name: str
    id: int
    owner_id: int
    files: tuple[File, ...] = ()
    note: str
    stars: int = 0
    forks: int = 0
    created_at: str = "2017-03-01T09:00:00Z"
    pushed_at: str = "2023-06-01T12:00:00Z"
    license_spdx_id: str | None = None
    default_branch: str = "main"
    tags: tuple[str, ...] = ()
    parent: tuple[int, str] | None = None
    source: tuple[int, str] | None = None
    previous_names: tuple[tuple[str, str | None, str | None], ...] = ()
    private: bool = False
    state: RepositoryState = "normal"
    fate: str | None = None
    opted_out_as: str | None = None
    unchecked_fork: bool = False

    @property
    def folder(self) -> str:
        """Name of its folder below the sample's."""
        return self.full_name.replace("/", "__") + ".git"


def source_file(path: str, text: str, fate: str = KEPT) -> File:
    """Make a file of UTF-8 text."""
    return File(path.encode(), text.encode(), fate)


def with_fate(files: tuple[File, ...], fate: str) -> tuple[File, ...]:
    """Return the same files with one fate for all."""
    return tuple(dataclasses.replace(file, fate=fate) for file in files)
