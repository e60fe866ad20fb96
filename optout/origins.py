"""Match single origins: paths within a repository, and blobs wherever they are.

A path rule covers the repository that it names, under any of its names, and no fork: the same bytes
elsewhere are the business of a blob rule.
"""

from __future__ import annotations

import dataclasses
from typing import Literal

from optout.facts import RepositoryFacts
from optout.globs import Glob
from optout.match import rules_naming
from optout.rules import Rules


@dataclasses.dataclass(frozen=True)
class PathRules:
    """The compiled path rules of one repository, in canonical order."""

    globs: tuple[tuple[int, Glob], ...]

    def match(self, path: bytes) -> int | None:
        """Return the index of the first rule that covers a path; None when there is none."""
        return next((index for index, glob in self.globs if glob.matches(path)), None)


@dataclasses.dataclass(frozen=True)
class OriginMatch:
    """Why an origin is opted out: the kind of rule and its index in `Rules.rules`."""

    reason: Literal["path", "blob"]
    rule: int


def path_rules_for(rules: Rules, facts: RepositoryFacts) -> PathRules | None:
    """Return the path rules that name a repository, ready for a million paths; None when there are none.

    Examples:
        >>> from optout.parse import parse_rules
        >>> rules = parse_rules('[[rule]]\\nrepository = "github.com/acme/x"\\npath = "docs/**"')
        >>> paths = path_rules_for(rules, RepositoryFacts(key="1", host="github.com", full_name="Acme/X"))
        >>> paths.match(b"docs/a.md"), paths.match(b"src/a.py")
        (0, None)
    """
    globs = [
        (index, Glob(path))
        for index, _ in rules_naming(rules, facts, scopes=("path",))
        if (path := rules.rules[index].path) is not None
    ]
    return PathRules(tuple(globs)) if globs else None


def match_origin(rules: Rules, facts: RepositoryFacts, path: bytes, blob_id: str) -> OriginMatch | None:
    """Return the rule that opts out one file of a repository, paths before blobs; None when it stays.

    For many files of one repository use `path_rules_for` and `Rules.blob_rule`, which this composes.

    Args:
        rules: The opt-out rules.
        facts: The repository.
        path: Path in the repository, without a leading slash.
        blob_id: Git blob id in hex.
    """
    path_rules = path_rules_for(rules, facts)
    by_path = None if path_rules is None else path_rules.match(path)
    if by_path is not None:
        return OriginMatch("path", by_path)
    by_blob = rules.blob_rule(blob_id)
    return None if by_blob is None else OriginMatch("blob", by_blob)
