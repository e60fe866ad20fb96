"""Decide which repositories are opted out, with their descendant forks.

A rule covers the repositories that it names and, by its `forks` mode, descendant forks of those; never a
parent and never a sibling. Of several rules the strongest outcome counts (named, then every fork, then
identical fork, then unchecked, then divergent), and among equals the first rule in canonical order.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from optout.dates import parse_moment
from optout.facts import RepositoryFacts
from optout.match import By, rules_naming
from optout.network import ForkNetwork
from optout.rules import Rules

Reason = Literal["owner", "repository", "all_forks", "identical_fork"]
BlobHashes = Callable[[str], frozenset[bytes] | None]

_NAMED = {
    "id": "the rule names it by id",
    "name": "the rule names it by its present name",
    "former name": "the rule names it by a former name",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Decision:
    """What the rules say of one repository.

    Attributes:
        opted_out: Whether it must go.
        reason: Why it goes; None if it stays.
        rule: Index into `Rules.rules` of the rule that decided or, for a fork that stays, that reached it.
        unchecked: It stays as a fork of an opted-out repository of which nobody knows whether it differs.
        divergent: It stays whole as a fork that has blobs of its own.
        note: The evidence in a few words, without any name.
    """

    opted_out: bool = False
    reason: Reason | None = None
    rule: int | None = None
    unchecked: bool = False
    divergent: bool = False
    note: str = ""


_STAYS = Decision()


def decide(
    repositories: Iterable[RepositoryFacts], rules: Rules, *, blob_hashes: BlobHashes
) -> dict[str, Decision]:
    """Decide for every repository; the result depends on neither the order of repositories nor that of rules.

    An opted-out repository need not be among `repositories`: forks are then recognised by what they say of
    their parent and source.

    Args:
        repositories: Repositories with unique keys.
        rules: The opt-out rules.
        blob_hashes: Returns keyed hashes of all blob ids of a repository, by its key; None when they are
            unknown.

    Returns:
        A decision for each key, in ascending order of keys.

    Raises:
        ValueError: If two repositories have the same key.

    Examples:
        >>> from optout.parse import parse_rules
        >>> rules = parse_rules('[[rule]]\\nowner = "github.com/acme"')
        >>> fork = RepositoryFacts(key="f", host="github.com", full_name="bob/x", fork=True,
        ...                        parent_full_name="acme/x", pushed_at="2020-01-01", created_at="2020-01-02")
        >>> decide([fork], rules, blob_hashes=lambda key: None)["f"].reason
        'identical_fork'
    """
    network = ForkNetwork(repositories)
    if not rules.rules:
        return dict.fromkeys(sorted(network.known), _STAYS)
    named = _NamingRules(rules)
    return {key: _decide_one(key, network, named, blob_hashes) for key in sorted(network.known)}


class _NamingRules:
    """The owner and repository rules that name a repository, looked up once for each."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._found: dict[str, list[tuple[int, By]]] = {}

    def of(self, facts: RepositoryFacts) -> list[tuple[int, By]]:
        if facts.key not in self._found:
            self._found[facts.key] = list(rules_naming(self.rules, facts, scopes=("owner", "repository")))
        return self._found[facts.key]


def _decide_one(key: str, network: ForkNetwork, named: _NamingRules, blob_hashes: BlobHashes) -> Decision:
    facts = network.known[key]
    for index, by in named.of(facts):
        reason: Reason = "owner" if named.rules.rules[index].scope == "owner" else "repository"
        return Decision(opted_out=True, reason=reason, rule=index, note=_NAMED[by])
    return min(_as_fork(facts, network, named, blob_hashes), key=_strength, default=_STAYS)


def _as_fork(
    facts: RepositoryFacts, network: ForkNetwork, named: _NamingRules, blob_hashes: BlobHashes
) -> Iterator[Decision]:
    """Yield what each rule that names an ancestor says of its descendant."""
    for ancestor in network.ancestors(facts.key):
        for index, _ in named.of(ancestor):
            mode = named.rules.rules[index].forks
            if mode == "all":
                note = "a descendant of a repository whose rule covers every fork"
                yield Decision(opted_out=True, reason="all_forks", rule=index, note=note)
            elif mode == "identical":
                theirs = blob_hashes(ancestor.key) if ancestor.key in network.known else None
                yield _if_identical(facts, index, blob_hashes(facts.key), theirs)


def _if_identical(
    facts: RepositoryFacts, index: int, own: frozenset[bytes] | None, theirs: frozenset[bytes] | None
) -> Decision:
    if own is not None and theirs is not None:
        if own <= theirs:
            note = "a descendant, and all its blobs are in the opted-out repository"
            return Decision(opted_out=True, reason="identical_fork", rule=index, note=note)
        return Decision(rule=index, divergent=True, note="a descendant with blobs of its own")
    created, pushed = parse_moment(facts.created_at), parse_moment(facts.pushed_at)
    if created is not None and pushed is not None and pushed <= created:
        note = "a descendant that was never pushed to; blobs not known"
        return Decision(opted_out=True, reason="identical_fork", rule=index, note=note)
    return Decision(rule=index, unchecked=True, note="a descendant; blobs not known on both sides")


def _strength(decision: Decision) -> tuple[int, int, str]:
    """Order outcomes: the strongest first, then the first rule in canonical order."""
    if decision.reason is not None:
        rank = ("owner", "repository", "all_forks", "identical_fork").index(decision.reason)
    else:
        rank = 5 if decision.divergent else 4
    return rank, -1 if decision.rule is None else decision.rule, decision.note
