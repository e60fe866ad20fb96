"""Spans of other finders in `redact`: checked, merged, replaced, and never a reason to replace twice."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pii import KINDS, Redaction, Span, find, redact
from tests.pii.invented_values import HEX, KEY, drawn, pem

STYLES: list[dict[str, Any]] = [{}, {"key": KEY}, {"key": KEY, "style": "placeholder"}]
WORDS = [
    "x",
    "Zoë",
    "😀😀",
    "word",
    "bob@corp.io",
    "52.95.110.1",
    "10.0.0.1",
    "2606:4700::1111",
    "hunter2!x",
    "=",
    'password="w0nder:land"',
    drawn(40, HEX),
    drawn(24),
    "<EMAIL>",
    "xrdct_tcdr",
    pem(lines=1),
]


def places_of(result: Redaction[bytes]) -> list[Span]:
    """Return the places of the replacements in the published bytes, as a finder would propose them."""
    return [Span(span.start, span.end, span.kind, "test", 0.5) for span in result.spans]


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from(STYLES))
def test_the_result_is_clean_and_whoever_proposes_its_replacements_again_changes_nothing(
    data: st.DataObject, options: dict[str, Any]
) -> None:
    text = " ".join(data.draw(st.lists(st.sampled_from(WORDS), max_size=8))).encode()
    words = [match.span() for match in re.finditer(rb"[^ ]+", text)]
    chosen = data.draw(st.lists(st.sampled_from(words), max_size=4)) if words else []
    spans = [Span(*place, data.draw(st.sampled_from(KINDS)), "test", 0.5) for place in chosen]
    result = redact(text, proposed=spans, **options)
    assert find(result.text, policy="redact") == []
    assert redact(result.text, **options).text == result.text
    assert redact(result.text, proposed=places_of(result), **options).text == result.text
    assert result.text.count(b"\n") == text.count(b"\n")


@pytest.mark.parametrize("place", [(-1, 2), (0, 4), (2, 1), (4, 4), (-2, -1)])
@pytest.mark.parametrize("text", ["abc", "ä😀c", b"abc"])
def test_a_span_that_is_not_within_the_text_is_refused(text: Any, place: tuple[int, int]) -> None:
    with pytest.raises(
        ValueError, match=rf"^proposed spans must lie in \[0, 3\]; got \[{place[0]}, {place[1]}\]$"
    ):
        redact(text, proposed=[Span(*place, "KEY", "test", 0.5)])


def test_a_span_of_no_kind_of_ours_is_refused() -> None:
    with pytest.raises(ValueError, match="kinds must be"):
        redact("abc", proposed=[Span(0, 2, "PERSON", "test", 0.5)])


def test_an_empty_span_is_nothing() -> None:
    assert redact("abc", proposed=[Span(3, 3, "KEY", "test", 0.5)]).spans == ()


@pytest.mark.parametrize(
    ("places", "clean"),
    [
        ([(2, 6, "NAME"), (4, 10, "USERNAME")], "😀 <USERNAME> k"),
        ([(4, 10, "USERNAME"), (2, 6, "NAME")], "😀 <USERNAME> k"),
        ([(2, 6, "NAME"), (2, 6, "KEY")], "😀 <KEY>efgh k"),
        ([(2, 6, "NAME"), (6, 8, "KEY")], "😀 <NAME><KEY>gh k"),
        ([(2, 10, "NAME"), (4, 5, "KEY")], "😀 <NAME> k"),
    ],
)
def test_overlapping_spans_are_one_replacement(places: list[tuple[int, int, str]], clean: str) -> None:
    proposed = [Span(*place, "test", 0.5) for place in places]
    assert redact("😀 abcdefgh k", proposed=proposed).text == clean


def test_a_span_that_overlaps_a_find_is_merged_with_it() -> None:
    text = "😀 mail bob@corp.io now"
    (found,) = find(text)
    for start, end, clean in [
        (7, found.end + 4, "😀 mail <NAME>"),
        (2, 9, "😀 <EMAIL> now"),
        (9, 11, "😀 mail <EMAIL> now"),
    ]:
        assert redact(text, proposed=[Span(start, end, "NAME", "test", 0.5)]).text == clean


def test_kinds_and_policy_do_not_restrict_what_is_proposed() -> None:
    text = "Ann at 10.0.0.1"
    proposed = [Span(0, 3, "NAME", "test", 0.5), Span(7, 15, "IP_ADDRESS", "test", 0.5)]
    assert redact(text, kinds=["EMAIL"], policy="redact", proposed=proposed).text == "<NAME> at <IP_ADDRESS>"


@pytest.mark.parametrize(
    "text",
    ["to <EMAIL> ", "to abcdefghijkl@redacted.example", "to xrdct_tcdr", "to xXXxXxxXX", "to 198.18.7.9"],
)
def test_what_holds_only_a_replacement_is_passed_over(text: str) -> None:
    assert redact(text, key=KEY, proposed=[Span(3, len(text), "KEY", "test", 0.5)]).text == text
    assert redact(text, key=KEY, proposed=[Span(1, len(text), "KEY", "test", 0.5)]).text != text
