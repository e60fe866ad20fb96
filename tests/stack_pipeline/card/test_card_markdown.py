"""Tests that no value turns into markup: a Markdown parser reads back what was written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from stack_pipeline.card.markdown import code, plain, table

VALUES = st.text(alphabet=st.sampled_from("ab`|\\*_<>[]{}~# \t\n&!\u00e9"), max_size=20)


def one_line(text: str) -> str:
    return " ".join(text.split())


def cells(markdown: str) -> list[str]:
    """Return the text of the cells of the first row below the header."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(markdown)
    inline = [token for token in tokens if token.type == "inline"]
    return ["".join(child.content for child in token.children or ()) for token in inline]


@given(VALUES, VALUES)
def test_a_cell_shows_the_value_that_was_put_in(left: str, right: str) -> None:
    shown = cells(table(("a", "b"), [(plain(left), "x" + code(right))]))
    assert shown[:2] == ["a", "b"]
    assert [one_line(cell) for cell in shown[2:]] == [one_line(left), one_line("x" + one_line(right))]


def test_numbers_stand_at_the_right_and_words_at_the_left() -> None:
    assert table(("word", "number"), [("a", 1), ("b", 12345)]).split("\n") == [
        "| word | number |",
        "| --- | ---: |",
        "| a | 1 |",
        "| b | 12,345 |",
    ]


def test_a_table_without_rows_is_still_a_table() -> None:
    assert table(("a",), []) == "| a |\n| --- |"
