from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout import Rules, parse_rules

BLOB = "3b18e512dba79e4c8300dd08aeb37f8e728b8dad"
RULES = (
    'owner = "github.com/acme"',
    'owner_id = 7\nhost = "github.com"\nforks = "all"',
    'repository = "github.com/bob/tool"\nuntil = 2019-01-01',
    'repository = "github.com/bob/tool"\npath = "docs/**"',
    f'blob = "{BLOB}"',
)


def _document(*tables: str) -> str:
    return "\n".join(f"[[rule]]\n{table}" for table in tables)


def test_an_empty_file_has_no_rules_and_a_digest() -> None:
    assert parse_rules("") == parse_rules("# nothing\nrule = []\n") == Rules()
    assert len(parse_rules("").digest(b"k")) == 64


def test_every_scope_is_read() -> None:
    rules = parse_rules(_document(*RULES))
    assert rules.counts() == {"owner": 2, "repository": 1, "path": 1, "blob": 1}
    by_id = next(rule for rule in rules.rules if rule.numeric_id == 7)
    assert (by_id.host, by_id.name, by_id.forks) == ("github.com", None, "all")
    dated = next(rule for rule in rules.rules if rule.scope == "repository")
    assert (dated.name, dated.owned, dated.forks) == ("bob/tool", (None, "2019-01-01"), "identical")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('ownr = "github.com/acme"', "rule 1: unknown key 'ownr'; did you mean 'owner'"),
        ('colour = "red"', "rule 1: unknown key 'colour'; known are"),
        ("", "rule 1: names nothing"),
        ('reason = "please"', "rule 1: names nothing"),
        ('owner = "acme"', "rule 1: owner has no host; write 'github.com/<owner>'"),
        ('repository = "acme/widget"', "rule 1: repository has no host; write 'github.com/<owner>/<name>'"),
        ('owner = "*"', "rule 1: owner names nobody"),
        ('owner = "github.com/everyone"', "rule 1: owner reads as everyone"),
        ('owner = "github.com/a*"', "rule 1: owner has a wildcard"),
        ("owner = 5", "rule 1: owner must be text"),
        ("owner_id = 5", "rule 1: host is missing"),
        ('owner_id = 0\nhost = "github.com"', "rule 1: owner_id must be a positive whole number"),
        ('owner_id = true\nhost = "github.com"', "rule 1: owner_id must be a positive whole number"),
        ('owner_id = "5"\nhost = "github.com"', "rule 1: owner_id must be a positive whole number"),
        ('owner_id = 5\nhost = "hub"', "rule 1: host must be a host"),
        ('owner = "github.com/acme"\nhost = "gitlab.com"', "rule 1: host differs"),
        ('owner = "github.com/acme"\nrepository = "github.com/acme/x"', "rule 1: has both"),
        ('owner = "github.com/acme"\npath = "docs/**"', "rule 1: 'path' means nothing beside 'owner'"),
        (
            'repository = "github.com/a/b"\npath = "x"\nforks = "all"',
            "rule 1: 'forks' means nothing beside 'path'",
        ),
        ('repository = "github.com/a/b"\npath = "a**"', r"rule 1: path has '\*\*'"),
        ('repository = "github.com/a/b"\npath = ""', "rule 1: path must be"),
        ('path = "docs/**"', "rule 1: names nothing"),
        (f'blob = "{BLOB}"\nforks = "all"', "rule 1: 'forks' means nothing beside 'blob'"),
        ('blob = "abc"', "rule 1: blob must be a git blob id"),
        (f'blob = "{"g" * 40}"', "rule 1: blob must be a git blob id"),
        ('owner = "github.com/a"\nforks = "some"', "rule 1: forks must be one of"),
        ('owner = "github.com/a"\nforks = ["all"]', "rule 1: forks must be one of"),
        ('owner = "github.com/a"\nsince = "soon"', "rule 1: since must be a date"),
        ('owner = "github.com/a"\nsince = 2020', "rule 1: since must be a date"),
        ('owner = "github.com/a"\nuntil = 10:00:00', "rule 1: until must be a date"),
        ('owner = "github.com/a"\nsince = 2020-01-02\nuntil = 2020-01-01', "rule 1: until is before since"),
        ('owner_id = 5\nhost = "github.com"\nsince = 2020-01-02', "rule 1: since dates a name"),
        ('owner = "github.com/a"\nid = 3', "rule 1: id must be text"),
    ],
)
def test_a_wrong_rule_is_refused_in_one_line_with_its_number_and_key(table: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        parse_rules(_document(table))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[rule]\n", "not valid TOML"),
        ("[rule]\nowner = 'github.com/a'", "array of tables"),
        ("rule = [1]", "array of tables"),
        ("[[rules]]\nowner = 'github.com/a'", "unknown key 'rules'; did you mean 'rule'"),
        ("x = " + "[" * 100_000, "not valid TOML"),
        ("x = " + "9" * 10_000, "not valid TOML"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        parse_rules(text)
    assert "\n" not in str(caught.value)


def test_the_second_of_two_rules_is_named_by_its_number() -> None:
    with pytest.raises(ValueError, match="rule 2: owner has no host"):
        parse_rules(_document('owner = "github.com/acme"', 'owner = "acme"'))


def test_an_error_repeats_no_name() -> None:
    with pytest.raises(ValueError, match="rule 1") as caught:
        parse_rules(_document('owner = "janedoe"'))
    assert "janedoe" not in str(caught.value)


def test_an_account_called_everyone_needs_its_id() -> None:
    rules = parse_rules(_document('owner = "github.com/everyone"\nowner_id = 5'))
    assert rules.rules[0].numeric_id == 5


@pytest.mark.parametrize("spelling", [f"swh:1:cnt:{BLOB}", BLOB.upper(), f" {BLOB} "])
def test_a_blob_is_read_in_every_spelling(spelling: str) -> None:
    rules = parse_rules(_document(f'blob = "{spelling}"'))
    assert rules.blob_rule(BLOB) == rules.blob_rule(BLOB.upper()) == 0
    assert rules.blob_rule("0" * 40) is None


def test_the_order_of_rules_changes_neither_the_rules_nor_the_digest() -> None:
    expected = parse_rules(_document(*RULES))
    for order in itertools.permutations(RULES):
        rules = parse_rules(_document(*order))
        assert rules == expected
        assert rules.digest(b"k") == expected.digest(b"k")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('owner = "github.com/acme"', 'owner = "https://GitHub.com/Acme/"'),
        ('owner = "github.com/acme"', 'owner = "github.com/acme"\nforks = "identical"'),
        ('owner = "github.com/acme"', 'owner = "github.com/acme"\nid = "7"\nreason = "asked"'),
        ('owner = "github.com/acme"\nsince = 2020-01-01', 'owner = "github.com/acme"\nsince = "2020-01-01"'),
    ],
)
def test_rules_that_mean_the_same_have_one_digest(one: str, other: str) -> None:
    assert parse_rules(_document(one)).digest(b"k") == parse_rules(_document(other)).digest(b"k")
    assert parse_rules(_document(one, other)).digest(b"k") == parse_rules(_document(one)).digest(b"k")


def test_rules_that_differ_have_different_digests_and_each_key_its_own() -> None:
    documents = [_document(*RULES[:count]) for count in range(len(RULES) + 1)]
    documents.append(_document('owner = "github.com/acme"\nforks = "none"'))
    digests = {parse_rules(document).digest(key) for document in documents for key in (b"k", b"l")}
    assert len(digests) == 2 * len(documents)


def test_a_digest_needs_a_key() -> None:
    with pytest.raises(ValueError, match="key"):
        Rules().digest(b"")


@given(st.text(max_size=200))
def test_any_text_is_rules_or_a_one_line_error(text: str) -> None:
    try:
        parse_rules(text)
    except ValueError as error:
        assert "\n" not in str(error)
