"""The value model: made again from its words, and telling drawn values from written ones."""

from __future__ import annotations

import string

import pytest

import stack_native
from tests.pii.invented_values import drawn
from tools.value_model import train


def test_the_shipped_model_is_the_one_that_its_words_make() -> None:
    assert train.MODEL.read_bytes() == train.train()


def test_the_words_are_plain_and_stand_once() -> None:
    words = train.read_words()
    assert len(words) == len(set(words)) >= 3000
    assert all(word.isascii() and word.isalpha() and word.islower() for word in words)


def test_hardly_any_composed_identifier_looks_random_and_hardly_any_drawn_value_does_not() -> None:
    composed = [text for text in train.compose(train.read_words(), 6000) if len(text) >= 12]
    taken = sum(stack_native.pii_looks_random(text.encode()) for text in composed)
    assert taken / len(composed) < 0.002
    for alphabet in (string.ascii_letters + string.digits, string.ascii_lowercase + string.digits):
        values = [drawn(24, alphabet, seed=f"model{i}") for i in range(600)]
        assert sum(stack_native.pii_looks_random(value.encode()) for value in values) / len(values) > 0.98


@pytest.mark.parametrize(
    "value",
    [
        "X-Forwarded-Prefix",
        "sha256WithRSAEncryption",
        "MyClass123Factory",
        "utf8_general_ci",
        "getElementById2",
    ],
)
def test_names_with_digits_and_capitals_are_written(value: str) -> None:
    assert not stack_native.pii_looks_random(value.encode())
