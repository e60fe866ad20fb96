from __future__ import annotations

from typing import Any

import pytest

from optout import RepositoryFacts, parse_rules
from optout.match import rule_matches, rules_naming


def _facts(full_name: str = "acme/widget", **known: Any) -> RepositoryFacts:
    return RepositoryFacts(key="1", host=known.pop("host", "github.com"), full_name=full_name, **known)


OWNER = 'owner = "github.com/acme"'
OWNER_ID = 'owner_id = 7\nhost = "github.com"'
REPOSITORY = 'repository = "github.com/acme/widget"'
REPOSITORY_ID = 'repository_id = 70\nhost = "github.com"'
FORMERLY = (("acme/widget", "2015-01-01", "2018-06-01"),)

CASES: list[tuple[str, str, RepositoryFacts, str | None]] = [
    ("present owner", OWNER, _facts(), "name"),
    ("owner in another case", OWNER, _facts("ACME/Widget"), "name"),
    ("login differs from the name's first part", OWNER, _facts("x/widget", owner_login="Acme"), "name"),
    ("another owner", OWNER, _facts("acmee/widget"), None),
    ("another host", OWNER, _facts(host="gitlab.com"), None),
    ("host in another case", OWNER, _facts(host="GitHub.com"), "name"),
    (
        "a group within the group is another owner",
        'owner = "gitlab.com/acme"',
        _facts("acme/sub/x", host="gitlab.com"),
        None,
    ),
    ("renamed account, by name", OWNER, _facts("acme-labs/widget", previous_names=FORMERLY), "former name"),
    ("renamed account, by id", OWNER_ID, _facts("acme-labs/widget", owner_id=7), "id"),
    ("another account took the name, by id", OWNER_ID, _facts(owner_id=8), None),
    ("transferred away, by id", OWNER_ID, _facts("bob/widget", owner_id=8, previous_names=FORMERLY), None),
    ("id and name, ids differ: the id decides", f"{OWNER}\nowner_id = 7", _facts(owner_id=8), None),
    ("id and name, id unknown: the name decides", f"{OWNER}\nowner_id = 7", _facts(), "name"),
    ("id only, id unknown", OWNER_ID, _facts(), None),
    ("a repository id is no owner id", OWNER_ID, _facts(id=7), None),
    ("present name", REPOSITORY, _facts(), "name"),
    ("another repository of the owner", REPOSITORY, _facts("acme/gadget"), None),
    ("the name is the start of another", REPOSITORY, _facts("acme/widget2"), None),
    ("the same name of another owner", REPOSITORY, _facts("bob/widget"), None),
    ("renamed", REPOSITORY, _facts("acme/gadget", previous_names=FORMERLY), "former name"),
    ("renamed and transferred", REPOSITORY, _facts("bob/gadget", previous_names=FORMERLY), "former name"),
    ("renamed, by id", REPOSITORY_ID, _facts("acme/gadget", id=70), "id"),
    ("another repository took the name, by id", f"{REPOSITORY}\nrepository_id = 70", _facts(id=71), None),
    (
        "former name until before the person had it",
        f"{REPOSITORY}\nsince = 2019-01-01",
        _facts("a/b", previous_names=FORMERLY),
        None,
    ),
    (
        "former name while the person had it",
        f"{REPOSITORY}\nuntil = 2016-01-01",
        _facts("a/b", previous_names=FORMERLY),
        "former name",
    ),
    (
        "former name of unknown days",
        f"{REPOSITORY}\nsince = 2019-01-01",
        _facts("a/b", previous_names=(("acme/widget", None, None),)),
        "former name",
    ),
    (
        "former name, made after the person gave it up",
        f"{REPOSITORY}\nuntil = 2016-01-01",
        _facts("a/b", created_at="2017-01-01", previous_names=(("acme/widget", None, None),)),
        None,
    ),
    (
        "present name, made after the person gave it up",
        f"{OWNER}\nuntil = 2016-01-01",
        _facts(created_at="2017-05-05T00:00:00Z"),
        None,
    ),
    (
        "present name, taken after the person gave it up",
        f"{REPOSITORY}\nuntil = 2016-01-01",
        _facts(created_at="2010-01-01", previous_names=(("acme/old", None, "2017-01-01"),)),
        None,
    ),
    (
        "present name, seen before the person had it",
        f"{OWNER}\nsince = 2019-01-01",
        _facts(visit_date="2018-01-01"),
        None,
    ),
    ("present name, never dated", f"{OWNER}\nsince = 2019-01-01", _facts(), "name"),
    ("unreadable dates are unknown", f"{OWNER}\nuntil = 2016-01-01", _facts(created_at="some day"), "name"),
    (
        "dates that contradict each other are unknown",
        f"{REPOSITORY}\nsince = 2019-01-01",
        _facts("a/b", previous_names=(("acme/widget", "2018-01-01", "2016-01-01"),)),
        "former name",
    ),
    ("a path rule names its repository", f'{REPOSITORY}\npath = "x"', _facts(), "name"),
    ("a blob rule names no repository", f'blob = "{"a" * 40}"', _facts(), None),
]


@pytest.mark.parametrize(
    ("table", "facts", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_rule_names_a_repository_by_id_first_and_dated_name_second(
    table: str, facts: RepositoryFacts, expected: str | None
) -> None:
    rules = parse_rules(f"[[rule]]\n{table}")
    assert rule_matches(rules.rules[0], facts) == expected
    found = list(rules_naming(rules, facts, scopes=("owner", "repository", "path")))
    assert found == ([] if expected is None else [(0, expected)])


def test_the_index_finds_every_rule_that_matches_alone() -> None:
    tables = sorted({table for _, table, _, _ in CASES})
    rules = parse_rules("\n".join(f"[[rule]]\n{table}" for table in tables))
    for _, _, facts, _ in CASES:
        found = [index for index, _ in rules_naming(rules, facts, scopes=("owner", "repository", "path"))]
        assert found == [
            index for index, rule in enumerate(rules.rules) if rule_matches(rule, facts) is not None
        ]
