"""Keys that are known by their own shape, or by a plain shape near their provider's name."""

from __future__ import annotations

import re

import pytest

from pii import ProviderRule, find, find_by_shape, provider_rules
from tests.pii.invented_values import PROVIDER_KEYS, json_web_token

RULES = provider_rules()
SHAPES = [rule for rule in RULES if rule.form == "shape"]
NEAR = [rule for rule in RULES if rule.form == "near"]


def values(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find(text, kinds=["KEY", "PASSWORD"])]


@pytest.mark.parametrize("frame", ["{}", 'x = "{}"', "key:{}\n", "see ({}), then", "a\n{}\nb"])
@pytest.mark.parametrize("name", sorted(PROVIDER_KEYS))
def test_a_providers_key_is_found_whole_in_any_frame(name: str, frame: str) -> None:
    value = PROVIDER_KEYS[name]
    text = frame.format(value)
    assert [text[span.start : span.end] for span in find_by_shape(text)] == [value]


def test_the_table_is_large_and_every_name_stands_once() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert len(SHAPES) >= 200 and len(NEAR) >= 250
    assert len({rule.service for rule in RULES}) >= 400
    assert all(rule.source and rule.keywords and rule.entropy > 0 for rule in RULES)


@pytest.mark.parametrize("rule", SHAPES, ids=lambda rule: rule.id)
def test_a_shape_is_found_alone_and_not_inside_a_longer_word(rule: ProviderRule) -> None:
    assert re.fullmatch(rule.pattern, rule.example)
    assert rule.example in [
        text[span.start : span.end]
        for text in (f"a {rule.example} b", f"'{rule.example}'")
        for span in find_by_shape(text)
    ]
    if not any(keyword.startswith("~") for keyword in rule.keywords):
        glued = f"Q{rule.example}"
        assert all(span.detector != rule.id or span.start > 0 for span in find_by_shape(glued))


@pytest.mark.parametrize("rule", NEAR, ids=lambda rule: rule.id)
def test_a_plain_shape_counts_only_near_its_providers_name(rule: ProviderRule) -> None:
    assert re.fullmatch(rule.pattern, rule.example)
    for keyword in rule.keywords:
        assert rule.example in values(f"the token of {keyword} is {rule.example} now")
    for text in (f"the token of others is {rule.example} now", f"{rule.keywords[0]} md5: {rule.example} now"):
        assert not any(span.detector == rule.id for span in find(text))


@pytest.mark.parametrize("rule", NEAR, ids=lambda rule: rule.id)
def test_a_filler_of_a_plain_shape_is_left(rule: ProviderRule) -> None:
    filler = re.sub("[A-Za-z0-9]", "0", rule.example)
    assert values(f"the token of {rule.keywords[0]} is {filler} now") == []


def test_the_three_parts_of_a_token_are_one_value() -> None:
    token = json_web_token()
    assert [(span.start, span.end) for span in find_by_shape(f"t={token}")] == [(2, 2 + len(token))]


@pytest.mark.parametrize(
    "text",
    [
        "AKIA" + "IOSFODNN7" + "EXAMPLE",
        "ghp_" + "x" * 36,
        "npm_" + "your" * 9,
        "eyJ.eyJ.eyJ and eyJustWordsInARun.MoreWords",
        "APCache1234 APACHELICENSE",
        "NamespaceOfSomeLongNames1.Module.FunctionWithALongName12345",
        "sk-learn-1.2 hf_transfer npm_config_registry",
        "",
    ],
)
def test_examples_and_words_of_the_same_shape_are_left(text: str) -> None:
    assert find_by_shape(text) == []
