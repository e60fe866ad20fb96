"""Read opt-out rules from TOML and keep them in one canonical order.

    [[rule]]
    owner = "github.com/acme"            # or: owner_id = 123 with host = "github.com"
    forks = "all"                        # identical (default), all, none

    [[rule]]
    repository = "github.com/bob/tool"   # or: repository_id = 456 with host = "github.com"
    path = "docs/**"                     # only these paths of the repository
    since = 2019-03-01                   # bob owned this name from … (until = … to)

    [[rule]]
    blob = "3b18e512dba79e4c8300dd08aeb37f8e728b8dad"   # a git blob id: these bytes, wherever they are

Each rule has one scope: an owner, a repository, paths in a repository, or a blob. A rule may carry `id` and
`reason`, references of the operator that change nothing.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Literal

from optout.dates import ANY_TIME, Interval
from optout.names import Name

Scope = Literal["owner", "repository", "path", "blob"]
ForkMode = Literal["identical", "all", "none"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Rule:
    """One opt-out in normal form.

    Attributes:
        scope: What it covers.
        host: Folded host; None for a blob.
        numeric_id: Numeric id of the owner or repository; None when only the name is given.
        name: Folded name of the owner or repository; None when only the id is given.
        path: Path glob within the repository, for the scope `path`.
        blob: Git blob id in lower-case hex, for the scope `blob`.
        owned: Days on which the person owned the name.
        forks: Which descendant forks go too, for the scopes `owner` and `repository`.
        reference: The operator's `id`.
        reason: The operator's `reason`.
    """

    scope: Scope
    host: str | None = None
    numeric_id: int | None = None
    name: str | None = None
    path: str | None = None
    blob: str | None = None
    owned: Interval = ANY_TIME
    forks: ForkMode = "identical"
    reference: str | None = None
    reason: str | None = None

    def meaning(self) -> str:
        """Return everything that shapes a decision as canonical JSON; equal for rules that mean the same."""
        fields = [
            self.scope,
            self.host,
            self.numeric_id,
            self.name,
            self.path,
            self.blob,
            *self.owned,
            self.forks,
        ]
        return json.dumps(fields, ensure_ascii=True, separators=(",", ":"))


class RuleIndex:
    """Where to look for rules that may match, by id and by name: indices into `Rules.rules`, ascending."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.by_id: dict[tuple[str, str, int], list[int]] = {}
        self.by_name: dict[tuple[str, Name], list[int]] = {}
        self.by_blob: dict[str, int] = {}
        for index, rule in enumerate(rules):
            if rule.blob is not None:
                self.by_blob.setdefault(rule.blob, index)
            if rule.host is not None and rule.numeric_id is not None:
                self.by_id.setdefault((rule.scope, rule.host, rule.numeric_id), []).append(index)
            if rule.host is not None and rule.name is not None:
                self.by_name.setdefault((rule.scope, Name(rule.host, rule.name)), []).append(index)


@dataclasses.dataclass(frozen=True)
class Rules:
    """Opt-out rules in canonical order, whatever their order in the file.

    A decision names a rule by its index here, so that it does not depend on the file's order either.
    """

    rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        ordered = sorted(
            self.rules, key=lambda rule: (rule.meaning(), rule.reference or "", rule.reason or "")
        )
        object.__setattr__(self, "rules", tuple(ordered))

    def digest(self, key: bytes) -> str:
        """Return a keyed digest of what the rules mean, in hex (HMAC-SHA256).

        It is the same for any order, spelling or repetition of the rules and tells nothing of them without
        the key. An empty set of rules has a digest too.

        Raises:
            ValueError: If the key is empty.
        """
        if not key:
            raise ValueError("key: must not be empty")
        lines = sorted({rule.meaning() for rule in self.rules})
        return hmac.new(key, "\n".join(["optout rules 1", *lines]).encode(), hashlib.sha256).hexdigest()

    @functools.cached_property
    def index(self) -> RuleIndex:
        """Where to look for the rules that may match."""
        return RuleIndex(self.rules)

    def blob_rule(self, blob_id: str) -> int | None:
        """Return the index of the rule that opts out a blob (git id in hex); None when there is none."""
        return self.index.by_blob.get(blob_id.lower())

    def counts(self) -> Mapping[Scope, int]:
        """Return the number of rules of each scope."""
        scopes: tuple[Scope, ...] = ("owner", "repository", "path", "blob")
        return {scope: sum(rule.scope == scope for rule in self.rules) for scope in scopes}
