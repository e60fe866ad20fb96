"""`stack_native.exact_jaccard` and `shingle_counts` against plain Python sets."""

from __future__ import annotations

import itertools
import re

import pyarrow as pa
import pytest
from hypothesis import given, settings
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


def plain_jaccard(a: bytes, b: bytes, ngram: int) -> float:
    left, right = plain_set(a, ngram), plain_set(b, ngram)
    return len(left & right) / len(left | right) if left and right else 0.0


def rows(numbers: list[int]) -> pa.Array:
    return pa.array(numbers, pa.uint32())


@settings(deadline=None)
@given(st.lists(CONTENTS, min_size=1, max_size=6), st.integers(1, 6), st.integers(1, 3))
def test_similarities_equal_those_of_plain_sets(contents: list[bytes], ngram: int, threads: int) -> None:
    pairs = list(itertools.product(range(len(contents)), repeat=2))
    left, right = rows([a for a, _ in pairs]), rows([b for _, b in pairs])
    found = stack_native.exact_jaccard(pa.array(contents), left, right, ngram=ngram, threads=threads)
    assert found.to_pylist() == [plain_jaccard(contents[a], contents[b], ngram) for a, b in pairs]


@settings(deadline=None)
@given(st.lists(CONTENTS, max_size=6), st.integers(1, 6))
def test_counts_equal_those_of_plain_sets(contents: list[bytes], ngram: int) -> None:
    found = stack_native.shingle_counts(pa.array(contents, pa.binary()), ngram=ngram)
    assert found.column("shingles").to_pylist() == [len(plain_set(c, ngram)) for c in contents]
    assert found.column("tokens").to_pylist() == [len(re.findall(rb"\w+", c, re.ASCII)) for c in contents]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.binary(), pa.large_binary()])
def test_every_type_and_a_slice_give_the_same(kind: pa.DataType) -> None:
    texts = pa.array(["left out", "a b c d e f", "a b c d e g", None], kind).slice(1)
    found = stack_native.exact_jaccard(texts, rows([0, 0, 2]), rows([1, 2, 2]))
    assert found.to_pylist() == [1 / 3, 0.0, 0.0]


def test_texts_without_shingles_are_not_even_similar_to_themselves() -> None:
    found = stack_native.exact_jaccard(pa.array(["a b c d", "a b c d"]), rows([0, 0]), rows([0, 1]))
    assert found.to_pylist() == [0.0, 0.0]


def test_five_tokens_are_the_default_ngram() -> None:
    found = stack_native.shingle_counts(pa.array(["a b c d", "a b c d e", "a b c d e f", None]))
    assert found.column("shingles").to_pylist() == [0, 1, 2, None]


def test_many_threads_and_one_agree() -> None:
    texts = pa.array([f"a{i % 11} b{i % 7} c{i % 5} d e f g{i % 3}" for i in range(2000)])
    left, right = rows(list(range(2000))), rows([(i * 997) % 2000 for i in range(2000)])
    one = stack_native.exact_jaccard(texts, left, right, ngram=2)
    assert len(set(one.to_pylist())) > 3
    for threads in (2, 5, 256):
        assert stack_native.exact_jaccard(texts, left, right, ngram=2, threads=threads).equals(one)


@pytest.mark.parametrize(
    ("left", "right", "options", "message"),
    [
        (rows([2]), rows([0]), {}, "left must hold row numbers below 2, row 0 does not"),
        (rows([0]), rows([4_294_967_295]), {}, "right must hold row numbers below 2"),
        (rows([0, 1]), rows([0]), {}, "left and right must be of one length, got 2 and 1"),
        (pa.array([None], pa.uint32()), rows([0]), {}, "left must hold row numbers"),
        (pa.array([0], pa.int64()), rows([0]), {}, "left must be an array of uint32, got Int64"),
        (rows([0]), rows([0]), {"ngram": 0}, r"ngram must be in \[1, 64\], got 0"),
        (rows([0]), rows([0]), {"ngram": 65}, "got 65"),
        (rows([0]), rows([0]), {"threads": -1}, r"threads must be in \[1, 256\], got -1"),
    ],
)
def test_bad_arguments_are_value_errors(
    left: pa.Array, right: pa.Array, options: dict[str, int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        stack_native.exact_jaccard(pa.array(["a", "b"]), left, right, **options)


def test_no_pairs_and_no_texts_are_no_error() -> None:
    assert stack_native.exact_jaccard(pa.array([], pa.string()), rows([]), rows([])).to_pylist() == []
