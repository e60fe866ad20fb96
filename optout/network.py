"""Find the ancestors of forks among repositories of which some were never read.

A repository's ancestors are its parent, its source (the root of the fork network) and their ancestors. A
reference is resolved to a known repository by id, else by present name, else by former name; one that
resolves to none becomes a repository of its own of which only that reference is known, so that a rule can
still name it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from optout.facts import RepositoryFacts
from optout.names import fold_name


class ForkNetwork:
    """The fork links among repositories.

    Args:
        repositories: Repositories with unique keys, in any order.

    Raises:
        ValueError: If two repositories have one key.
    """

    def __init__(self, repositories: Iterable[RepositoryFacts]) -> None:
        self.known: dict[str, RepositoryFacts] = {}
        self._by_id: dict[tuple[str, int], list[str]] = defaultdict(list)
        self._by_name: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._by_former_name: dict[tuple[str, str], list[str]] = defaultdict(list)
        for facts in repositories:
            if facts.key in self.known:
                raise ValueError("repositories: two have the same key")
            self.known[facts.key] = facts
            self._index(facts)

    def ancestors(self, key: str) -> list[RepositoryFacts]:
        """Return the known and the merely referenced ancestors of a known repository, never itself.

        Links that run in a circle end where they began. The order depends on the facts only.
        """
        found: dict[str, RepositoryFacts] = {}
        waiting = [self.known[key]]
        while waiting:
            for ancestor in self._referenced(waiting.pop()):
                if ancestor.key != key and ancestor.key not in found:
                    found[ancestor.key] = ancestor
                    waiting.append(ancestor)
        return [found[name] for name in sorted(found)]

    def _index(self, facts: RepositoryFacts) -> None:
        host = facts.folded_host()
        if facts.id is not None:
            self._by_id[host, facts.id].append(facts.key)
        present, *former = (name for name, _ in facts.names())
        self._by_name[host, present].append(facts.key)
        for name in set(former):
            self._by_former_name[host, name].append(facts.key)

    def _referenced(self, facts: RepositoryFacts) -> list[RepositoryFacts]:
        if facts.fork is False:
            return []
        links = ((facts.parent_id, facts.parent_full_name), (facts.source_id, facts.source_full_name))
        return [found for link in links if link != (None, None) for found in self._resolve(facts, *link)]

    def _resolve(
        self, fork: RepositoryFacts, numeric_id: int | None, full_name: str | None
    ) -> list[RepositoryFacts]:
        host = fork.folded_host()
        if numeric_id is not None and (host, numeric_id) in self._by_id:
            return [self.known[key] for key in self._by_id[host, numeric_id]]
        if full_name is not None:
            name = fold_name(full_name)
            for index in (self._by_name, self._by_former_name):
                named = [self.known[key] for key in index.get((host, name), ())]
                named = [facts for facts in named if numeric_id is None or facts.id is None]
                if named:
                    return named
        return [_only_referenced(host, numeric_id, full_name)]


def _only_referenced(host: str, numeric_id: int | None, full_name: str | None) -> RepositoryFacts:
    """Stand in for a repository that was never read; the NUL keeps its key apart from those of known ones."""
    name = fold_name(full_name or "")
    return RepositoryFacts(key=f"\0{host}\0{numeric_id}\0{name}", host=host, full_name=name, id=numeric_id)
