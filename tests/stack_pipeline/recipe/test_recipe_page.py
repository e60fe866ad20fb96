"""Printing a recipe: it reads back as itself, and the page has every key."""

from __future__ import annotations

import tomllib
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.recipe import Recipe, parse_recipe, recipe_page, recipe_toml

PAGE = Path(__file__).parents[3] / "docs" / "recipe.md"
SEGMENTS = st.text(st.characters(codec="utf-8", exclude_characters="/*"), min_size=1, max_size=8)


def value_of(key: Any) -> st.SearchStrategy[Any]:
    low, high = key.metadata["low"], key.metadata["high"]
    if key.metadata["choices"]:
        return st.sampled_from(key.metadata["choices"])
    if isinstance(key.default, bool):
        return st.booleans()
    if isinstance(key.default, float):
        return st.floats(low, high)
    if isinstance(key.default, int):
        return st.integers(low, (1 << 63) - 1 if high is None else high)
    if key.metadata["items"] == "language":
        return st.lists(st.sampled_from(["C", "C#", "C++", "F*", "Visual Basic .NET"]), max_size=3).map(tuple)
    if key.metadata["items"] == "glob":
        return st.lists(SEGMENTS, max_size=3).map(tuple)
    return st.text(st.characters(codec="utf-8"), max_size=20)


@st.composite
def recipes(draw: st.DrawFn) -> Recipe:
    recipe = Recipe()
    for section in fields(Recipe):
        values = getattr(recipe, section.name)
        drawn = {key.name: draw(value_of(key)) for key in fields(values)}
        recipe = replace(recipe, **{section.name: replace(values, **drawn)})
    return recipe


@given(recipes())
def test_a_printed_recipe_reads_back_as_itself(recipe: Recipe) -> None:
    assert parse_recipe(recipe_toml(recipe)) == recipe


@pytest.mark.parametrize(
    "text", ["📁/**", "a\x7fb", 'q"uote', "back\\slash", "tab\tnew\nline", "\x00", "é", "a'b"]
)
def test_any_text_can_be_printed(text: str) -> None:
    recipe = Recipe()
    recipe = replace(recipe, select=replace(recipe.select, exclude_paths=(text,)))
    assert parse_recipe(recipe_toml(recipe)) == recipe


def test_the_defaults_print_every_key_with_a_comment_above_it() -> None:
    lines = recipe_toml(Recipe()).splitlines()
    tree = tomllib.loads("\n".join(lines))
    for section in fields(Recipe):
        assert set(tree[section.name]) == {key.name for key in fields(getattr(Recipe(), section.name))}
    for number, line in enumerate(lines):
        if line and not line.startswith("#"):
            assert lines[number - 1].startswith("# "), line


def test_the_page_has_every_key_with_default_range_and_meaning() -> None:
    _, *parts = recipe_page().split("\n## ")
    assert [part.splitlines()[0] for part in parts] == [f"`[{section.name}]`" for section in fields(Recipe)]
    for section, part in zip(fields(Recipe), parts, strict=True):
        for key in fields(getattr(Recipe(), section.name)):
            (row,) = [line for line in part.splitlines() if line.startswith(f"| `{key.name}` |")]
            cells = [cell.strip() for cell in row.replace("\\|", "¦").strip("|").split("|")]
            assert len(cells) == 4
            assert all(cells), row
            assert all(f"`{choice}`" in cells[2] for choice in key.metadata["choices"])


def test_every_default_is_within_its_own_range_and_every_key_is_documented() -> None:
    assert parse_recipe(recipe_toml(Recipe())) == Recipe()
    for section in fields(Recipe):
        assert str(type(getattr(Recipe(), section.name)).__doc__).strip()
        for key in fields(getattr(Recipe(), section.name)):
            doc = key.metadata["doc"]
            assert doc.endswith("."), key.name
            assert "\n" not in doc


def test_the_page_in_the_documentation_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == recipe_page()
