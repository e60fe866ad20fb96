from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout import Decision, RepositoryFacts, blob_hash, decide, parse_rules

NEVER_PUSHED = {"created_at": "2021-05-01T10:00:00Z", "pushed_at": "2021-04-01T10:00:00Z"}
PUSHED = {"created_at": "2021-05-01T10:00:00Z", "pushed_at": "2021-05-01T10:00:01Z"}
ACME_WIDGET = '[[rule]]\nrepository = "github.com/acme/widget"\n'
ACME = '[[rule]]\nowner = "github.com/acme"\n'


def _repository(key: str, full_name: str, **known: Any) -> RepositoryFacts:
    return RepositoryFacts(key=key, host="github.com", full_name=full_name, **known)


def _fork(key: str, full_name: str, of: str, **known: Any) -> RepositoryFacts:
    return _repository(key, full_name, **{"fork": True, "parent_full_name": of, **known})


ROOT = _repository("root", "acme/widget", id=1)
FORK = _fork(
    "fork", "bob/widget", "acme/widget", id=2, parent_id=1, source_id=1, source_full_name="acme/widget"
)
GRANDCHILD = _fork("grandchild", "eve/widget", "bob/widget", id=3, parent_id=2, source_id=1)


def _decide(
    repositories: list[RepositoryFacts], rules: str, blobs: Mapping[str, str] | None = None
) -> dict[str, Decision]:
    """Decide with blobs given as one letter each; a repository that is not listed has unknown blobs."""
    hashes = {
        key: frozenset(blob_hash(b"k", f"{ord(letter):040x}") for letter in letters)
        for key, letters in (blobs or {}).items()
    }
    return decide(repositories, parse_rules(rules), blob_hashes=hashes.get)


def _outcomes(decisions: Mapping[str, Decision]) -> dict[str, str]:
    """Say each decision in one word."""
    return {
        key: decision.reason
        or ("unchecked" if decision.unchecked else "divergent" if decision.divergent else "stays")
        for key, decision in decisions.items()
    }


FAMILY = [ROOT, FORK, GRANDCHILD, _repository("other", "bob/other", id=9)]

CASES: list[tuple[str, str, dict[str, str], dict[str, str]]] = [
    ("no rules", "", {}, {"root": "stays", "fork": "stays", "grandchild": "stays"}),
    (
        "a rule about nobody here",
        '[[rule]]\nowner = "github.com/zoe"',
        {},
        {"root": "stays", "fork": "stays", "grandchild": "stays"},
    ),
    (
        "identical forks go",
        ACME_WIDGET,
        {"root": "abc", "fork": "abc", "grandchild": "ab"},
        {"root": "repository", "fork": "identical_fork", "grandchild": "identical_fork"},
    ),
    (
        "a divergent fork stays whole",
        ACME_WIDGET,
        {"root": "abc", "fork": "abd", "grandchild": "ab"},
        {"root": "repository", "fork": "divergent", "grandchild": "identical_fork"},
    ),
    (
        "an empty fork has nothing of its own",
        ACME_WIDGET,
        {"root": "abc", "fork": "", "grandchild": "d"},
        {"root": "repository", "fork": "identical_fork", "grandchild": "divergent"},
    ),
    (
        "unknown blobs of the fork",
        ACME_WIDGET,
        {"root": "abc"},
        {"root": "repository", "fork": "unchecked", "grandchild": "unchecked"},
    ),
    (
        "unknown blobs of the opted-out repository",
        ACME_WIDGET,
        {"fork": "a", "grandchild": "a"},
        {"root": "repository", "fork": "unchecked", "grandchild": "unchecked"},
    ),
    (
        "every fork goes if asked",
        ACME_WIDGET + 'forks = "all"',
        {"root": "abc", "fork": "abd"},
        {"root": "repository", "fork": "all_forks", "grandchild": "all_forks"},
    ),
    (
        "no fork goes if asked",
        ACME_WIDGET + 'forks = "none"',
        {"root": "abc", "fork": "abc", "grandchild": "abc"},
        {"root": "repository", "fork": "stays", "grandchild": "stays"},
    ),
    (
        "an owner's rule reaches forks of the owner's repositories",
        ACME,
        {"root": "abc", "fork": "abc", "grandchild": "abcd"},
        {"root": "owner", "fork": "identical_fork", "grandchild": "divergent"},
    ),
    (
        "never up: the parent of an opted-out fork stays",
        '[[rule]]\nowner = "github.com/bob"\nforks = "all"',
        {},
        {"root": "stays", "fork": "owner", "grandchild": "all_forks", "other": "owner"},
    ),
    (
        "never up nor sideways from a leaf",
        '[[rule]]\nrepository = "github.com/eve/widget"\nforks = "all"',
        {"root": "a", "fork": "a", "grandchild": "a"},
        {"root": "stays", "fork": "stays", "grandchild": "repository"},
    ),
    (
        "the stronger of two rules counts",
        ACME_WIDGET + ACME + 'forks = "all"',
        {"root": "a", "fork": "b"},
        {"root": "owner", "fork": "all_forks", "grandchild": "all_forks"},
    ),
    (
        "one rule covers no second repository",
        '[[rule]]\nrepository = "github.com/bob/other"',
        {},
        {"root": "stays", "fork": "stays", "grandchild": "stays", "other": "repository"},
    ),
    (
        "path and blob rules take no repository",
        ACME_WIDGET + f'path = "**"\n[[rule]]\nblob = "{"a" * 40}"',
        {"root": "a", "fork": "a", "grandchild": "a"},
        {"root": "stays", "fork": "stays", "grandchild": "stays"},
    ),
]


@pytest.mark.parametrize(
    ("rules", "blobs", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_family_of_forks(rules: str, blobs: dict[str, str], expected: dict[str, str]) -> None:
    assert _outcomes(_decide(FAMILY, rules, blobs)) == {"other": "stays", **expected}


def test_a_sibling_of_an_opted_out_fork_stays() -> None:
    sibling = _fork("sibling", "ann/widget", "acme/widget", id=5, parent_id=1, source_id=1)
    decisions = _decide([*FAMILY, sibling], '[[rule]]\nowner = "github.com/bob"\nforks = "all"')
    assert _outcomes(decisions)["sibling"] == "stays"


@pytest.mark.parametrize(
    ("dates", "outcome"),
    [
        (NEVER_PUSHED, "identical_fork"),
        ({"created_at": "2021-05-01T10:00:00Z", "pushed_at": "2021-05-01T10:00:00Z"}, "identical_fork"),
        ({"created_at": "2021-05-01T10:00:00Z", "pushed_at": "2021-05-01T12:00:00+02:00"}, "identical_fork"),
        (PUSHED, "unchecked"),
        ({"created_at": "2021-05-01"}, "unchecked"),
        ({"pushed_at": "2021-05-01"}, "unchecked"),
        ({"created_at": "2021-05-01", "pushed_at": "never"}, "unchecked"),
        ({}, "unchecked"),
    ],
)
def test_where_blobs_are_unknown_only_a_fork_that_was_never_pushed_to_goes(
    dates: dict[str, str], outcome: str
) -> None:
    fork = _fork("fork", "bob/widget", "acme/widget", **dates)
    assert _outcomes(_decide([fork], ACME_WIDGET)) == {"fork": outcome}


def test_known_blobs_decide_before_dates() -> None:
    fork = _fork("fork", "bob/widget", "acme/widget", **NEVER_PUSHED)
    decisions = _decide([ROOT, fork], ACME_WIDGET, {"root": "a", "fork": "ab"})
    assert _outcomes(decisions)["fork"] == "divergent"


@pytest.mark.parametrize(
    ("rule", "fork", "outcome"),
    [
        (ACME_WIDGET, {"parent_full_name": "Acme/Widget"}, "identical_fork"),
        (ACME, {"parent_full_name": "acme/widget"}, "identical_fork"),
        (ACME_WIDGET, {"parent_full_name": "x/y", "source_full_name": "acme/widget"}, "identical_fork"),
        ('[[rule]]\nrepository_id = 1\nhost = "github.com"', {"parent_id": 1}, "identical_fork"),
        (
            '[[rule]]\nrepository_id = 1\nhost = "github.com"',
            {"parent_id": 5, "source_id": 1},
            "identical_fork",
        ),
        ('[[rule]]\nrepository_id = 1\nhost = "gitlab.com"', {"parent_id": 1}, "stays"),
        (ACME_WIDGET + "repository_id = 1", {"parent_id": 2, "parent_full_name": "acme/widget"}, "stays"),
        (ACME_WIDGET, {"parent_full_name": "acme/gadget"}, "stays"),
        (ACME_WIDGET, {"fork": False, "parent_full_name": "acme/widget"}, "stays"),
        (ACME_WIDGET, {"fork": None, "parent_full_name": "acme/widget"}, "identical_fork"),
        (ACME_WIDGET, {}, "stays"),
    ],
)
def test_an_opted_out_repository_that_was_never_read_is_known_by_what_forks_say(
    rule: str, fork: dict[str, Any], outcome: str
) -> None:
    facts = _repository("fork", "bob/widget", **{"fork": True, **NEVER_PUSHED, **fork})
    assert _outcomes(_decide([facts], rule)) == {"fork": outcome}


def test_a_fork_of_a_fork_is_reached_through_a_parent_that_was_read() -> None:
    middle = _fork("middle", "bob/widget", "acme/widget", id=2)
    leaf = _fork("leaf", "eve/widget", "bob/widget", parent_id=2, **NEVER_PUSHED)
    assert _outcomes(_decide([middle, leaf], ACME_WIDGET)) == {
        "middle": "unchecked",
        "leaf": "identical_fork",
    }
    assert _outcomes(_decide([leaf], ACME_WIDGET)) == {"leaf": "stays"}


def test_a_parent_is_found_under_its_former_name() -> None:
    renamed = _repository("root", "acme/new", previous_names=(("acme/widget", None, None),))
    fork = _fork("fork", "bob/widget", "acme/widget")
    rules = '[[rule]]\nrepository = "github.com/acme/new"'
    decisions = _decide([renamed, fork], rules, {"root": "a", "fork": "a"})
    assert _outcomes(decisions) == {"root": "repository", "fork": "identical_fork"}


def test_a_parent_id_is_never_overruled_by_a_name() -> None:
    squatter = _repository("root", "acme/widget", id=8)
    fork = _fork("fork", "bob/widget", "acme/widget", parent_id=1, **NEVER_PUSHED)
    rules = '[[rule]]\nrepository_id = 8\nhost = "github.com"'
    assert _outcomes(_decide([squatter, fork], rules)) == {"root": "repository", "fork": "stays"}


def test_links_that_run_in_a_circle_end() -> None:
    one = _fork("one", "a/x", "b/x", source_full_name="a/x")
    other = _fork("other", "b/x", "a/x", source_full_name="b/x")
    decisions = _decide([one, other], '[[rule]]\nowner = "github.com/zoe"')
    assert _outcomes(decisions) == {"one": "stays", "other": "stays"}


def test_two_repositories_with_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="same key"):
        _decide([ROOT, ROOT], ACME)


def test_an_opted_out_repository_that_was_never_read_is_not_asked_for_its_blobs() -> None:
    asked: list[str] = []

    def blob_hashes(key: str) -> None:
        asked.append(key)

    fork = _fork("fork", "bob/widget", "acme/widget")
    decide([fork], parse_rules(ACME), blob_hashes=blob_hashes)
    assert asked == ["fork"]


def test_a_decision_names_no_one() -> None:
    decisions = _decide(FAMILY, ACME, {"root": "a", "fork": "a", "grandchild": "b"})
    assert not [
        d.note for d in decisions.values() for name in ("acme", "bob", "eve", "widget") if name in d.note
    ]
    assert all(d.note for d in decisions.values() if d.rule is not None)


_NAMES = st.sampled_from(["acme/x", "bob/x", "eve/x", "acme/y", "bob/y"])
_RULES = st.lists(
    st.tuples(
        st.sampled_from(
            ["owner = 'github.com/acme'", "owner = 'github.com/bob'", "repository = 'github.com/acme/x'"]
        ),
        st.sampled_from(["identical", "all", "none"]),
    ),
    max_size=4,
)


@st.composite
def _worlds(draw: st.DrawFn) -> tuple[list[RepositoryFacts], dict[str, str]]:
    facts = [
        _repository(
            f"r{number}",
            draw(_NAMES),
            id=draw(st.none() | st.integers(1, 4)),
            fork=draw(st.sampled_from([None, True, False])),
            parent_id=draw(st.none() | st.integers(1, 4)),
            parent_full_name=draw(st.none() | _NAMES),
            source_full_name=draw(st.none() | _NAMES),
            **draw(st.sampled_from([{}, PUSHED, NEVER_PUSHED])),
        )
        for number in range(draw(st.integers(1, 5)))
    ]
    blobs = {one.key: draw(st.sampled_from(["a", "ab", "c"])) for one in facts if draw(st.booleans())}
    return facts, blobs


@given(_worlds(), _RULES, st.integers(0, 2**32))
def test_no_order_changes_a_decision(
    world: tuple[list[RepositoryFacts], dict[str, str]], tables: list[tuple[str, str]], seed: int
) -> None:
    facts, blobs = world
    texts = [f"[[rule]]\n{subject}\nforks = '{mode}'\n" for subject, mode in tables]
    expected = _decide(facts, "".join(texts), blobs)
    shuffler = random.Random(seed)
    shuffler.shuffle(facts)
    shuffler.shuffle(texts)
    assert _decide(facts, "".join(texts), blobs) == expected
    assert list(expected) == sorted(expected)


@given(_worlds(), _RULES)
def test_more_rules_never_bring_a_repository_back(
    world: tuple[list[RepositoryFacts], dict[str, str]], tables: list[tuple[str, str]]
) -> None:
    facts, blobs = world
    gone: set[str] = set()
    for count in range(len(tables) + 1):
        text = "".join(f"[[rule]]\n{subject}\nforks = '{mode}'\n" for subject, mode in tables[:count])
        now = {key for key, decision in _decide(facts, text, blobs).items() if decision.opted_out}
        assert gone <= now
        gone = now
