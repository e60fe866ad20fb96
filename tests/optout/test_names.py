from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout.names import fold_name, owner_of, parse_host, parse_owner, parse_repository


@pytest.mark.parametrize(
    "text",
    [
        "github.com/Acme/Widget",
        "https://github.com/acme/widget",
        "https://github.com/acme/widget.git",
        "http://www.github.com/acme/widget/",
        "git@github.com:acme/widget.git",
        "ssh://git@github.com/acme/widget.git",
        "https://token@github.com/acme/widget",
        "https://github.com/acme/widget?tab=readme#usage",
        "GITHUB.COM/@acme/widget",
        " github.com/ＡＣＭＥ/widget ",
    ],
)
def test_every_spelling_of_a_repository_is_the_same_name(text: str) -> None:
    assert parse_repository(text) == ("github.com", "acme/widget")


@pytest.mark.parametrize(
    "text", ["github.com/Acme", "https://github.com/acme/", "github.com/@acme", "github.com/acme/*"]
)
def test_every_spelling_of_an_owner_is_the_same_name(text: str) -> None:
    assert parse_owner(text) == ("github.com", "acme")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("acme/widget", "has no host"),
        ("widget", "has no host"),
        ("@acme", "has no host"),
        ("github.com", "is not complete"),
        ("github.com/acme", "names an owner"),
        ("github.com/acme/*", "has a wildcard"),
        ("github.com/acme/wid*", "has a wildcard"),
        ("github.com/acme/wid?et", "has a wildcard"),
        ("github.com/[a]cme/widget", "has a wildcard"),
        ("github.com/acme/wid get", "has a wildcard"),
        ("github.com/acme/widget/tree/main", "and no more"),
        ("github.com/acme/..", "is not complete"),
        ("*", "names nobody"),
        ("Everyone", "names nobody"),
        ("", "names nobody"),
    ],
)
def test_a_repository_that_is_no_one_repository_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_repository(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("acme", "has no host"),
        ("github.com/*", "has a wildcard|has no host|is not complete"),
        ("github.com/acme/widget", "names a repository"),
        ("*/*", "."),
        ("everyone", "names nobody"),
        ("^.+$", "has no host"),
        ("github.com/^.+$", "has a wildcard"),
    ],
)
def test_an_owner_that_is_no_one_owner_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_owner(text)


def test_other_hosts_may_have_groups_within_groups() -> None:
    assert parse_repository("gitlab.com/group/sub/project") == ("gitlab.com", "group/sub/project")
    assert parse_owner("gitlab.com/group/sub") == ("gitlab.com", "group/sub")
    assert owner_of("group/sub/project") == "group/sub"


@pytest.mark.parametrize("host", ["github.com", "GitHub.com", "git.example.org:8443", "localhost", "local"])
def test_hosts_are_read(host: str) -> None:
    assert parse_host(host) == host.lower()


@pytest.mark.parametrize("host", ["", "github", ".", "-a.com", "a b.com", "github.com:ssh", "a_b/c.com"])
def test_what_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match="must be a host"):
        parse_host(host)


@given(st.text())
def test_any_text_has_a_normal_form_and_no_error_but_a_value_error(text: str) -> None:
    assert fold_name(text).casefold() == fold_name(text)
    for parse in (parse_owner, parse_repository, parse_host):
        try:
            parse(text)
        except ValueError as error:
            assert "\n" not in str(error)


@given(st.from_regex(r"[a-zA-Z][a-zA-Z0-9-]{0,10}/[a-zA-Z][a-zA-Z0-9_-]{0,10}", fullmatch=True))
def test_case_never_matters(name: str) -> None:
    assert fold_name(name) == fold_name(name.upper()) == fold_name(name.lower())
    assert parse_repository(f"github.com/{name}").path == fold_name(name)
