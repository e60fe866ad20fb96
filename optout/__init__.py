"""Match opt-out rules against repositories, paths and blobs.

`parse_rules` reads a rules file, `decide` says which repositories go, `match_origin` which single files.
Everything is a function of values: nothing here reads a disk, a network or a clock.
"""

from optout.decide import Decision, decide
from optout.facts import RepositoryFacts
from optout.globs import Glob
from optout.hashes import blob_hash
from optout.names import fold_host, fold_name
from optout.origins import OriginMatch, PathRules, match_origin, path_rules_for
from optout.parse import parse_rules
from optout.rules import Rule, Rules

VERSION = "1"
"""Version of what the rules mean; it changes when any decision may change."""

__all__ = [
    "VERSION",
    "Decision",
    "Glob",
    "OriginMatch",
    "PathRules",
    "RepositoryFacts",
    "Rule",
    "Rules",
    "blob_hash",
    "decide",
    "fold_host",
    "fold_name",
    "match_origin",
    "parse_rules",
    "path_rules_for",
]
