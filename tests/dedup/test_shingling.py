"""The readable definition of shingles and their similarity."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import cluster_pairs, jaccard, pack_pairs, shingles


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("one", []),
        ("one two", [b"one two"]),
        ("One two", [b"One two"]),
        ("a_1 - b2\n\tc", [b"a_1 b2", b"b2 c"]),
        ("a b a b a b", [b"a b", b"b a"]),
        ("naïve x", [b"na ve", b"ve x"]),
        (b"a\x00b\xffc", [b"a b", b"b c"]),
        ("a\udc80b", [b"a b"]),
    ],
)
def test_shingles_are_distinct_ngrams_in_order_of_appearance(
    text: str | bytes, expected: list[bytes]
) -> None:
    assert shingles(text, ngram=2) == expected


@pytest.mark.parametrize("ngram", [0, -1, 65])
def test_an_ngram_out_of_range_is_refused(ngram: int) -> None:
    with pytest.raises(ValueError, match="ngram must be in"):
        shingles("a", ngram=ngram)


@settings(deadline=None)
@given(st.text(st.sampled_from("ab \n-é")), st.text(st.sampled_from("ab \n-é")), st.integers(1, 4))
def test_similarity_is_symmetric_and_equals_the_kernel(a: str, b: str, ngram: int) -> None:
    pair = cluster_pairs(
        pa.array([a, b]), [0, 1], pack_pairs([0], [1]), threshold=0.5, clusters="components", ngram=ngram
    )
    assert [jaccard(a, b, ngram=ngram)] == [jaccard(b, a, ngram=ngram)] == pair.compared.similarity.tolist()
