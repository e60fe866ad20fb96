from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.sources.paths import MAX_PATH_BYTES, bounded_path, display_path, path_problem

BAD = [
    b"",
    b"/",
    b"/etc/passwd",
    b"a//b",
    b"a/",
    b".",
    b"..",
    b"a/./b",
    b"a/../b",
    b"../a",
    b".git",
    b".git/config",
    b"a/.GiT/hooks",
    b"nul\0",
    b"x" * (MAX_PATH_BYTES + 1),
]
GOOD = [
    b"a",
    b"a/b.py",
    b"...",
    b"..a",
    b"a..",
    b".gitignore",
    b".github/x",
    b"a.git/b",
    b"new\nline",
    b"\xff\xfe",
    b"a\\..\\b",
    b" ",
    b"x" * MAX_PATH_BYTES,
    "ü/日本".encode(),
]


@pytest.mark.parametrize("path", BAD)
def test_paths_that_no_honest_tree_holds_are_bad(path: bytes) -> None:
    assert path_problem(path) == "bad_path"


@pytest.mark.parametrize("path", GOOD)
def test_odd_names_are_data(path: bytes) -> None:
    assert path_problem(path) is None


@given(st.binary(max_size=60))
def test_a_path_is_lossy_exactly_when_its_text_does_not_give_it_back(path: bytes) -> None:
    text, is_lossy = display_path(path)
    assert (text.encode() != path) == is_lossy


@given(st.integers(0, 3 * MAX_PATH_BYTES))
def test_a_bounded_path_is_itself_or_bad(length: int) -> None:
    path = b"x" * length
    bounded = bounded_path(path)
    assert len(bounded) <= MAX_PATH_BYTES
    assert bounded == path or path_problem(bounded) == "bad_path"
