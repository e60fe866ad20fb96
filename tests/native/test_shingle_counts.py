"""`stack_native.shingle_counts` against plain Python sets."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stack_native

CONTENTS = st.one_of(
    st.binary(max_size=60),
    st.text(st.sampled_from("ab_9 \n.é")).map(str.encode),
    st.lists(st.sampled_from([b"x", b"y", b"zz", b"+", b"\xff"]), max_size=40).map(b" ".join),
)


def plain_set(content: bytes, ngram: int) -> set[tuple[bytes, ...]]:
    tokens = re.findall(rb"[A-Za-z0-9_]+", content)
    return set(zip(*(tokens[start:] for start in range(ngram)), strict=False))


@given(st.lists(CONTENTS, max_size=6), st.integers(1, 6))
def test_counts_equal_those_of_plain_sets(contents: list[bytes], ngram: int) -> None:
    found = stack_native.shingle_counts(pa.array(contents, pa.binary()), ngram=ngram)
    assert found.column("shingles").to_pylist() == [len(plain_set(c, ngram)) for c in contents]
    assert found.column("tokens").to_pylist() == [len(re.findall(rb"\w+", c, re.ASCII)) for c in contents]


def test_five_tokens_are_the_default_ngram() -> None:
    found = stack_native.shingle_counts(pa.array(["a b c d", "a b c d e", "a b c d e f", None]))
    assert found.column("shingles").to_pylist() == [0, 1, 2, None]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.binary(), pa.large_binary()])
def test_every_type_and_a_slice_give_the_same(kind: pa.DataType) -> None:
    texts = pa.array(["left out", "a b c d e f", None, "", "also left out"], kind).slice(1, 3)
    found = stack_native.shingle_counts(texts)
    assert found.column("tokens").to_pylist() == [6, None, 0]


@pytest.mark.parametrize("ngram", [0, 65, -1])
def test_an_ngram_out_of_range_is_refused(ngram: int) -> None:
    with pytest.raises(ValueError, match=rf"ngram must be in \[1, 64\], got {ngram}"):
        stack_native.shingle_counts(pa.array(["a"]), ngram=ngram)
