"""Candidate pairs against plain loops."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import (
    NO_KEY,
    Packed,
    candidate_pairs,
    least_equal_slots,
    minhash,
    pack_pairs,
    signature_gate,
    unpack_pairs,
)

Listed = list[tuple[int, int]]


def listed(pairs: Packed) -> Listed:
    left, right = unpack_pairs(pairs)
    return list(zip(left.tolist(), right.tolist(), strict=True))


def spread(keys: Any) -> Packed:
    """Return keys that differ in their upper bits, as hashes do; 0 stays 0."""
    spread_keys: Packed = np.asarray(keys, dtype=np.uint64) << np.uint64(50)
    return spread_keys


def plain_pairs(bands: list[list[int]], *, max_bucket: int, heads: int) -> Listed:
    found = set()
    for keys in bands:
        for key in set(keys) - {NO_KEY}:
            members = [place for place, other in enumerate(keys) if other == key]
            firsts = members if len(members) <= max_bucket else members[:heads]
            found |= {(a, b) for a, b in itertools.product(firsts, members) if a < b}
    return sorted(found)


@given(st.data(), st.integers(0, 14), st.integers(1, 3), st.integers(2, 6), st.integers(1, 4))
def test_pairs_equal_those_of_plain_loops(
    data: st.DataObject, texts: int, bands: int, max_bucket: int, heads: int
) -> None:
    keys = data.draw(
        st.lists(st.lists(st.integers(0, 3), min_size=texts, max_size=texts), min_size=bands, max_size=bands)
    )
    pairs, report = candidate_pairs(
        [spread(band) for band in keys], max_bucket=max_bucket, bucket_heads=heads
    )
    assert listed(pairs) == plain_pairs(keys, max_bucket=max_bucket, heads=heads)
    sizes = [band.count(key) for band in keys for key in set(band) - {NO_KEY}]
    largest = max(sizes, default=0)
    assert report.largest_bucket == (largest if largest > 1 else 0)
    assert report.truncated_buckets == sum(size > max_bucket for size in sizes)
    assert report.candidates == len(pairs)


def test_packed_pairs_come_back_and_sort_by_rank() -> None:
    couples = [(0, 1), (0, 2**32 - 1), (1, 2), (2**32 - 2, 2**32 - 1)]
    packed = pack_pairs(*zip(*couples, strict=True))
    assert packed.dtype == np.uint64 and (np.diff(packed) > 0).all()
    assert listed(packed) == couples


def test_band_by_band_and_key_range_by_key_range_give_the_same_pairs() -> None:
    keys = np.random.default_rng(5).integers(0, 40, size=(6, 300))
    whole = candidate_pairs(spread(keys), max_bucket=6, bucket_heads=3)
    parts: set[tuple[int, int]] = set()
    for band, low in itertools.product(range(6), (0, 20)):
        inside = np.flatnonzero((keys[band] >= low) & (keys[band] < low + 20))
        found = candidate_pairs([spread(keys[band, inside])], max_bucket=6, bucket_heads=3)
        parts |= {(int(inside[a]), int(inside[b])) for a, b in listed(found.pairs)}
    assert whole.report.truncated_buckets > 0
    assert sorted(parts) == listed(whole.pairs)


def test_many_parts_are_merged_to_the_same_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = spread(np.random.default_rng(7).integers(0, 9, size=(5, 200)))

    def odd(pairs: Packed) -> Packed:
        assert (np.diff(pairs) > 0).all() or len(pairs) < 2
        passed: Packed = pairs[pairs % np.uint64(2) == 1]
        return passed

    whole = listed(candidate_pairs(keys, gate=odd).pairs)
    assert len(whole) > 1000
    monkeypatch.setattr("dedup.candidates._PAIRS_AT_ONCE", 10)
    assert listed(candidate_pairs(keys, gate=odd).pairs) == whole


def test_the_gate_lets_pass_what_signatures_say() -> None:
    texts = [" ".join(f"t{i}" for i in range(start, start + 60)) for start in (0, 1, 5, 30, 500)]
    signatures = minhash(texts)
    couples = list(itertools.combinations(range(5), 2))
    equal = {(a, b): int((signatures[a] == signatures[b]).sum()) for a, b in couples}
    least = least_equal_slots(0.7, 256)
    expected = [couple for couple in couples if equal[couple] >= least]
    everything = [np.full(5, 2**60, dtype=np.uint64)]
    for threads in (1, 2, 7):
        gate = signature_gate(signatures, least_equal=least, threads=threads)
        pairs, report = candidate_pairs(everything, gate=gate)
        assert listed(pairs) == expected and report.candidates == 10
    assert 0 < len(expected) < 10


@pytest.mark.parametrize(
    ("threshold", "num_perm", "least"),
    [(0.7, 256, 167), (0.85, 256, 205), (1.0, 256, 244), (0.05, 256, 0), (0.02, 256, 0), (0.7, 1, 1)],
)
def test_the_gate_lies_a_twentieth_below_the_threshold(threshold: float, num_perm: int, least: int) -> None:
    assert least_equal_slots(threshold, num_perm) == least


def test_a_bucket_above_the_limit_pairs_each_member_with_the_heads_only() -> None:
    keys = np.full((2, 5000), 2**60, dtype=np.uint64)
    pairs, report = candidate_pairs(keys, max_bucket=256, bucket_heads=32)
    left, right = unpack_pairs(pairs)
    assert len(pairs) == 31 * 32 // 2 + (5000 - 32) * 32
    assert set(left.tolist()) == set(range(32)) and set(right.tolist()) == set(range(1, 5000))
    assert (report.truncated_buckets, report.largest_bucket) == (2, 5000)


def test_a_bucket_at_the_limit_gives_all_pairs() -> None:
    keys = np.full((1, 256), 2**60, dtype=np.uint64)
    pairs, report = candidate_pairs(keys)
    assert len(pairs) == 256 * 255 // 2
    assert (report.truncated_buckets, report.largest_bucket) == (0, 256)


def test_no_bands_and_no_texts_have_no_pairs() -> None:
    assert len(candidate_pairs([]).pairs) == 0
    assert len(candidate_pairs(np.empty((3, 0), dtype=np.uint64)).pairs) == 0
    assert len(candidate_pairs([spread([7])]).pairs) == 0


@pytest.mark.parametrize(
    ("keys", "options"),
    [
        (np.zeros((2, 2, 2), dtype=np.uint64), {}),
        (np.zeros((2, 2), dtype=np.int64), {}),
        (np.zeros((2, 2), dtype=np.uint64), {"max_bucket": 1}),
        (np.zeros((2, 2), dtype=np.uint64), {"bucket_heads": 0}),
    ],
)
def test_bad_arguments_are_refused(keys: Any, options: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        candidate_pairs(
            keys, max_bucket=options.get("max_bucket", 2), bucket_heads=options.get("bucket_heads", 1)
        )
