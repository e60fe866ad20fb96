"""Choose which texts stay: star clusters, in which every text that goes resembles the one that stands for it.

Texts are visited in rank order. One goes only if its own exact similarity to a text already kept reaches the
threshold; the first such text in rank order is its representative. Other than with connected components a
chain A~B~C does not take C away on the word of B when A and C differ.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dedup.checks import check_threshold
from dedup.order import id_array, visiting_order
from dedup.verification import VerifiedPairs


def choose_representatives(
    ids: Any, pairs: VerifiedPairs, rank: npt.ArrayLike | None = None, *, threshold: float
) -> Any:
    """Return the clusters of near-duplicates.

    Args:
        ids: One distinct id per text: an Arrow array, numpy array or sequence of integers, strings or bytes.
        pairs: Row numbers and exact similarities, in any order and orientation; those below `threshold` are
            left out, so pairs that were verified at a lower threshold serve as well.
        rank: Distinct integers, one per text, lower is visited first; by default the order of rows.
        threshold: Jaccard similarity, in (0, 1].

    Returns:
        `pyarrow.Table` with a row for each member of a cluster of two or more, the kept text included: `id`,
        `cluster` and `representative` (both the id of the kept text), `similarity` (float64, of the member
        and its representative; 1.0 for the kept text). Sorted by (rank of the representative, rank of the
        member), so the kept text is the first of its cluster.

    Raises:
        ValueError: If ids or ranks are not distinct, or a pair names a row that does not exist.

    Examples:
        >>> rows = (np.array([0, 1], np.uint32), np.array([1, 2], np.uint32))
        >>> pairs = VerifiedPairs(*rows, np.array([0.8, 0.75]))
        >>> choose_representatives(["a", "b", "c"], pairs, threshold=0.7).to_pylist()[1]
        {'id': 'b', 'cluster': 'a', 'representative': 'a', 'similarity': 0.8}
    """
    check_threshold(threshold)
    array = id_array(ids)
    order = visiting_order(rank, len(array))
    member, representative, similarity = _stars(_edges(pairs, order, threshold=threshold))
    heads = np.unique(representative)
    member = np.concatenate([member, heads])
    representative = np.concatenate([representative, heads])
    similarity = np.concatenate([similarity, np.ones(len(heads))])
    rows = np.lexsort((member, representative))
    clusters = array.take(pa.array(order[representative[rows]]))
    columns = {
        "id": array.take(pa.array(order[member[rows]])),
        "cluster": clusters,
        "representative": clusters,
        "similarity": pa.array(similarity[rows], pa.float64()),
    }
    return pa.table(columns)


_Edges = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]


def _edges(pairs: VerifiedPairs, order: npt.NDArray[np.int64], *, threshold: float) -> _Edges:
    """Return the pairs as (later, earlier, similarity) in places of the rank order, sorted by them."""
    left, right = np.asarray(pairs.left, dtype=np.int64), np.asarray(pairs.right, dtype=np.int64)
    for rows in (left, right):
        if len(rows) and not 0 <= rows.min() <= rows.max() < len(order):
            raise ValueError(f"pairs must hold row numbers in [0, {len(order) - 1}]")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    later = np.maximum(place[left], place[right])
    earlier = np.minimum(place[left], place[right])
    similarity = np.asarray(pairs.similarity, dtype=np.float64)
    chosen = np.flatnonzero((similarity >= threshold) & (later != earlier))
    chosen = chosen[np.lexsort((earlier[chosen], later[chosen]))]
    return later[chosen], earlier[chosen], similarity[chosen]


def _stars(edges: _Edges) -> _Edges:
    """Return (member, representative, similarity) of every text that goes, by member."""
    gone: set[int] = set()
    taken: list[int] = []
    # An edge's earlier text has met all of its own edges before, so it is known whether it stays.
    for edge, (later, earlier) in enumerate(zip(edges[0].tolist(), edges[1].tolist(), strict=True)):
        if earlier not in gone and later not in gone:
            gone.add(later)
            taken.append(edge)
    rows = np.array(taken, dtype=np.int64)
    return edges[0][rows], edges[1][rows], edges[2][rows]
