"""Candidate pairs against plain loops."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import NO_KEY, candidate_pairs
from dedup.candidates import Pairs

Listed = list[tuple[int, int]]


def listed(pairs: Pairs) -> Listed:
    assert pairs.left.dtype == pairs.right.dtype == np.uint32
    return list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))


def plain_pairs(keys: list[list[int]], rank: list[int], *, max_bucket: int, heads: int) -> Listed:
    found = set()
    for band in range(len(keys[0]) if keys else 0):
        for key in {row[band] for row in keys} - {NO_KEY}:
            members = sorted((r for r, row in enumerate(keys) if row[band] == key), key=rank.__getitem__)
            firsts = members if len(members) <= max_bucket else members[:heads]
            found |= {(a, b) for a, b in itertools.product(firsts, members) if rank[a] < rank[b]}
    return sorted(found, key=lambda pair: (rank[pair[0]], rank[pair[1]]))


@settings(deadline=None)
@given(st.data(), st.integers(0, 14), st.integers(1, 3), st.integers(2, 6), st.integers(1, 4))
def test_pairs_equal_those_of_plain_loops(
    data: st.DataObject, rows: int, bands: int, max_bucket: int, heads: int
) -> None:
    table = st.lists(st.integers(0, 3), min_size=bands, max_size=bands)
    keys = data.draw(st.lists(table, min_size=rows, max_size=rows))
    rank = data.draw(st.permutations(range(rows)))
    array = np.array(keys, dtype=np.uint64).reshape(rows, bands)
    pairs, report = candidate_pairs(array, rank=rank, max_bucket=max_bucket, bucket_heads=heads)
    assert listed(pairs) == plain_pairs(keys, rank, max_bucket=max_bucket, heads=heads)
    sizes = [
        sum(row[band] == key for row in keys)
        for band in range(bands)
        for key in {r[band] for r in keys} - {NO_KEY}
    ]
    assert report.largest_bucket == max(sizes, default=0)
    assert report.truncated_buckets == sum(size > max_bucket for size in sizes)


def test_band_by_band_and_key_range_by_key_range_give_the_same_pairs() -> None:
    keys = np.random.default_rng(5).integers(0, 40, size=(300, 6)).astype(np.uint64)
    rank = np.random.default_rng(6).permutation(300)
    limits = {"max_bucket": 6, "bucket_heads": 3}
    whole = candidate_pairs(keys, rank=rank, **limits)
    parts = []
    for band, low in itertools.product(range(6), (0, 20)):
        inside = np.flatnonzero((keys[:, band] >= low) & (keys[:, band] < low + 20))
        pairs = candidate_pairs(keys[inside, band], rank=rank[inside], **limits).pairs
        parts += [(int(inside[a]), int(inside[b])) for a, b in listed(pairs)]
    assert whole.report.truncated_buckets > 0
    assert set(parts) == set(listed(whole.pairs))


def test_many_parts_are_merged_to_the_same_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = np.random.default_rng(7).integers(0, 9, size=(200, 5)).astype(np.uint64)
    whole = listed(candidate_pairs(keys).pairs)
    monkeypatch.setattr("dedup.candidates._PAIRS_AT_ONCE", 10)
    assert listed(candidate_pairs(keys).pairs) == whole


def test_a_bucket_above_the_limit_pairs_each_member_with_the_heads_only() -> None:
    keys = np.full((5000, 2), 9, dtype=np.uint64)
    pairs, report = candidate_pairs(keys, rank=np.arange(5000)[::-1])
    assert len(pairs.left) == 63 * 64 // 2 + (5000 - 64) * 64
    assert set(pairs.left.tolist()) == set(range(4936, 5000))
    assert (report.truncated_buckets, report.largest_bucket) == (2, 5000)


def test_a_bucket_at_the_limit_gives_all_pairs() -> None:
    keys = np.ones(2000, dtype=np.uint64)
    pairs, report = candidate_pairs(keys)
    assert len(pairs.left) == 2000 * 1999 // 2
    assert (report.truncated_buckets, report.largest_bucket) == (0, 2000)


@pytest.mark.parametrize(
    ("keys", "options"),
    [
        (np.zeros((2, 2, 2), dtype=np.uint64), {}),
        (np.zeros((2, 2), dtype=np.int64), {}),
        (np.zeros((2, 2), dtype=np.uint64), {"rank": [1, 1]}),
        (np.zeros((2, 2), dtype=np.uint64), {"rank": [1]}),
        (np.zeros((2, 2), dtype=np.uint64), {"max_bucket": 1}),
        (np.zeros((2, 2), dtype=np.uint64), {"bucket_heads": 0}),
    ],
)
def test_bad_arguments_are_refused(keys: np.ndarray, options: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        candidate_pairs(keys, **options)  # type: ignore[arg-type]
