"""Clusters: from pairs and exact copies to a row per member.

Everything here is in places of the rank order, 0 for the text that is kept before all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

import stack_native
from dedup.candidates import Packed
from dedup.checks import check_threshold

CLUSTERS = ("star", "components")
MEASURES = ("jaccard", "containment")
KEPT, EXACT, NEAR = "kept", "exact", "near"

_Places = npt.NDArray[np.int64]
_Shares = npt.NDArray[np.float64]


class Compared(NamedTuple):
    """Packed pairs in ascending order and their exact similarity."""

    pairs: Packed
    similarity: _Shares


@dataclass(frozen=True)
class Clusters:
    """What was decided about pairs.

    Attributes:
        member: Texts that are in a cluster and do not stand for it.
        representative: For each of them the text that does.
        similarity: Their exact similarity.
        near_member: Of components: all texts of clusters, those that stand for one included.
        nearest: For each of these the most similar text of its cluster.
        nearest_similarity: Their exact similarity.
        compared: The pairs that were compared for this.
        bytes_read: Bytes of text that were cut into shingles.
    """

    member: _Places
    representative: _Places
    similarity: _Shares
    near_member: _Places
    nearest: _Places
    nearest_similarity: _Shares
    compared: Compared
    bytes_read: int


def cluster_pairs(
    texts: Any,
    rows: npt.ArrayLike,
    pairs: Packed,
    *,
    threshold: float,
    clusters: str = "star",
    measure: str = "jaccard",
    ngram: int = 5,
    known: Compared | None = None,
    threads: int = 1,
) -> Clusters:
    """Decide pairs by exact similarity, connected part by connected part.

    With `star`, texts are visited in rank order, and each that is still there takes those whose own similarity to
    it reaches the threshold. With `components`, pairs that reach it connect, and the best-ranked text of what
    holds together stands for all. No outcome depends on the order of texts or the number of threads, and parts
    may be worked in different calls.

    Args:
        texts: Arrow array of strings or binary values.
        rows: Place i is `texts[rows[i]]`.
        pairs: Packed places in ascending order (`pack_pairs`).
        threshold: Least similarity, in (0, 1].
        clusters: `star` or `components`.
        measure: `jaccard`, or `containment`: the share of the shingles of the text that goes (of components, of
            the smaller one) that the other one has.
        ngram: Tokens per shingle, in [1, 64].
        known: Pairs that need not be compared.
        threads: Threads to run on, in [1, 256].

    Raises:
        ValueError: If an argument is out of range.
    """
    check_threshold(threshold)
    (members, nearest, compared), bytes_read = stack_native.cluster_pairs(
        texts,
        pa.array(rows, pa.uint32()),
        pa.array(pairs),
        threshold=threshold,
        clusters=clusters,
        measure=measure,
        ngram=ngram,
        known_pairs=None if known is None else pa.array(known.pairs),
        known_similarity=None if known is None else pa.array(known.similarity),
        threads=threads,
    )
    return Clusters(
        members["member"].to_numpy().astype(np.int64),
        members["representative"].to_numpy().astype(np.int64),
        members["similarity"].to_numpy(),
        nearest["member"].to_numpy().astype(np.int64),
        nearest["nearest"].to_numpy().astype(np.int64),
        nearest["similarity"].to_numpy(),
        Compared(compared["pair"].to_numpy(), compared["similarity"].to_numpy()),
        bytes_read,
    )


def join_clusters(parts: Sequence[Clusters], places: Sequence[npt.ArrayLike]) -> Clusters:
    """Return clusters of several calls as one; place i of part p is place `places[p][i]` of the whole.

    Pairs that were compared are left out.
    """
    maps = [np.asarray(place, dtype=np.int64) for place in places]

    def joined(name: str, *, mapped: bool) -> Any:
        kind = np.int64 if mapped else np.float64
        found = [np.empty(0, dtype=kind)]
        for part, place in zip(parts, maps, strict=True):
            values = getattr(part, name)
            found.append(place[values] if mapped else values)
        return np.concatenate(found)

    return Clusters(
        joined("member", mapped=True),
        joined("representative", mapped=True),
        joined("similarity", mapped=False),
        joined("near_member", mapped=True),
        joined("nearest", mapped=True),
        joined("nearest_similarity", mapped=False),
        Compared(np.empty(0, dtype=np.uint64), np.empty(0)),
        sum(part.bytes_read for part in parts),
    )


def first_copies(
    first: npt.NDArray[np.uint64], second: npt.NDArray[np.uint64], groups: npt.NDArray[np.uint64] | None
) -> _Places:
    """Return for each text, in rank order, the best-ranked one with equal content and group.

    Args:
        first: First word of `stack_native.content_keys`, in rank order.
        second: The other word.
        groups: A number per text; only texts of equal number are copies.
    """
    words = first if groups is None else first ^ groups
    order = np.argsort(words, kind="stable")
    kinds = [second] if groups is None else [second, groups]
    others = _differ(kinds, order)
    if (others & ~_differ([words], order)).any():
        # One word may be made to collide, and what is equal must lie together.
        order = np.lexsort((*kinds, words))
        others = _differ(kinds, order)
    new = np.ones(len(words), dtype=np.bool_)
    new[1:] = others | _differ([words], order)
    run = np.flatnonzero(new)
    copies = np.empty(len(words), dtype=np.int64)
    copies[order] = order[np.repeat(run, np.diff(np.append(run, len(words))))]
    return copies


def _differ(columns: Sequence[npt.NDArray[np.uint64]], order: _Places) -> npt.NDArray[np.bool_]:
    """Return for each row of `order` but the first whether it differs from the one before."""
    found = np.zeros(max(0, len(order) - 1), dtype=np.bool_)
    for column in columns:
        found |= column[order[1:]] != column[order[:-1]]
    return found


def member_rows(copy_of: _Places, clusters: Clusters, *, with_nearest: bool) -> Any:
    """Return a row per member of a cluster of two or more, copies included, by (representative, place).

    Args:
        copy_of: For each place the best-ranked text with equal content, -1 for what is in no cluster.
        clusters: What was decided about the best-ranked ones.
        with_nearest: Whether to add the nearest member of each.

    Returns:
        `pyarrow.Table` of `place` and `representative` (int64), `similarity` (float64), `kind` and, if wanted,
        `nearest` (int64) and `nearest_similarity` (float64).
    """
    places = np.arange(len(copy_of))
    stands, similarity = places.copy(), np.ones(len(copy_of))
    stands[clusters.member] = clusters.representative
    similarity[clusters.member] = clusters.similarity
    copies = np.flatnonzero((copy_of >= 0) & (copy_of != places))
    originals = copy_of[copies]
    stands[copies], similarity[copies] = stands[originals], similarity[originals]
    kind = np.zeros(len(copy_of), dtype=np.int8)
    kind[clusters.member], kind[copies] = 2, 1
    sizes = np.bincount(stands[copy_of >= 0], minlength=len(copy_of))
    chosen = np.flatnonzero((copy_of >= 0) & (sizes[stands] > 1))
    chosen = chosen[np.argsort(stands[chosen], kind="stable")]
    kinds = pa.DictionaryArray.from_arrays(pa.array(kind[chosen]), pa.array([KEPT, EXACT, NEAR]))
    columns = {
        "place": pa.array(chosen),
        "representative": pa.array(stands[chosen]),
        "similarity": pa.array(similarity[chosen]),
        "kind": kinds.cast(pa.string()),
    }
    if with_nearest:
        nearest, nearest_similarity = places.copy(), np.ones(len(copy_of))
        nearest[clusters.near_member] = clusters.nearest
        nearest_similarity[clusters.near_member] = clusters.nearest_similarity
        # Written last to first, so that the best-ranked copy stays.
        nearest[originals[::-1]], nearest_similarity[originals] = copies[::-1], 1.0
        nearest[copies] = originals
        columns["nearest"] = pa.array(nearest[chosen])
        columns["nearest_similarity"] = pa.array(nearest_similarity[chosen])
    return pa.table(columns)
