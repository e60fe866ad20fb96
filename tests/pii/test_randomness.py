"""The randomness check against drawn values and against words."""

from __future__ import annotations

import string

import pytest

import stack_native
from tests.pii.invented_values import ALNUM, HEX, drawn


def looks_random(value: str) -> bool:
    return stack_native.pii_looks_random(value.encode())


@pytest.mark.parametrize(
    ("alphabet", "length", "least_share"),
    [
        (ALNUM, 20, 0.97),
        (ALNUM, 40, 0.99),
        (HEX, 32, 0.99),
        (HEX.upper(), 40, 0.99),
        (string.ascii_lowercase + string.digits, 32, 0.97),
        (string.ascii_uppercase + "234567", 32, 0.95),
    ],
)
def test_almost_all_drawn_values_look_random(alphabet: str, length: int, least_share: float) -> None:
    values = [drawn(length, alphabet, seed=str(i)) for i in range(400)]
    assert sum(looks_random(value) for value in values) / len(values) >= least_share


@pytest.mark.parametrize(
    "value",
    [
        "",
        "short1A",
        "passwordpassword",
        "getAccessTokenFromServer",
        "ApplicationConfiguration2",
        "org.springframework.boot",
        "00000000000000000000",
        "aaaaaaaaaaaaaaaaaaaaaaaa1",
        "${SECRET_ACCESS_KEY_1}",
        "process.env.SECRET_KEY_1a2b",
        "with blanks 1a2B3c4D5e6F",
        "1234567890123456",
    ],
)
def test_words_identifiers_and_fillers_do_not_look_random(value: str) -> None:
    assert not looks_random(value)
