"""Tests of the frozen table of language slugs."""

from __future__ import annotations

import re

import pytest

from stack_pipeline.files import UNKNOWN_SLUG, language_names, language_of_slug, language_slug, language_type
from stack_pipeline.files.linguist_data import load_table

KNOWN = {
    "F*": "f-star",
    "F#": "f-sharp",
    "C#": "c-sharp",
    "Q#": "q-sharp",
    "C++": "c++",
    "C": "c",
    "Objective-C++": "objective-c++",
    "Pro*C": "pro-star-c",
    "Cap'n Proto": "capn-proto",
    "Ren'Py": "renpy",
    "B (Formal Method)": "b-formal-method",
    "Visual Basic .NET": "visual-basic-net",
    "Visual Basic 6.0": "visual-basic-6.0",
    "ASP.NET": "asp.net",
    "HTML+ERB": "html+erb",
    "Python": "python",
    "Jupyter Notebook": "jupyter-notebook",
    "reStructuredText": "restructuredtext",
    "1C Enterprise": "1c-enterprise",
}


@pytest.mark.parametrize(("language", "slug"), KNOWN.items())
def test_slugs_that_were_published_stay(language: str, slug: str) -> None:
    assert language_slug(language) == slug
    assert language_of_slug(slug) == language


def test_every_language_has_a_slug_of_its_own_in_the_safe_alphabet() -> None:
    names = language_names()
    slugs = [language_slug(name) for name in names]
    assert len(names) > 800
    assert len(set(slugs)) == len(slugs)
    assert [language_of_slug(slug) for slug in slugs] == names
    for slug in slugs:
        assert re.fullmatch(r"[a-z0-9]([a-z0-9.+-]*[a-z0-9+])?", slug), slug
        assert ".." not in slug
        assert slug != UNKNOWN_SLUG


def test_the_table_holds_no_slug_twice_even_for_languages_that_are_gone() -> None:
    table = load_table("language_slugs.json")
    assert len(set(table.values())) == len(table)
    assert set(language_names()) <= set(table)


def test_no_language_is_unknown() -> None:
    assert language_slug(None) == "unknown"
    assert language_of_slug("unknown") is None


@pytest.mark.parametrize("name", ["", "c", "python", "No Such Language", "../x"])
def test_a_name_that_is_not_linguists_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="language must be"):
        language_slug(name)
    with pytest.raises(ValueError, match="language must be"):
        language_type(name)


@pytest.mark.parametrize("slug", ["", "C", "c#", "no-such", "Unknown"])
def test_a_slug_that_is_not_in_the_table_is_refused(slug: str) -> None:
    with pytest.raises(ValueError, match="slug must be"):
        language_of_slug(slug)


def test_types_are_linguists() -> None:
    assert {language_type(name) for name in language_names()} == {"programming", "markup", "data", "prose"}
