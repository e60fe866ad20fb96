"""Say which repositories a run reads, each once, and at which commit.

What cannot be read stays in the plan with its reason; only a contradiction between sources stops the run.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from stack_pipeline.errors import UsageError
from stack_pipeline.reasons import Reason
from stack_pipeline.sources.discover import discover_within
from stack_pipeline.sources.git import GitRepository
from stack_pipeline.sources.problems import RepositoryUnreadable
from stack_pipeline.sources.repository import Repository, repository_key

_TRUST = {"listed": 0, "claimed": 1, "local": 2}
_HINT = "keep one of them, or tell them apart in a listing by 'id', 'full_name' or 'ref'"


def plan_sources(sources: Sequence[str]) -> list[Repository]:
    """Return every repository of the sources once, with its commit or with its problem.

    `commit` is filled in from the references; that it and its tree can be read is known only when they are. A
    clone without a listed identity has the one that its config claims, if it claims one. Two sources of the
    same repository and ref are one if they are the same place or the same commit; a listed one stands for a
    claimed one, a readable one for an unreadable one. For a linked work tree, `location` is where its objects
    are.

    Returns:
        Sorted by (key, ref).

    Raises:
        UsageError: As `discover`, and if sources of the same repository and ref have different commits, or
            one place is listed as two repositories.
        RunFailed: If the machine fails.
    """
    places: dict[tuple[str, str], list[Repository]] = {}
    for found, boundary in discover_within(sources):
        place = os.path.realpath(found.location)
        places.setdefault((place, found.ref or ""), []).append(_resolved(found, boundary=boundary))
    merged = _merge_identities([_one_of_place(group) for group in places.values()])
    return sorted(merged, key=lambda found: (found.key, found.ref or ""))


def _resolved(repository: Repository, *, boundary: Path) -> Repository:
    """Return the repository with its claimed identity and its commit, or with its problem."""
    if repository.private:
        return replace(repository, problem=Reason.PRIVATE_REPOSITORY.value, problem_detail="private")
    try:
        with GitRepository(repository.location, boundary=boundary) as git:
            repository = replace(_claimed(repository, git.claimed_identity()), location=str(git.location))
            commit = git.find_commit(
                ref=repository.ref, commit=repository.commit, default_branch=repository.default_branch
            )
    except RepositoryUnreadable as error:
        return replace(repository, problem=error.reason.value, problem_detail=error.detail)
    return replace(repository, commit=commit)


def _claimed(repository: Repository, claim: tuple[str, str] | None) -> Repository:
    if repository.identity != "local" or claim is None:
        return repository
    host, full_name = claim
    key = repository_key(host=host, id=None, full_name=full_name)
    return replace(repository, identity="claimed", host=host, full_name=full_name, key=key)


def _one_of_place(group: list[Repository]) -> Repository:
    """Let one row stand for one place and ref: what a listing says of it, else what was found there."""
    trusted = min(_TRUST[found.identity] for found in group)
    same = [found for found in group if _TRUST[found.identity] == trusted]
    keys = sorted({found.key for found in same})
    if len(keys) > 1 and trusted == _TRUST["listed"]:
        raise UsageError(f"{same[0].location}: is listed as {keys[0]} and as {keys[1]}", hint=_HINT)
    return _best(same)


def _merge_identities(repositories: Iterable[Repository]) -> list[Repository]:
    """Let one row stand for one identity and ref; a name without an id means the listed id of that name."""
    ids = {
        repository_key(host=found.host, id=None, full_name=found.full_name): found.key
        for found in sorted(repositories, key=lambda found: found.key)
        if found.host is not None and found.id is not None
    }
    groups: dict[tuple[str, str], list[Repository]] = {}
    for found in repositories:
        key = ids.get(found.key, found.key)
        groups.setdefault((key, found.ref or ""), []).append(replace(found, key=key))
    return [_best(group) for group in groups.values()]


def _best(group: list[Repository]) -> Repository:
    """Return the row that stands for all: a readable one, of these the most trusted, then the fullest."""
    commits: dict[str | None, Repository] = {}
    for found in sorted(group, key=_preference):
        if found.problem is None:
            commits.setdefault(found.commit, found)
    if len(commits) > 1:
        one, other = sorted(commits.values(), key=lambda found: (found.commit or "", found.location))[:2]
        raise UsageError(
            f"{one.key} comes with two commits: {one.commit} in {one.location} "
            f"and {other.commit} in {other.location}",
            hint=_HINT,
        )
    return min(group, key=_preference)


def _preference(found: Repository) -> tuple[bool, int, int, str]:
    unknown = sum(value is None for value in vars(found).values())
    return found.problem is not None, _TRUST[found.identity], unknown, found.location
