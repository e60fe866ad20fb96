"""Exact verification of pairs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dedup import Pairs, jaccard, verify_pairs

TEXTS = ["a b c d e f g", "a b c d e f g h i j", "g f e d c b a", "x", "x"]


def pairs_of(*rows: tuple[int, int]) -> Pairs:
    left, right = zip(*rows, strict=True) if rows else ((), ())
    return Pairs(np.array(left, dtype=np.uint32), np.array(right, dtype=np.uint32))


def test_a_pair_exactly_at_the_threshold_is_kept_and_one_step_above_is_not() -> None:
    pair = pairs_of((0, 1))
    assert verify_pairs(TEXTS, pair, threshold=0.7, ngram=1).similarity.tolist() == [0.7]
    above = float(np.nextafter(0.7, 1))
    assert verify_pairs(TEXTS, pair, threshold=above, ngram=1).similarity.tolist() == []


@pytest.mark.parametrize(("common", "total"), [(2, 3), (5, 6), (7, 10), (17, 20), (49, 70)])
def test_fractions_are_compared_as_the_nearest_float(common: int, total: int) -> None:
    texts = [" ".join(f"t{i}" for i in range(n)) for n in (common, total)]
    found = verify_pairs(texts, pairs_of((0, 1)), threshold=common / total, ngram=1)
    assert found.similarity.tolist() == [common / total]


def test_pairs_keep_their_order_and_orientation() -> None:
    rows = ((2, 0), (0, 1), (1, 0), (0, 2))
    found = verify_pairs(pa.array(TEXTS), pairs_of(*rows), threshold=0.5, ngram=1)
    assert list(zip(found.left.tolist(), found.right.tolist(), strict=True)) == list(rows)
    assert found.similarity.tolist() == [jaccard(TEXTS[a], TEXTS[b], ngram=1) for a, b in rows]


def test_texts_without_shingles_are_similar_to_nothing() -> None:
    assert len(verify_pairs(TEXTS, pairs_of((3, 4)), threshold=0.01).left) == 0


def test_no_pairs_are_no_error() -> None:
    assert len(verify_pairs([], pairs_of(), threshold=0.7).similarity) == 0


@pytest.mark.parametrize("threshold", [0.0, 1.5, float("nan")])
def test_a_threshold_out_of_range_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match="threshold must be"):
        verify_pairs(TEXTS, pairs_of(), threshold=threshold)


@pytest.mark.parametrize("row", [5, 2**32 - 1, 2**32, -1])
def test_a_row_that_does_not_exist_is_refused(row: int) -> None:
    pairs: Any = Pairs(np.array([0]), np.array([row]))
    with pytest.raises(ValueError):
        verify_pairs(TEXTS, pairs, threshold=0.7)
