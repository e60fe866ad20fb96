"""Keys that are known by their own shape."""

from __future__ import annotations

import re

import pytest

from pii import CONTEXT_FREE_DETECTORS, find_context_free
from pii.proposers import provider_patterns
from pii.provider_keys import PROVIDER_DETECTORS, find_provider_keys, matches_provider_shape
from pii.provider_patterns import BORROWED_NEEDLES, OWN_PATTERNS
from tests.pii.invented_values import PROVIDER_KEYS, drawn, json_web_token


@pytest.mark.parametrize("frame", ["{}", 'x = "{}"', "key:{}\n", "see ({}), then", "a\n{}\nb"])
@pytest.mark.parametrize("name", sorted(PROVIDER_KEYS))
def test_a_providers_key_is_found_whole_in_any_frame(name: str, frame: str) -> None:
    value = PROVIDER_KEYS[name]
    text = frame.format(value)
    spans = find_context_free(text)
    assert [text[span.start : span.end] for span in spans] == [value]
    assert {span.detector for span in spans} <= CONTEXT_FREE_DETECTORS


def test_the_three_parts_of_a_token_are_one_value() -> None:
    token = json_web_token()
    assert [(span.start, span.end) for span in find_provider_keys(f"t={token}")] == [(2, 2 + len(token))]


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
    assert list(find_provider_keys(text)) == []


def test_every_borrowed_pattern_has_a_needle_entry_and_every_name_stands_once() -> None:
    assert set(provider_patterns()) == set(BORROWED_NEEDLES)
    names = [name for name, _, _ in OWN_PATTERNS]
    assert len(names) == len(set(names)) and not set(names) & set(BORROWED_NEEDLES)
    assert set(names) < PROVIDER_DETECTORS


@pytest.mark.parametrize("name", sorted(PROVIDER_KEYS))
def test_the_needles_lose_no_match(name: str) -> None:
    needles = {**BORROWED_NEEDLES, **{own: literals for own, literals, _ in OWN_PATTERNS}}.get(name)
    assert needles is None or any(needle in PROVIDER_KEYS[name] for needle in needles)


def test_every_own_pattern_compiles_and_a_plain_word_has_no_providers_shape() -> None:
    assert all(re.compile(pattern) for _, _, pattern in OWN_PATTERNS)
    assert not matches_provider_shape("hello")
    assert matches_provider_shape("npm_" + drawn(36))
