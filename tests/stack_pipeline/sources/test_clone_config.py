from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.sources.clone_config import (
    MAX_CONFIG_BYTES,
    object_format_of,
    origin_of,
    read_variables,
    remote_identity,
)

from .made_repository import run_git

IDENTITIES = {
    "https://github.com/redis/redis": ("github.com", "redis/redis"),
    "https://github.com/redis/redis.git": ("github.com", "redis/redis"),
    "https://GitHub.com/Redis/redis.git/": ("github.com", "Redis/redis"),
    "http://user:" + "pass" + "word@github.com:8080/a/b.git": ("github.com", "a/b"),
    "https://x-access-token:" + "s3cret@github.com/a/b": ("github.com", "a/b"),
    "git://github.com/a/b": ("github.com", "a/b"),
    "ssh://git@github.com/a/b.git": ("github.com", "a/b"),
    "ssh://git@ssh.github.com:443/a/b.git": ("github.com", "a/b"),
    "git@github.com:a/b.git": ("github.com", "a/b"),
    "github.com:a/b": ("github.com", "a/b"),
    "git@gitlab.com:group/sub/name.git": ("gitlab.com", "group/sub/name"),
    "https://github.com/a/b/c": None,
    "https://github.com/a": None,
    "https://github.com/": None,
    "https://github.com/a/..": None,
    "https://github.com/a/b%2fc": None,
    "https://github.com/a/b?x=1": None,
    "https://github.com/a b/c": None,
    "https://localhost/a/b": None,
    "https://user@evil.example@github.com/a/b": None,
    "work:a/b.git": None,
    "/srv/git/a/b.git": None,
    "../a/b": None,
    "a/b": None,
    "C:/Users/a/b": None,
    "file:///srv/a/b": None,
    "ext::sh -c touch% /tmp/x github.com:a/b": None,
    "": None,
}


@pytest.mark.parametrize(("url", "identity"), IDENTITIES.items())
def test_a_url_says_host_and_name_and_nothing_else(url: str, identity: tuple[str, str] | None) -> None:
    assert remote_identity(url) == identity


def test_only_the_first_url_of_origin_counts() -> None:
    config = b"""
[remote "upstream"]
	url = https://github.com/other/other
[Remote "origin"] ; comment
	fetch = +refs/heads/*:refs/remotes/origin/*
	URL = "https://github.com/a/\\
b.git"   # comment
	url = https://github.com/c/d
[url "https://github.com/evil/"]
	insteadOf = https://github.com/a/
"""
    assert origin_of(config) == ("github.com", "a/b")
    assert origin_of(b'[remote "Origin"]\n\turl = https://github.com/a/b\n') is None
    assert origin_of(b"") is None


def test_variables_equal_those_that_git_reads(tmp_path: Path) -> None:
    config = b"""[core]
	bare = true ; no
	editor = "vi # \\"x\\"" # comment
[a "sub \\"section\\" \\\\"] key=v
	tabbed = one\\ttwo
[B]Other-Key =   spaces  inside
"""
    (tmp_path / "c").write_bytes(config)
    oracle = [
        line.split("\n", 1)
        for line in run_git(tmp_path, "config", "-z", "-f", "c", "--list").split("\0")
        if line
    ]
    assert [[f"{section}.{name}", value] for section, name, value in read_variables(config)] == oracle


def test_the_object_format_is_found() -> None:
    assert (
        object_format_of(b"[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = SHA256\n")
        == "sha256"
    )
    assert object_format_of(b"[core]\n\tobjectformat = sha256\n") is None


@given(st.one_of(st.binary(max_size=500), st.text(alphabet='[] "\\=#;a.\n\t', max_size=500).map(str.encode)))
def test_any_bytes_are_read_without_an_error(config: bytes) -> None:
    origin_of(config)
    assert all(section == section.strip("\n") for section, _, _ in read_variables(config))


def test_a_config_is_bounded_and_read_in_linear_steps() -> None:
    assert (
        origin_of(b"#" * MAX_CONFIG_BYTES + b'\n[remote "origin"]\n\turl = https://github.com/a/b\n') is None
    )
    for unit in (b'["\\', b"[a ", b"\\\n", b'"', b"= ", b"a\\"):
        list(read_variables(unit * MAX_CONFIG_BYTES))
