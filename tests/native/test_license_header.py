"""`stack_native.without_license_headers`, and what it does to near-duplicates."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stack_native
from dedup import find_near_duplicates

HEADER = "/* Copyright 2020 Ada. Permission is hereby granted, free of charge, to any person to use it. */\n"


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.binary(), pa.large_binary()])
def test_every_type_and_a_slice_give_the_same(kind: pa.DataType) -> None:
    texts = pa.array(["left out", HEADER + "int x;", None, "int y;"], kind).slice(1)
    found = stack_native.without_license_headers(texts)
    assert found.type == pa.large_binary()
    assert found.to_pylist() == [b"\nint x;", None, b"int y;"]


@given(st.lists(st.binary(max_size=80) | st.text().map(str.encode)))
def test_what_is_left_is_the_text_less_one_piece(contents: list[bytes]) -> None:
    for text, left in zip(
        contents,
        stack_native.without_license_headers(pa.array(contents, pa.binary())).to_pylist(),
        strict=True,
    ):
        common = next((n for n in range(len(left)) if left[n] != text[n]), len(left))
        assert text.endswith(left[common:])
        assert left == text or len(left) < len(text)


def test_small_files_under_one_header_are_near_duplicates_only_with_it() -> None:
    texts = [HEADER + f"int value_{n}(int a) {{ return a * {n} + other_{n}(a, {n}); }}" for n in range(6)]
    assert find_near_duplicates(texts, threshold=0.4).num_rows == 6
    assert find_near_duplicates(texts, threshold=0.4, strip_license_headers=True).num_rows == 0
