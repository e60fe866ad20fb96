"""Tests of the vendored data itself: what a new Linguist version must still hold to."""

from __future__ import annotations

import re
from re import _constants as constants  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from stack_pipeline.files.comment_syntax import NESTING, SYNTAX, comment_syntax
from stack_pipeline.files.language import PREFERRED
from stack_pipeline.files.linguist_data import language_index, language_names, linguist_commit, load_table

FLAGS = re.MULTILINE | re.ASCII
LARGEST_BOUND = 400


def heuristic_patterns() -> list[str]:
    found = set()
    for block in load_table("heuristics.json"):
        for _, conditions in block["rules"]:
            for kind, argument in conditions:
                if kind != "vim_filetype":
                    found.update(argument)
    return sorted(found)


def unbounded_repeats(parsed: Any) -> int:
    """Return how many repeats of a parsed pattern have no bound."""
    count = 0
    for operation, argument in parsed:
        if operation in (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT):
            count += (argument[1] > LARGEST_BOUND) + unbounded_repeats(argument[2])
        elif operation is constants.SUBPATTERN:
            count += unbounded_repeats(argument[3])
        elif operation is constants.ATOMIC_GROUP:
            count += unbounded_repeats(argument)
        elif operation is constants.BRANCH:
            count += sum(unbounded_repeats(branch) for branch in argument[1])
    return count


def test_heuristic_patterns_are_bounded_unless_they_start_at_the_first_mark() -> None:
    patterns = heuristic_patterns()
    assert len(patterns) > 300
    for pattern in patterns:
        if unbounded_repeats(parser.parse(pattern, FLAGS)):
            assert r"\A" in pattern or "^(?>" in pattern, pattern


def test_the_check_for_unbounded_repeats_sees_them() -> None:
    for pattern in (r"a*", r"(?:a|b+)c", r"(?>\s+)x", r"a*+", r"(a{2,})?"):
        assert unbounded_repeats(parser.parse(pattern, FLAGS)) == 1, pattern
    assert unbounded_repeats(parser.parse(r"a{0,100}b?", FLAGS)) == 0


def test_every_name_in_the_tables_is_a_language() -> None:
    names = set(language_names())
    index = language_index()
    for block in load_table("heuristics.json"):
        for languages, _ in block["rules"]:
            assert set(languages) <= names
    assert index.popular <= names
    assert set(index.by_alias.values()) == names
    for preferred in PREFERRED.values():
        assert set(preferred) <= names


def test_conditions_are_of_the_kinds_that_are_understood() -> None:
    kinds = {
        kind
        for block in load_table("heuristics.json")
        for _, conditions in block["rules"]
        for kind, _ in conditions
    }
    assert kinds == {"any", "none", "vim_filetype"}


def test_preferences_are_for_extensions_of_those_languages() -> None:
    for extension, preferred in PREFERRED.items():
        assert set(preferred) <= set(language_index().by_extension[extension])


def test_each_comment_syntax_compiles_and_is_for_languages_listed_once() -> None:
    listed = [language for languages in SYNTAX.values() for language in languages.split("|")]
    assert len(listed) == len(set(listed))
    assert set(listed) <= set(language_names())
    for language in listed:
        syntax = comment_syntax(language)
        assert syntax is not None
        groups = set(syntax.token.groupindex)
        assert groups
        assert {g[:2] for g in groups if g.startswith("n")} <= set(NESTING)


def test_the_source_is_named() -> None:
    assert re.fullmatch("[0-9a-f]{40}", linguist_commit())
    assert load_table("languages.json")["source"].startswith("https://")
