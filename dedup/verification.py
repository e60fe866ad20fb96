"""Decide candidate pairs by their exact similarity."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

import stack_native
from dedup.candidates import Pairs
from dedup.checks import check_threshold
from dedup.texts import text_array


class VerifiedPairs(NamedTuple):
    """Pairs of row numbers with their exact Jaccard similarity."""

    left: npt.NDArray[np.uint32]
    right: npt.NDArray[np.uint32]
    similarity: npt.NDArray[np.float64]


def verify_pairs(
    texts: Any, pairs: Pairs, *, threshold: float, ngram: int = 5, threads: int = 1
) -> VerifiedPairs:
    """Return the pairs whose exact similarity is at or above `threshold`, in the order given.

    The similarity is |A ∩ B| / |A ∪ B| of the two shingle sets as float64, compared by `>=` as it is. Texts
    without shingles are similar to nothing.

    Args:
        texts: What `text_array` takes.
        pairs: Row numbers in `texts`.
        threshold: Jaccard similarity, in (0, 1].
        ngram: Tokens per shingle, in [1, 64].
        threads: Threads to run on, in [1, 256]; changes nothing but the time.

    Raises:
        ValueError: If a number is out of range or a row number not below `len(texts)`.

    Examples:
        >>> pairs = Pairs(np.array([0, 0], np.uint32), np.array([1, 2], np.uint32))
        >>> found = verify_pairs(["a b c", "a b c d", "x"], pairs, threshold=0.6, ngram=2)
        >>> found.right.tolist(), [round(s, 3) for s in found.similarity.tolist()]
        ([1], [0.667])
    """
    check_threshold(threshold)
    left, right = (pa.array(rows).cast(pa.uint32()) for rows in pairs)
    exact = stack_native.exact_jaccard(text_array(texts), left, right, ngram=ngram, threads=threads)
    similarity: npt.NDArray[np.float64] = exact.to_numpy(zero_copy_only=False)
    reached = similarity >= threshold
    return VerifiedPairs(left.to_numpy()[reached], right.to_numpy()[reached], similarity[reached])
