"""Wording: what vanishes from a licence text, and what must not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.licenses.wording import MAX_TEXT_CHARS, decode, reduce_text, words_of


@pytest.mark.parametrize(
    "line",
    [
        "Copyright (c) 2020 Jo Doe <jo@doe.example>",
        "Copyright 1999-2004, The Foo Authors. All rights reserved.",
        "# Copyright © 2020 Machine Learning Group Ltd",
        "Portions Copyright (C) 2001 Acme Limited",
        " * (c) 2020 Jo",
        "SPDX-FileCopyrightText: 2020 Jo Doe",
        "https://example.org/license",
        "<p></p>",
        "All rights reserved.",
        "1.",
    ],
)
def test_who_when_and_signs_vanish(line: str) -> None:
    assert reduce_text(line).words in {(), ("1",)}


@pytest.mark.parametrize(
    "line",
    [
        "Copyright (c) 2020 Jo. Non-commercial use only.",
        "Copyright 2020 Jo, for research purposes",
        "Copyright 2020 Jo. You may not copy this.",
        "SPDX-FileCopyrightText: Jo, no redistribution",
        "COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM",
        "Copyright 2020 Jo. Licensed under the GPL",
        "<for non-commercial use only>",
    ],
)
def test_a_line_that_says_more_stays(line: str) -> None:
    assert len(reduce_text(line).words) >= 4


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NON-INFRINGEMENT", "noninfringement"),
        ("non-\ncommercial", "noncommercial"),
        ("Licence", "license"),
        ("don't", "do not"),
        ("GPLv2+", "gplv2 or later"),
        ("copyright holder(s)", "copyright holder"),
        ("“AS IS”", '"as is"'),
        ("* a licence\n * text", "a license text"),
    ],
)
def test_two_spellings_are_one(one: str, other: str) -> None:
    assert words_of(one.replace("* ", "")) == words_of(other)


def test_letters_of_other_scripts_keep_their_weight() -> None:
    assert len(words_of("禁止商业用途")) == 6


def test_tags_and_addresses_are_kept_aside() -> None:
    wording = reduce_text("x SPDX-License-" + "Identifier: MIT\nsee http://Example.org/GPL")
    assert wording.tags == ("MIT",)
    assert wording.urls == ("http://example.org/gpl",)
    assert wording.words == ("x", "see")


@given(st.text(max_size=300))
def test_any_text_is_reduced_to_lower_case_words(text: str) -> None:
    assert all(word and not word.isspace() for word in reduce_text(text).words)


def test_a_long_text_is_marked() -> None:
    assert reduce_text("a " * MAX_TEXT_CHARS).truncated
    assert not reduce_text("a").truncated


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"a", "a"),
        ("\ufeffé".encode(), "é"),
        ("é".encode("latin-1"), "é"),
        ("é".encode("utf-16"), "é"),
        (b"\xff\xfe\x00", "\ufffd"),
        (b"a\x00b", None),
        (None, None),
        ("a\x00", None),
        ("\ufeffa", "a"),
    ],
)
def test_content_is_decoded(content: bytes | str | None, text: str | None) -> None:
    assert decode(content) == text
