"""Reading a recipe: what is wrong is said in one line, with what to do about it."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.canonical import canonical_json
from stack_pipeline.errors import UsageError
from stack_pipeline.recipe import Recipe, canonical_recipe, parse_recipe, read_recipe, recipe_toml

DOC = {
    key.name: key.metadata["doc"]
    for section in fields(Recipe)
    for key in fields(getattr(Recipe(), section.name))
}

ERRORS: list[tuple[str, str, str | None]] = [
    (
        "[near_dedup]\ntreshold = 1",
        "unknown key 'near_dedup.treshold'",
        "did you mean 'near_dedup.threshold'?",
    ),
    ("[near_dup]\nthreshold = 1", "unknown key 'near_dup'", "did you mean 'near_dedup'?"),
    ("threshold = 0.7", "unknown key 'threshold'", "did you mean 'near_dedup.threshold'?"),
    ("[select]\nthreshold = 0.7", "unknown key 'select.threshold'", "did you mean 'near_dedup.threshold'?"),
    ("[zzz]", "unknown key 'zzz'", "see: stack-pipeline recipe show"),
    (
        "[select]\nqqqqqqqqqqqqqq = 1",
        "unknown key 'select.qqqqqqqqqqqqqq'",
        "see: stack-pipeline recipe show",
    ),
    ("select = 1", "'select' is a section", "write it as [select]"),
    ("[[select]]\nmin_stars = 1", "'select' is a section", "write it as [select]"),
    ("[select]\nmin_stars = '5'", "'select.min_stars' is a whole number, not '5'", DOC["min_stars"]),
    ("[select]\nmin_stars = 5.0", "'select.min_stars' is a whole number, not 5.0", DOC["min_stars"]),
    ("[select]\nmin_stars = true", "'select.min_stars' is a whole number, not True", DOC["min_stars"]),
    ("[select]\nbasic_filter = 1", "'select.basic_filter' is true or false, not 1", DOC["basic_filter"]),
    ("[near_dedup]\nthreshold = '0.7'", "'near_dedup.threshold' is a number, not '0.7'", DOC["threshold"]),
    ("[near_dedup]\nthreshold = true", "'near_dedup.threshold' is a number, not True", DOC["threshold"]),
    ("[optout]\nrules = 1", "'optout.rules' is a string, not 1", DOC["rules"]),
    ("[optout]\nrules = {}", "'optout.rules' is a string, not {}", DOC["rules"]),
    ("[select]\nlanguages = 'C'", "'select.languages' is a list of strings", DOC["languages"]),
    ("[select]\nlanguages = ['C', 1]", "'select.languages' is a list of strings", DOC["languages"]),
    (
        "[select]\nlanguages = ['Pyton']",
        "'select.languages' has an unknown language 'Pyton'",
        "did you mean 'Python'?",
    ),
    ("[select]\nlanguages = ['c']", "'select.languages' has an unknown language 'c'", DOC["languages"]),
    ("[near_dedup]\nthreshold = 0.29", "'near_dedup.threshold' must be between 0.3 and 1, not 0.29", None),
    ("[near_dedup]\nthreshold = 1.01", "'near_dedup.threshold' must be between 0.3 and 1, not 1.01", None),
    ("[near_dedup]\nthreshold = nan", "'near_dedup.threshold' must be between 0.3 and 1, not nan", None),
    ("[near_dedup]\nthreshold = -inf", "'near_dedup.threshold' must be between 0.3 and 1, not -inf", None),
    ("[select]\nmin_stars = -1", "'select.min_stars' must be at least 0, not -1", None),
    ("[engine]\nthreads = 0", "'engine.threads' must be between 1 and 256, not 0", None),
    ("[redact]\nstyle = 'synthetik'", "'redact.style' cannot be 'synthetik'", "did you mean 'synthetic'?"),
    ("[redact]\nstyle = ''", "'redact.style' cannot be ''", "one of: synthetic, placeholder"),
    ("[licenses]\nprofile = 'all'", "'licenses.profile' cannot be 'all'", None),
]


@pytest.mark.parametrize(("text", "message", "hint"), ERRORS)
def test_what_is_wrong_is_named_with_a_hint(text: str, message: str, hint: str | None) -> None:
    with pytest.raises(UsageError) as caught:
        parse_recipe(text, name="r.toml")
    assert caught.value.message == f"r.toml: {message}"
    assert hint is None or caught.value.hint == hint


@pytest.mark.parametrize("key", ["include_paths", "exclude_paths"])
@pytest.mark.parametrize("glob", ["", "a//b", "a**/b", "x" * 5000])
def test_a_path_that_is_no_glob_is_refused_before_anything_runs(key: str, glob: str) -> None:
    with pytest.raises(UsageError, match=f"'select.{key}' (must|has)"):
        parse_recipe(f"[select]\n{key} = ['ok/**', '{glob}']")


@pytest.mark.parametrize(
    "text",
    [
        "[near_dedup",
        "a = ",
        "[select]\n[select]\n",
        "a = 1\na = 2",
        "\x00",
        "\ufeff[select]",
        "[select]\nmin_stars = " + "9" * 5000,
        "x = 2024-13-45",
        "x = '" + "a" * 100_000,
        ".".join(["'" + "k" * 50 + "'"] * 50) + " = 1\n" + ".".join(["'" + "k" * 50 + "'"] * 50) + " = 2",
    ],
)
def test_what_is_no_toml_is_one_line(text: str) -> None:
    with pytest.raises(UsageError, match=r"r\.toml: not TOML") as caught:
        parse_recipe(text, name="r.toml")
    assert len(caught.value.message) <= 200


@pytest.mark.parametrize("text", ["x = " + "[" * 100_000, "x = " + "{a=" * 20_000, "x = " + "[{a=" * 20_000])
def test_deep_nesting_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="nested too deeply"):
        parse_recipe(text)


@pytest.mark.parametrize(
    "line",
    [
        "[near_dedup]\nthreshold = 1" + "0" * 400,
        "[engine]\nthreads = 0x" + "f" * 5000,
        "[release]\nshard_bytes = 9223372036854775808",
        "[select]\nmin_stars = -9223372036854775809",
        "[redact]\nstyle = 99999999999999999999",
    ],
)
def test_a_number_beyond_64_bits_is_refused(line: str) -> None:
    with pytest.raises(UsageError, match="is a number beyond 64 bits"):
        parse_recipe(line)


@given(st.text())
def test_no_text_makes_it_fail_otherwise(text: str) -> None:
    try:
        assert isinstance(parse_recipe(text), Recipe)
    except UsageError as error:
        assert len(error.message) <= 200


SECTIONS = [
    (section.name, key) for section in fields(Recipe) for key in fields(getattr(Recipe(), section.name))
]
SCALARS = st.one_of(
    st.integers(-(1 << 70), 1 << 70),
    st.floats(),
    st.booleans(),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=300),
)


@given(st.sampled_from(SECTIONS), SCALARS | st.lists(SCALARS, max_size=3))
def test_any_value_for_any_key_is_taken_or_refused_in_one_line(place: tuple[str, Any], value: Any) -> None:
    section, key = place
    number = json.dumps(value, ensure_ascii=False).replace("NaN", "nan").replace("Infinity", "inf")
    try:
        parse_recipe(f"[{section}]\n{key.name} = {number}")
    except UsageError as error:
        assert len(error.message) <= 200


def test_nothing_gives_the_defaults() -> None:
    assert parse_recipe("") == parse_recipe("[select]\n[engine]\n") == read_recipe(None) == Recipe()


def test_a_whole_number_is_a_number_and_other_keys_keep_their_defaults() -> None:
    recipe = parse_recipe("[near_dedup]\nthreshold = 1\n[select]\nlanguages = ['C++', 'F*']\n")
    assert recipe.near_dedup.threshold == 1.0
    assert type(recipe.near_dedup.threshold) is float
    assert recipe.select.languages == ("C++", "F*")
    assert recipe.redact == Recipe().redact


def test_the_ends_of_a_range_belong_to_it() -> None:
    for section, key in SECTIONS:
        for end in (key.metadata["low"], key.metadata["high"]):
            if end is not None:
                parse_recipe(f"[{section}]\n{key.name} = {end}")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.toml: cannot read the recipe: No such file"):
        read_recipe(tmp_path / "none.toml")
    with pytest.raises(UsageError, match="cannot read the recipe: Is a directory"):
        read_recipe(tmp_path)
    (tmp_path / "latin.toml").write_bytes(b"# \xe9\n")
    with pytest.raises(UsageError, match="cannot read the recipe: it is not UTF-8"):
        read_recipe(tmp_path / "latin.toml")


def test_errors_of_a_file_name_it(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text("[select]\nstars = 1\n")
    with pytest.raises(UsageError, match=r"^r\.toml: unknown key 'select\.stars'"):
        read_recipe(tmp_path / "r.toml")


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("rules.toml", "{folder}/rules.toml"),
        ("../o/rules.toml", "{folder}/../o/rules.toml"),
        ("/etc/rules", "/etc/rules"),
    ],
)
def test_the_rules_file_lies_relative_to_the_recipe(rules: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(f"[optout]\nrules = '{rules}'\n")
    assert read_recipe(tmp_path / "r.toml").optout.rules == expected.format(folder=tmp_path)


def test_no_rules_stay_no_rules(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text("[select]\nmin_stars = 1\r\n")
    assert read_recipe(tmp_path / "r.toml").optout.rules == ""


def changed_value(key: Any) -> Any:
    if key.metadata["choices"]:
        return key.metadata["choices"][-1 if key.default == key.metadata["choices"][0] else 0]
    if isinstance(key.default, bool):
        return not key.default
    if isinstance(key.default, tuple):
        return ("C",)
    if isinstance(key.default, str):
        return "x"
    return key.metadata["low"] if key.default != key.metadata["low"] else key.metadata["low"] + 1


@pytest.mark.parametrize(("section", "key"), SECTIONS, ids=lambda part: getattr(part, "name", part))
def test_every_setting_but_the_engine_shapes_the_canonical_recipe(section: str, key: Any) -> None:
    recipe = Recipe()
    changed = replace(
        recipe, **{section: replace(getattr(recipe, section), **{key.name: changed_value(key)})}
    )
    assert changed != recipe
    same = canonical_recipe(changed, optout_digest="d") == canonical_recipe(recipe, optout_digest="d")
    assert same is (section == "engine" or key.name == "rules")


def test_the_canonical_recipe_holds_the_rules_only_as_a_digest_and_is_json() -> None:
    recipe = parse_recipe("[optout]\nrules = '/home/ann/rules.toml'\n[select]\nlanguages = ['C']\n")
    tree = canonical_recipe(recipe, optout_digest="0123")
    assert tree["optout"] == {"rules_digest": "0123"}
    assert "engine" not in tree
    assert b"ann" not in canonical_json(tree)
    assert json.loads(canonical_json(tree)) == tree
    assert canonical_recipe(recipe, optout_digest="4567") != tree


def test_a_recipe_and_its_printed_form_have_one_canonical_recipe() -> None:
    recipe = parse_recipe("[near_dedup]\nthreshold = 1\n")
    again = parse_recipe(recipe_toml(recipe))
    assert canonical_json(canonical_recipe(again, optout_digest="")) == canonical_json(
        canonical_recipe(recipe, optout_digest="")
    )
