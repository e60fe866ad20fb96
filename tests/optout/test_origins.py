from __future__ import annotations

import pytest

from optout import OriginMatch, RepositoryFacts, match_origin, parse_rules, path_rules_for

BLOB, OTHER = "a" * 40, "b" * 40
RULES = parse_rules(
    f"""
    [[rule]]
    repository = "github.com/acme/widget"
    path = "docs/**"
    [[rule]]
    repository = "github.com/acme/widget"
    path = "**/*.key"
    until = 2016-01-01
    [[rule]]
    blob = "{BLOB}"
    [[rule]]
    repository = "github.com/acme/whole"
    """
)


def _facts(full_name: str, previous: str | None = None, *, created_at: str | None = None) -> RepositoryFacts:
    previous_names = ((previous, None, None),) if previous else ()
    return RepositoryFacts(
        key="1", host="github.com", full_name=full_name, previous_names=previous_names, created_at=created_at
    )


@pytest.mark.parametrize(
    ("facts", "path", "blob", "reason"),
    [
        (_facts("acme/widget"), b"docs/a.md", OTHER, "path"),
        (_facts("ACME/widget"), b"docs/a.md", OTHER, "path"),
        (_facts("bob/new", "acme/widget"), b"docs/a.md", OTHER, "path"),
        (_facts("acme/widget"), b"Docs/a.md", OTHER, None),
        (_facts("acme/widget"), b"src/a.py", OTHER, None),
        (_facts("acme/widget"), b"x/\xff.key", OTHER, "path"),
        (_facts("acme/widget", created_at="2018-01-01"), b"x/y.key", OTHER, None),
        (_facts("acme/other"), b"docs/a.md", OTHER, None),
        (_facts("acme/other"), b"docs/a.md", BLOB, "blob"),
        (_facts("acme/widget"), b"docs/a.md", BLOB, "path"),
        (_facts("acme/widget"), b"src/a.py", BLOB.upper(), "blob"),
        (_facts("acme/whole"), b"a.py", OTHER, None),
    ],
)
def test_single_origins(facts: RepositoryFacts, path: bytes, blob: str, reason: str | None) -> None:
    match = match_origin(RULES, facts, path, blob)
    assert (match.reason if match else None) == reason
    if match is not None:
        assert RULES.rules[match.rule].scope == reason


def test_a_fork_of_the_repository_keeps_its_paths() -> None:
    fork = RepositoryFacts(
        key="2", host="github.com", full_name="bob/widget", fork=True, parent_full_name="acme/widget"
    )
    assert match_origin(RULES, fork, b"docs/a.md", OTHER) is None


def test_the_first_of_two_path_rules_in_canonical_order_is_named() -> None:
    tables = [f'[[rule]]\nrepository = "github.com/a/b"\npath = "{glob}"\n' for glob in ("**", "x", "*")]
    facts = RepositoryFacts(key="1", host="github.com", full_name="a/b")
    expected = OriginMatch("path", 0)
    for order in (tables, tables[::-1]):
        assert match_origin(parse_rules("".join(order)), facts, b"x", OTHER) == expected


def test_a_repository_without_path_rules_has_none_to_apply() -> None:
    assert path_rules_for(RULES, _facts("acme/whole")) is None
    paths = path_rules_for(RULES, _facts("acme/widget"))
    assert paths is not None
    assert len(paths.globs) == 2
