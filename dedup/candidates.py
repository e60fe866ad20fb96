"""Propose pairs: texts that share a band key are candidates.

Each column of keys is worked by itself, so a pipeline may call this band by band, or for a range of keys of
one band, as long as all texts of a key are in one call; the union of the pairs is the same. A bucket that
has more members than a limit (one template copied ten thousand times) would give a number of pairs
quadratic in it; of those each member is only paired with the bucket's first members in rank order, which is
where its representative is to be sought.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.bands import NO_KEY
from dedup.order import visiting_order

_PAIRS_AT_ONCE = 4_000_000
_HALF = np.uint64(32)


class Pairs(NamedTuple):
    """Pairs of row numbers; `left[i]` comes before `right[i]` in rank order."""

    left: npt.NDArray[np.uint32]
    right: npt.NDArray[np.uint32]


@dataclass(frozen=True)
class CandidateReport:
    """What the limit on buckets did.

    Attributes:
        truncated_buckets: Buckets of more than `max_bucket` members, over all bands.
        largest_bucket: Members of the largest bucket, 0 if there is none.
    """

    truncated_buckets: int
    largest_bucket: int


class Candidates(NamedTuple):
    """Distinct candidate pairs, sorted by (rank of left, rank of right), and the report on their buckets."""

    pairs: Pairs
    report: CandidateReport


def candidate_pairs(
    keys: npt.NDArray[np.uint64],
    *,
    rank: npt.ArrayLike | None = None,
    max_bucket: int = 2000,
    bucket_heads: int = 64,
) -> Candidates:
    """Return the distinct pairs of texts that share a key in the same band.

    Args:
        keys: Shape (texts, bands), or (texts,) for a single band. A text has no bucket where its key is
            `NO_KEY`.
        rank: Distinct integers, lower is visited first; by default the order of rows.
        max_bucket: Members up to which all pairs of a bucket are given, at least 2.
        bucket_heads: First members in rank order with which each member of a larger bucket is paired, at
            least 1.

    Returns:
        Pairs of row numbers and a report. At most `max(max_bucket / 2, bucket_heads)` pairs per text and
        band; memory peaks at some 32 bytes per distinct pair, 48 bytes per text and 200 MB.

    Raises:
        ValueError: If `keys` has another shape, `rank` is not distinct or a limit is too small.

    Examples:
        >>> keys = np.array([[5, 1], [5, 2], [0, 0], [6, 2]], dtype=np.uint64)
        >>> pairs, report = candidate_pairs(keys, rank=[9, 8, 7, 6])
        >>> list(zip(pairs.left.tolist(), pairs.right.tolist())), report.largest_bucket
        ([(3, 1), (1, 0)], 2)
    """
    columns = keys[:, np.newaxis] if keys.ndim == 1 else keys
    if columns.ndim != 2 or columns.dtype != np.uint64 or len(columns) >= 2**32:
        raise ValueError(
            f"keys must be uint64 of shape (texts, bands), got {keys.dtype} of shape {keys.shape}"
        )
    if max_bucket < 2 or bucket_heads < 1:
        raise ValueError(
            f"max_bucket and bucket_heads must be at least 2 and 1, got {max_bucket} and {bucket_heads}"
        )
    order = visiting_order(rank, len(columns))
    distinct = _DistinctPairs()
    truncated, largest = 0, 0
    for band in range(columns.shape[1]):
        buckets = _Buckets.of(columns[order, band])
        truncated += int((buckets.sizes > max_bucket).sum())
        largest = max(largest, int(buckets.sizes.max(initial=0)))
        for packed in _packed_pairs(buckets, max_bucket=max_bucket, bucket_heads=bucket_heads):
            distinct.add(packed)
    packed = distinct.sorted()
    left = order[(packed >> _HALF).astype(np.int64)].astype(np.uint32)
    right = order[(packed & np.uint64(2**32 - 1)).astype(np.int64)].astype(np.uint32)
    return Candidates(Pairs(left, right), CandidateReport(truncated, largest))


@dataclass(frozen=True)
class _Buckets:
    """Members (places in rank order) by bucket and then rank; `starts` and `sizes` are per bucket."""

    members: npt.NDArray[np.uint64]
    starts: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]

    @classmethod
    def of(cls, keys: npt.NDArray[np.uint64]) -> _Buckets:
        present = np.flatnonzero(keys != NO_KEY)
        members = present[np.argsort(keys[present], kind="stable")]
        by_bucket = keys[members]
        new = np.flatnonzero(by_bucket[1:] != by_bucket[:-1]) + 1
        starts = np.concatenate([[0], new]) if len(members) else np.empty(0, dtype=np.int64)
        sizes = np.diff(np.append(starts, len(members)))
        return cls(members.astype(np.uint64), starts.astype(np.int64), sizes.astype(np.int64))


def _packed_pairs(
    buckets: _Buckets, *, max_bucket: int, bucket_heads: int
) -> Iterator[npt.NDArray[np.uint64]]:
    """Yield pairs as `left << 32 | right`, some millions at a time."""
    start = np.repeat(buckets.starts, buckets.sizes)
    before = np.arange(len(start)) - start
    limited = np.repeat(buckets.sizes > max_bucket, buckets.sizes)
    partners = np.where(limited, np.minimum(before, bucket_heads), before)
    total = np.cumsum(partners)
    low = 0
    while low < len(partners):
        done = int(total[low - 1]) if low else 0
        high = max(low + 1, int(np.searchsorted(total, done + _PAIRS_AT_ONCE, side="right")))
        counts = partners[low:high]
        firsts = np.cumsum(counts) - counts
        offsets = np.arange(int(counts.sum())) - np.repeat(firsts, counts)
        left = buckets.members[np.repeat(start[low:high], counts) + offsets]
        yield (left << _HALF) | np.repeat(buckets.members[low:high], counts)
        low = high


class _DistinctPairs:
    """A growing set of packed pairs, merged only when the new ones outweigh the old."""

    def __init__(self) -> None:
        self._merged: npt.NDArray[np.uint64] = np.empty(0, dtype=np.uint64)
        self._pending: list[npt.NDArray[np.uint64]] = []
        self._waiting = 0

    def add(self, packed: npt.NDArray[np.uint64]) -> None:
        self._pending.append(packed)
        self._waiting += len(packed)
        if self._waiting >= max(_PAIRS_AT_ONCE, len(self._merged)):
            self._merge()

    def sorted(self) -> npt.NDArray[np.uint64]:
        self._merge()
        return self._merged

    def _merge(self) -> None:
        packed = np.concatenate([self._merged, *self._pending])
        self._pending, self._waiting = [], 0
        # Not numpy.unique: for integers it hashes, which is many times slower here than to sort in place.
        packed.sort()
        new = np.ones(len(packed), dtype=np.bool_)
        np.not_equal(packed[1:], packed[:-1], out=new[1:])
        self._merged = packed[new]
