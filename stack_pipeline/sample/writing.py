"""Write the sample, and say what must become of each of its files."""

from __future__ import annotations

import calendar
import dataclasses
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from stack_pipeline.sample.families import family_repositories
from stack_pipeline.sample.git_objects import SUBMODULE, BareRepository, TreeEntry, object_id
from stack_pipeline.sample.leaks import leaking_repository
from stack_pipeline.sample.licensed import licensed_repositories
from stack_pipeline.sample.listing import RECIPE, listing_row, listing_text, rules_text
from stack_pipeline.sample.odd_files import odd_repositories
from stack_pipeline.sample.repository import File, SampleRepository

UNPUBLISHED_NAMES = (
    *("grimshaw-lab", "kestrel/billing", "pia-lund", "cookbook", "inkwell/mdtables", "sealed/internal"),
    *("docs/private", "queue/donated.go", "copies/donated.go"),
)
"""Names and paths that nothing published may show, in any case: opted out, former or private."""


@dataclasses.dataclass(frozen=True)
class SampleListing:
    """Where the sample was written.

    Attributes:
        folder: The folder that holds everything.
        listing: The listing of all repositories, JSON lines.
        rules: The opt-out rules.
        recipe: The recipe, which names the rules.
        commits: The commit of each repository that has one, by full name.
    """

    folder: Path
    listing: Path
    rules: Path
    recipe: Path
    commits: Mapping[str, str]


@lru_cache(maxsize=1)
def repositories() -> tuple[SampleRepository, ...]:
    """Return the repositories of the sample in the order of their ids."""
    found = (leaking_repository(), *licensed_repositories(), *family_repositories(), *odd_repositories())
    return tuple(sorted(found, key=lambda repository: repository.id))


@lru_cache(maxsize=1)
def expected_fates() -> Mapping[tuple[str, bytes], str]:
    """Return what becomes of each file with the sample's recipe: `kept` or a reason, by full name and path.

    A file of a repository that is not read has the repository's reason.
    """
    return MappingProxyType(
        {(each.full_name, file.path): file.fate for each in repositories() for file in each.files}
    )


@lru_cache(maxsize=1)
def expected_repository_fates() -> Mapping[str, str]:
    """Return what becomes of each repository: `read`, or the reason for which it is not, by full name."""
    return MappingProxyType({each.full_name: each.fate or "read" for each in repositories()})


def write_sample(folder: Path) -> SampleListing:
    """Write the repositories, `repositories.jsonl`, `optout.toml` and `recipe.toml` into a folder.

    The same bytes give the same commit ids on every machine; no program is started and no configuration read.

    Args:
        folder: Made if it is not there; files of an earlier sample in it are overwritten.

    Raises:
        OSError: If the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows, commits = [], {}
    for repository in repositories():
        commit = _write_repository(repository, folder / repository.folder)
        if commit is not None:
            commits[repository.full_name] = commit
        rows.append(listing_row(repository, commit=commit))
    texts = {"repositories.jsonl": listing_text(rows), "optout.toml": rules_text(), "recipe.toml": RECIPE}
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())
    listing, rules, recipe = (folder / name for name in texts)
    return SampleListing(folder, listing, rules, recipe, MappingProxyType(commits))


def _write_repository(repository: SampleRepository, folder: Path) -> str | None:
    """Write one repository with a first commit and a second that adds the rest; return the newest commit."""
    bare = BareRepository(folder)
    bare.set_head(repository.default_branch)
    if repository.state == "empty":
        return None
    entries = [TreeEntry(file.path, file.mode, _write_file(bare, file)) for file in repository.files]
    created, pushed = _unix_time(repository.created_at), _unix_time(repository.pushed_at)
    first = bare.add_commit(entries[:1], message="Begin", unix_time=created, parent=None)
    newest = bare.add_commit(entries, message="Add the rest", unix_time=pushed, parent=first)
    bare.set_branch(repository.default_branch, newest)
    for tag in repository.tags:
        bare.add_tag(tag, newest, unix_time=pushed)
    if repository.state == "corrupt":
        bare.damage(newest)
    return newest


def _write_file(bare: BareRepository, file: File) -> str:
    if file.mode == SUBMODULE:
        return file.content.decode()
    return bare.add_blob(file.content) if file.is_stored else object_id(b"blob", file.content)


def _unix_time(text: str) -> int:
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))
