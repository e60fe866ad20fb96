from __future__ import annotations

from difflib import unified_diff as reference

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.near_dedup.line_diff import matches, unified_diff

TEXTS = st.lists(st.sampled_from("abcdefgh"), max_size=30)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("abcdefghijk", "abcdeXghijk"),
        ("abcdefghijklmnopq", "aXcdefghijklmnYpq"),
        ("", "ab"),
        ("ab", ""),
        ("abc", "xabc"),
        ("abc", "abcx"),
        ("one", "two"),
    ],
)
def test_simple_changes_look_as_the_standard_library_shows_them(left: str, right: str) -> None:
    expected = [line.rstrip("\n") for line in reference(list(left), list(right), "l", "r", lineterm="")]
    assert unified_diff(list(left), list(right), names=("l", "r")) == expected


@given(TEXTS, TEXTS)
def test_matches_are_equal_lines_in_order(left: list[str], right: list[str]) -> None:
    a = c = 0
    for b, d, count in matches(left, right):
        assert b >= a
        assert d >= c
        assert count > 0
        assert left[b : b + count] == right[d : d + count]
        a, c = b + count, d + count


@given(TEXTS, TEXTS, st.integers(0, 4))
def test_a_diff_turns_the_one_text_into_the_other(left: list[str], right: list[str], context: int) -> None:
    made: list[str] = []
    at = 0
    for line in unified_diff(left, right, names=("l", "r"), context=context)[2:]:
        if line.startswith("@@"):
            first, _, count = line.split()[1][1:].partition(",")
            start = int(first) - (0 if count == "0" else 1)
            made += left[at:start]
            at = start
        elif line[0] == "+":
            made.append(line[1:])
        else:
            assert left[at] == line[1:]
            made += [line[1:]] if line[0] == " " else []
            at += 1
    assert [*made, *left[at:]] == right
    assert (unified_diff(left, right, names=("l", "r")) == []) == (left == right)


def test_texts_made_to_be_slow_are_not() -> None:
    left = ["x"] * 100_000 + ["y"] + ["x", "z"] * 50_000
    right = ["z"] * 100_000 + ["y"] + ["z", "x"] * 50_000
    assert unified_diff(left, right, names=("l", "r"))
