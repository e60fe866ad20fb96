"""The vendored data: complete, deterministic, and in step with the rules that name ids."""

from __future__ import annotations

from importlib.resources import files

import pytest

from stack_pipeline.licenses.expressions import parse
from stack_pipeline.licenses.profiles import PROFILES, permissive_licenses
from stack_pipeline.licenses.text_index import TextIndex, text_index
from stack_pipeline.licenses.vendored import license_texts, permissive_ratings


@pytest.mark.parametrize("name", ["spdx_texts.json.gz", "permissive.json.gz"])
def test_data_files_hold_no_time_stamp(name: str) -> None:
    head = files("stack_pipeline.licenses").joinpath("data", name).read_bytes()[:10]
    assert head[:2] == b"\x1f\x8b"
    assert head[4:8] == bytes(4)


def test_the_lists_are_complete() -> None:
    assert len(license_texts()) == 721
    assert len(permissive_ratings()) == 1101
    assert list(license_texts()) == sorted(license_texts())
    assert all(len(text) > 20 for text in license_texts().values())


def test_every_profile_names_only_ids_of_the_list() -> None:
    for profile in PROFILES:
        assert permissive_licenses(profile) <= set(permissive_ratings())


def test_every_license_that_a_text_can_be_recognised_as_is_an_expression() -> None:
    for known in text_index().known:
        assert parse(known.license) == known.license


def test_an_index_refuses_more_words_than_its_numbers_can_tell_apart() -> None:
    texts = [(f"X{part}", " ".join(f"{part}x{n}" for n in range(35_000))) for part in range(2)]
    with pytest.raises(ValueError, match="65,535"):
        TextIndex(texts)


def test_an_index_of_one_text_finds_it_and_nothing_else() -> None:
    import numpy as np

    text = "one two three four five six seven eight nine ten eleven twelve thirteen"
    index = TextIndex([("X", text)])
    words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"]
    unexplained = np.ones(len(words), dtype=np.bool_)
    assert index.candidates(words, unexplained=unexplained, least=0.5, limit=3) == [0]
    found = index.align(words, 0, unexplained=unexplained)
    assert found.covered == tuple(range(1, 12))
    assert found.missing == ("twelve", "thirteen")
    assert index.candidates(["zero"] * 9, unexplained=np.ones(9, dtype=np.bool_), least=0.5, limit=3) == []
