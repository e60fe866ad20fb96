"""Say whether one rule names one repository: the numeric id first, the dated name second.

Where rule and repository both have an id, the ids alone decide: a name may have been taken over by somebody
else. Otherwise the rule's name is looked for among the repository's present and former names, and counts if
the days on which the repository had it may overlap the days on which the person owned it; an unknown day
never rules out.

An owner rule by id leaves alone what was transferred to another owner. By name alone a transfer and a renamed
account look the same; both match, unless the dates tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from optout.facts import RepositoryFacts
from optout.names import Name, owner_of
from optout.rules import Rule, Rules, Scope

By = Literal["id", "name", "former name"]


def rule_matches(rule: Rule, facts: RepositoryFacts) -> By | None:
    """Return by what an owner, repository or path rule names a repository; None when it does not.

    Examples:
        >>> from optout.parse import parse_rules
        >>> rule = parse_rules('[[rule]]\\nrepository = "github.com/acme/old"').rules[0]
        >>> renamed = RepositoryFacts(key="1", host="github.com", full_name="acme/new",
        ...                           previous_names=(("acme/old", None, "2020-05-01"),))
        >>> rule_matches(rule, renamed)
        'former name'
    """
    if rule.host != facts.folded_host():
        return None
    actual_id = facts.owner_id if rule.scope == "owner" else facts.id
    if rule.numeric_id is not None and actual_id is not None:
        return "id" if rule.numeric_id == actual_id else None
    if rule.name is None:
        return None
    for position, (name, held) in enumerate(facts.names()):
        subject = name
        if rule.scope == "owner":
            subject = owner_of(name) if position else facts.folded_owner()
        if subject == rule.name and rule.owned.may_overlap(held):
            return "former name" if position else "name"
    return None


def rules_naming(
    rules: Rules, facts: RepositoryFacts, *, scopes: tuple[Scope, ...]
) -> Iterator[tuple[int, By]]:
    """Yield the index and manner of every rule of some scopes that names a repository, in canonical order."""
    for index in sorted(_candidates(rules, facts, scopes)):
        by = rule_matches(rules.rules[index], facts)
        if by is not None:
            yield index, by


def _candidates(rules: Rules, facts: RepositoryFacts, scopes: tuple[Scope, ...]) -> set[int]:
    """Return a superset of the matching rules, found by look-ups alone."""
    host = facts.folded_host()
    full_names = {name for name, _ in facts.names()}
    owners = {facts.folded_owner(), *map(owner_of, full_names)}
    found: set[int] = set()
    for scope in scopes:
        numeric_id, names = (facts.owner_id, owners) if scope == "owner" else (facts.id, full_names)
        if numeric_id is not None:
            found.update(rules.index.by_id.get((scope, host, numeric_id), ()))
        for name in names:
            found.update(rules.index.by_name.get((scope, Name(host, name)), ()))
    return found
