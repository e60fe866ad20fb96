from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout.globs import Glob


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        ("README.md", [b"README.md"], [b"readme.md", b"docs/README.md", b"README.md/x", b"README.md2"]),
        ("docs/**", [b"docs/a", b"docs/a/b"], [b"docs", b"docs2/a", b"x/docs/a"]),
        ("docs/", [b"docs/a", b"docs/a/b"], [b"docs"]),
        ("/docs/*", [b"docs/a"], [b"docs/a/b", b"docs"]),
        ("**", [b"a", b"a/b", b"\xff"], [b""]),
        ("**/**", [b"a", b"a/b"], [b""]),
        (
            "**/test.py",
            [b"test.py", b"a/test.py", b"a/b/test.py"],
            [b"mytest.py", b"a/mytest.py", b"test.py/a"],
        ),
        ("src/**/x.c", [b"src/x.c", b"src/a/x.c", b"src/a/b/x.c"], [b"src/ax.c", b"srcx.c", b"a/src/x.c"]),
        ("*.py", [b"a.py", b".py"], [b"a/b.py", b"a.pyc"]),
        ("a*b*c", [b"abc", b"aXbYc", b"abbcc"], [b"ab", b"ac", b"a/b/c"]),
        ("a?c", [b"abc", "aéc".encode(), b"a\xffc"], [b"ac", b"a/c", b"abbc"]),
        ("[slug].tsx", [b"[slug].tsx"], [b"s.tsx"]),
        ("a.b", [b"a.b"], [b"axb"]),
        ("a\\*", [b"a\\x"], [b"a*"]),
    ],
)
def test_globs(pattern: str, inside: list[bytes], outside: list[bytes]) -> None:
    glob = Glob(pattern)
    assert [path for path in inside if not glob.matches(path)] == []
    assert [path for path in outside if glob.matches(path)] == []


@pytest.mark.parametrize("pattern", ["", "/", "a//b", "a**", "**a", "a/**b/c", "//", "x" * 4097])
def test_what_is_no_glob_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"must|\*\*"):
        Glob(pattern)


def test_a_glob_of_many_stars_reads_a_long_path_once() -> None:
    glob = Glob("**/" + "*a" * 1000 + "/**/x")
    assert not glob.matches(b"a/" * 10_000 + b"y")


def _as_regex(pattern: str) -> re.Pattern[str]:
    parts = []
    segments = pattern.split("/")
    for index, segment in enumerate(segments):
        is_last = index == len(segments) - 1
        if segment == "**":
            parts.append(".+" if is_last else "(?:[^/]*/)*")
        else:
            translated = "".join({"*": "[^/]*", "?": "[^/]"}.get(c, re.escape(c)) for c in segment)
            parts.append(translated + ("" if is_last else "/"))
    return re.compile("".join(parts), re.DOTALL)


_SEGMENTS = st.one_of(st.just("**"), st.from_regex(r"(?:[ab?]|\*(?!\*)){1,4}", fullmatch=True))


@given(st.lists(_SEGMENTS, min_size=1, max_size=4), st.from_regex(r"[ab/\n]{0,10}", fullmatch=True))
def test_a_glob_agrees_with_the_regular_expression_of_the_same_meaning(
    segments: list[str], path: str
) -> None:
    pattern = "/".join(segments)
    assert Glob(pattern).matches(path.encode()) is bool(_as_regex(pattern).fullmatch(path))


@given(st.binary())
def test_any_bytes_are_a_path(path: bytes) -> None:
    assert Glob("**").matches(path) is bool(path)
