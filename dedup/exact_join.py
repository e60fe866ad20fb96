"""Find all pairs of similar texts exactly, and say what each kind of cluster would remove: the truth to measure against.

Nothing is sampled or proposed by chance, so nothing is missed; a gigabyte of source code takes about 40 s of CPU time
and 7 GB. Time grows with the number of pairs, so with the square of a group of files that all resemble each other.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.checks import MAX_NGRAM, check_integer, check_threshold
from dedup.texts import text_array

_MAX_THREADS = 256


def exact_pairs(texts: Any, *, threshold: float, ngram: int = 5, threads: int = 1) -> Any:
    """Return every pair of texts whose exact Jaccard similarity is `threshold` or more.

    Args:
        texts: What `text_array` takes. Nulls and texts of fewer than `ngram` tokens are in no pair.
        threshold: Jaccard similarity, in (0, 1].
        ngram: Tokens per shingle, in [1, 64].
        threads: Threads to run on, in [1, 256]; changes nothing but the time.

    Returns:
        `pyarrow.Table` of `left` and `right` (uint32 row numbers, left < right) and `similarity` (float64), sorted
        by (left, right). n texts of equal bytes give n (n - 1) / 2 pairs.

    Raises:
        ValueError: If an argument is out of range, `texts` of another type, or there are over 200 million pairs.

    Examples:
        >>> exact_pairs(["a b c d", "b c d e", "a b c d"], threshold=0.5, ngram=2).to_pylist()[1]
        {'left': 0, 'right': 2, 'similarity': 1.0}
    """
    import pyarrow as pa

    import stack_native

    check_threshold(threshold)
    check_integer("ngram", ngram, least=1, most=MAX_NGRAM)
    check_integer("threads", threads, least=1, most=_MAX_THREADS)
    batch = stack_native.exact_join(text_array(texts), threshold=threshold, ngram=ngram, threads=threads)
    return pa.Table.from_batches([batch])


def exact_components(pairs: Any, *, rows: int, rank: npt.ArrayLike | None = None) -> npt.NDArray[np.int64]:
    """Return for each row the best-ranked row that pairs connect it to, itself if there is none better.

    What the kind `components` removes is every row that has another representative.

    Args:
        pairs: What `exact_pairs` returns; any table with row numbers `left` and `right`.
        rows: Number of texts.
        rank: `rows` distinct integers, lower stays; None for the order of rows.

    Returns:
        int64 array of `rows` row numbers.

    Raises:
        ValueError: If `rank` is not `rows` distinct integers.

    Examples:
        >>> pairs = exact_pairs(["a b c", "b c d", "c d e"], threshold=0.5, ngram=1)
        >>> exact_components(pairs, rows=3).tolist()
        [0, 0, 0]
    """
    order, places, better, worse = _oriented(pairs, rows, rank)
    parent = np.arange(rows, dtype=np.int64).tolist()

    def root_of(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return int(place)

    for one, other in zip(better.tolist(), worse.tolist(), strict=True):
        a, b = root_of(one), root_of(other)
        parent[max(a, b)] = min(a, b)
    roots = np.array([root_of(place) for place in range(rows)], dtype=np.int64)
    return order[roots][places]


def exact_star(pairs: Any, *, rows: int, rank: npt.ArrayLike | None = None) -> npt.NDArray[np.int64]:
    """Return for each row the best-ranked kept row that it forms a pair with, itself if it is kept.

    In rank order a row is kept if no kept row forms a pair with it. What the kind `star` removes is every row that
    has another representative.

    Args:
        pairs: What `exact_pairs` returns; any table with row numbers `left` and `right`.
        rows: Number of texts.
        rank: `rows` distinct integers, lower stays; None for the order of rows.

    Returns:
        int64 array of `rows` row numbers.

    Raises:
        ValueError: If `rank` is not `rows` distinct integers.

    Examples:
        >>> pairs = exact_pairs(["a b c", "b c d", "c d e"], threshold=0.5, ngram=1)
        >>> exact_star(pairs, rows=3).tolist()
        [0, 0, 2]
    """
    order, places, better, worse = _oriented(pairs, rows, rank)
    kept = list(range(rows))
    for one, other in zip(better.tolist(), worse.tolist(), strict=True):
        if kept[one] == one and kept[other] == other:
            kept[other] = one
    return order[np.array(kept, dtype=np.int64)][places]


def _oriented(pairs: Any, rows: int, rank: npt.ArrayLike | None) -> tuple[npt.NDArray[np.int64], ...]:
    """Return rows by place, places by row, and the pairs as places (better, worse), sorted."""
    order = _visits(rank, rows)
    places = np.empty_like(order)
    places[order] = np.arange(rows, dtype=np.int64)
    left, right = (places[pairs.column(name).to_numpy()] for name in ("left", "right"))
    better, worse = np.minimum(left, right), np.maximum(left, right)
    visits = np.lexsort((worse, better))
    return order, places, better[visits], worse[visits]


def _visits(rank: npt.ArrayLike | None, rows: int) -> npt.NDArray[np.int64]:
    """Return row numbers in rank order."""
    if rank is None:
        return np.arange(rows, dtype=np.int64)
    ranks = np.asarray(rank)
    is_integer = ranks.dtype.kind in "iu" or not ranks.size
    if ranks.shape != (rows,) or not is_integer or len(np.unique(ranks)) != rows:
        raise ValueError(f"rank must be {rows} distinct integers, got {ranks.dtype} of shape {ranks.shape}")
    return np.argsort(ranks, kind="stable").astype(np.int64)
