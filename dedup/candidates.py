"""Propose pairs: texts that share a band key are candidates, and those whose signatures agree go on.

Texts are known by their place in rank order; a pair is packed as `left << 32 | right` with left < right, so that
sorted pairs are in rank order. Each band is worked by itself, as long as all texts of a key are in one call; what
comes out depends on nothing but the keys, the signatures and the number of texts.

A bucket that has more members than a limit (one template copied ten thousand times) would give a number of pairs
quadratic in it; of those each member is only paired with the bucket's first members in rank order, which is where
its representative is to be sought.

The estimate gate lets a pair pass if its signatures are equal in a share of slots that lies at most `GATE_MARGIN`
below the threshold, which loses few pairs that lie at it and hardly any above.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

import stack_native
from dedup.checks import check_integer

MAX_BUCKET = 256
BUCKET_HEADS = 32
GATE_MARGIN = 0.05

Packed = npt.NDArray[np.uint64]
Gate = Callable[[Packed], Packed]

_PAIRS_AT_ONCE = 4_000_000
_HALF = np.uint64(32)


@dataclass
class CandidateReport:
    """What bands and buckets gave.

    Attributes:
        candidates: Distinct pairs of the gate's input; a pair that did not pass and was proposed again much later
            counts again.
        truncated_buckets: Buckets of more than `max_bucket` members, over all bands.
        largest_bucket: Members of the largest bucket, 0 if there is none.
    """

    candidates: int = 0
    truncated_buckets: int = 0
    largest_bucket: int = 0


class Candidates(NamedTuple):
    """Distinct packed pairs in ascending order, and the report."""

    pairs: Packed
    report: CandidateReport


def pack_pairs(left: npt.ArrayLike, right: npt.ArrayLike) -> Packed:
    """Return pairs of places as `left << 32 | right`.

    Examples:
        >>> pack_pairs([0, 1], [2, 3]).tolist() == [2, 2**32 + 3]
        True
    """
    packed: Packed = (np.asarray(left, dtype=np.uint64) << _HALF) | np.asarray(right, dtype=np.uint64)
    return packed


def unpack_pairs(pairs: Packed) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the places of packed pairs, the better-ranked ones first.

    Examples:
        >>> [places.tolist() for places in unpack_pairs(pack_pairs([0, 1], [2, 3]))]
        [[0, 1], [2, 3]]
    """
    return (pairs >> _HALF).astype(np.int64), (pairs & np.uint64(2**32 - 1)).astype(np.int64)


def least_equal_slots(threshold: float, num_perm: int) -> int:
    """Return how many slots must be equal for a pair to pass the estimate gate.

    Examples:
        >>> least_equal_slots(0.7, 256), least_equal_slots(0.02, 256)
        (167, 0)
    """
    return max(0, math.ceil((threshold - GATE_MARGIN) * num_perm))


def signature_gate(signatures: npt.NDArray[np.uint32], *, least_equal: int, threads: int = 1) -> Gate:
    """Return the gate over signatures in memory, shape (texts, num_perm), in rank order."""
    slots = pa.array(signatures.reshape(-1))

    def gate(pairs: Packed) -> Packed:
        found = stack_native.gate_pairs(
            slots,
            pa.array(pairs),
            num_perm=signatures.shape[1],
            least_equal=least_equal,
            threads=threads,
        )
        passed: Packed = found.to_numpy()
        return passed

    return gate


def candidate_pairs(
    bands: Iterable[Packed],
    *,
    gate: Gate | None = None,
    max_bucket: int = MAX_BUCKET,
    bucket_heads: int = BUCKET_HEADS,
    threads: int = 1,
) -> Candidates:
    """Return the distinct pairs of texts that share a key in a band and pass the gate.

    Args:
        bands: For each band its key per text, shape (texts,), in rank order. A text has no bucket where its
            key is `NO_KEY`; keys are compared by their upper halves.
        gate: Takes ascending packed pairs and returns those that pass; by default all do.
        max_bucket: Members up to which all pairs of a bucket are given, at least 2.
        bucket_heads: First members in rank order with which each member of a larger bucket is paired, at
            least 1.
        threads: Threads, in [1, 256]; the pairs do not depend on it.

    Returns:
        Ascending packed pairs, and a report. Memory peaks at some 32 bytes per pair that passed, 48 bytes per
        text and 200 MB.

    Raises:
        ValueError: If a band has another shape or a limit is too small.

    Examples:
        >>> keys = np.array([[5, 5, 0, 6], [1, 2, 0, 2]], dtype=np.uint64) << np.uint64(32)
        >>> pairs, report = candidate_pairs(keys)
        >>> [places.tolist() for places in unpack_pairs(pairs)], report.largest_bucket
        ([[0, 1], [1, 3]], 2)
    """
    check_integer("max_bucket", max_bucket, least=2, most=2**32)
    check_integer("bucket_heads", bucket_heads, least=1, most=2**32)
    report = CandidateReport()
    collected = _Collected(gate or (lambda pairs: pairs), report, threads)
    for keys in bands:
        if keys.ndim != 1 or keys.dtype != np.uint64 or len(keys) >= 2**32:
            raise ValueError(
                f"keys of a band must be uint64 of shape (texts,), got {keys.dtype} {keys.shape}"
            )
        buckets = _Buckets.of(keys, threads)
        report.truncated_buckets += int((buckets.sizes > max_bucket).sum())
        report.largest_bucket = max(report.largest_bucket, int(buckets.sizes.max(initial=0)))
        for packed in _packed_pairs(buckets, max_bucket=max_bucket, bucket_heads=bucket_heads):
            collected.add(packed)
    return Candidates(collected.finish(), report)


@dataclass(frozen=True)
class _Buckets:
    """Members of buckets of two and more, by bucket and then rank; `starts` and `sizes` are per bucket."""

    members: Packed
    starts: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]

    @classmethod
    def of(cls, keys: Packed, threads: int) -> _Buckets:
        words = stack_native.bucket_members(pa.array(keys), threads=threads).to_numpy()
        members, bucket = words & np.uint64(2**32 - 1), words >> _HALF
        starts = np.flatnonzero(np.concatenate([[True], bucket[1:] != bucket[:-1]]))[: len(words)]
        sizes = np.diff(np.append(starts, len(members)))
        return cls(members, starts.astype(np.int64), sizes.astype(np.int64))


def _packed_pairs(buckets: _Buckets, *, max_bucket: int, bucket_heads: int) -> Iterator[Packed]:
    """Yield packed pairs, some millions at a time."""
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


@dataclass
class _Collected:
    """A growing set of pairs that passed; candidates wait until there are many, and are then made distinct."""

    gate: Gate
    report: CandidateReport
    threads: int
    passed: Packed = field(default_factory=lambda: np.empty(0, dtype=np.uint64))
    waiting: list[Packed] = field(default_factory=list)
    count: int = 0

    def add(self, packed: Packed) -> None:
        self.waiting.append(packed)
        self.count += len(packed)
        if self.count >= _PAIRS_AT_ONCE:
            self._merge()

    def finish(self) -> Packed:
        self._merge()
        return self.passed

    def _merge(self) -> None:
        new = _without(_distinct(self.waiting, self.threads), self.passed)
        self.waiting, self.count = [], 0
        if len(new):
            self.report.candidates += len(new)
            self.passed = _distinct([self.passed, self.gate(new)], self.threads)


def _without(pairs: Packed, known: Packed) -> Packed:
    """Return the pairs that are not known; both ascend."""
    if not len(known):
        return pairs
    places = np.minimum(np.searchsorted(known, pairs), len(known) - 1)
    new: Packed = pairs[known[places] != pairs]
    return new


def _distinct(pieces: list[Packed], threads: int) -> Packed:
    if not pieces:
        return np.empty(0, dtype=np.uint64)
    pairs = pa.array(np.concatenate(pieces))
    packed: Packed = stack_native.distinct_pairs(pairs, threads=threads).to_numpy()
    return packed
