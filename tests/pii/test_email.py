"""E-mail addresses: what is one, what is not, and where it begins and ends."""

from __future__ import annotations

import pytest

from pii import find


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find(text, kinds=["EMAIL"])]


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("mail bob@corp.io now", ["bob@corp.io"]),
        ("<bob@corp.io>,<eve@corp.io>", ["bob@corp.io", "eve@corp.io"]),
        ("**bob@site.me**", ["bob@site.me"]),
        ("mailto://bob@corp.io", ["bob@corp.io"]),
        ("href='mailto:bob@corp.io?subject=x'", ["bob@corp.io"]),
        ("emailAddress=bob@corp.io", ["bob@corp.io"]),
        ("https://x.org/?q=1&mail=bob@corp.io&z", ["bob@corp.io"]),
        ("Email：bob@qq.com", ["bob@qq.com"]),
        ("邮箱bob@qq.com", ["bob@qq.com"]),
        (r'"see\nbob@corp.io\n"', ["bob@corp.io"]),
        ("%3Cbob@corp.io%3E", ["bob@corp.io"]),
        ("Write to bob@corp.io.", ["bob@corp.io"]),
        ("bob@corp.io.Then", ["bob@corp.io"]),
        ("bob.smith+tag@mail.corp.co.uk", ["bob.smith+tag@mail.corp.co.uk"]),
        ("jörg@bücher.example", ["jörg@bücher.example"]),
        ("bob@xn--bcher-kva.example", ["bob@xn--bcher-kva.example"]),
        ("bob@host.local", ["bob@host.local"]),
        ("ann@corp.io:secret", ["ann@corp.io"]),
        ("a@b.co@c.org", ["a@b.co@c.org"]),
    ],
)
def test_addresses_are_found_exactly(text: str, addresses: list[str]) -> None:
    assert found(text) == addresses


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "git clone git@github.com:o/r.git",
        "git@heroku.com:radiant-forest-15.git",
        "deploy@host.example.com:path/to/repo",
        "https://name:pass@site.scm.azurewebsites.net",
        "ftp://user@host.org/file",
        "zlib@openssh.com",
        "curve25519-sha256@libssh.org",
        "lodash@4.17.21",
        "proxy-addr@1.2.3",
        "lodash@latest.beta",
        "icon@2x.png",
        "Музыка@Mail.Ru",
        "/list@list.org/msg00971.html",
        "@decorator.attribute",
        "root@localhost",
        "x@.com",
        "x@-a.com",
        f"{'a' * 65}@corp.io",
    ],
)
def test_what_only_looks_like_an_address_is_left(text: str) -> None:
    assert found(text) == []
