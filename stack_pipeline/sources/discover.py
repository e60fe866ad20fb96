"""Find the repositories of a run's sources: single ones, folders of them, and listings."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from stack_pipeline.errors import UsageError
from stack_pipeline.sources.layout import is_repository
from stack_pipeline.sources.listing import LISTING_SUFFIXES, read_listing
from stack_pipeline.sources.repository import Repository
from stack_pipeline.sources.rows import local_name

MAX_FOLDER_DEPTH = 6
"""Levels below a source folder that are searched for repositories."""


def discover(sources: Sequence[str]) -> list[Repository]:
    """Return every repository of the sources, as they are given, before anything in it is read.

    Folders are searched in the order of names, to a depth of `MAX_FOLDER_DEPTH`; symbolic links to folders
    are not followed and a repository is not searched inside.

    Args:
        sources: Paths of repositories, folders of repositories, and listings.

    Raises:
        UsageError: If a source does not exist, is no listing, cannot be searched, or holds no repository.
    """
    return [repository for repository, _ in discover_within(sources)]


def discover_within(sources: Sequence[str]) -> list[tuple[Repository, Path]]:
    """Return what `discover` does, each with the folder that its `.git` file may not point out of.

    That is the source folder for a repository found below one, else the repository itself.
    """
    if not sources:
        raise UsageError("no source given", hint="name a repository, a folder of repositories or a listing")
    return [found for source in sources for found in _discover_one(Path(source))]


def _discover_one(source: Path) -> list[tuple[Repository, Path]]:
    try:
        if source.is_file():
            if source.suffix.lower() not in LISTING_SUFFIXES:
                raise UsageError(
                    f"{source}: is no listing", hint=f"listings end in {', '.join(LISTING_SUFFIXES)}"
                )
            return [(found, Path(found.location)) for found in read_listing(source)]
        if not source.is_dir():
            raise UsageError(f"{source}: does not exist", hint="check the path; nothing was read")
        if is_repository(source):
            return [(_local(source, name=source.resolve().name), source)]
        folders = _search(source, depth=MAX_FOLDER_DEPTH)
        found = [(_local(folder, name=str(folder.relative_to(source))), source) for folder in folders]
    except OSError as error:
        raise UsageError(
            f"{error.filename or source}: cannot be searched: {error.strerror or error}"
        ) from None
    if not found:
        raise UsageError(
            f"{source}: holds no Git repository",
            hint=f"name a clone, or a folder with clones at most {MAX_FOLDER_DEPTH} levels below it",
        )
    return found


def _search(folder: Path, *, depth: int) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    for name in names:
        below = folder / name
        if is_repository(below):
            yield below
        elif depth > 1:
            yield from _search(below, depth=depth - 1)


def _local(location: Path, *, name: str) -> Repository:
    key = local_name(name)
    return Repository(location=str(location.absolute()), key=key, identity="local", full_name=key)
