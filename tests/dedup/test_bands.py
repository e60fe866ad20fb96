"""Bands: how many, how likely, and their keys."""

from __future__ import annotations

import numpy as np
import pytest

from dedup import NO_KEY, band_keys, bands_for, collision_probability
from dedup.signatures import EMPTY_SLOT


@pytest.mark.parametrize(
    ("threshold", "num_perm", "expected"),
    [
        (0.7, 256, (36, 7)),
        (0.85, 256, (21, 12)),
        (0.5, 256, (64, 4)),
        (0.95, 256, (10, 25)),
        (1.0, 256, (1, 256)),
        (0.7, 128, (25, 5)),
        (0.1, 4, (4, 1)),
        (0.7, 1, (1, 1)),
    ],
)
def test_bands_for_known_thresholds(threshold: float, num_perm: int, expected: tuple[int, int]) -> None:
    assert bands_for(threshold, num_perm) == expected


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.6, 0.7, 0.77, 0.85, 0.9, 0.99])
def test_a_pair_at_the_threshold_is_proposed_with_95_percent(threshold: float) -> None:
    bands, rows = bands_for(threshold, 256)
    assert bands * rows <= 256
    assert collision_probability(threshold, bands=bands, rows=rows) >= 0.95
    assert collision_probability(threshold, bands=256 // (rows + 1), rows=rows + 1) < 0.95


def test_probability_at_the_ends_and_between() -> None:
    assert collision_probability(0.0, bands=9, rows=3) == 0.0
    assert collision_probability(1.0, bands=9, rows=3) == 1.0
    assert collision_probability(0.7, bands=36, rows=7) == pytest.approx(0.9547, abs=1e-4)


@pytest.mark.parametrize("threshold", [0.0, -0.1, 1.01, float("nan")])
def test_a_threshold_out_of_range_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match=r"threshold must be in \(0, 1\]"):
        bands_for(threshold, 256)


@pytest.mark.parametrize(
    ("similarity", "bands", "rows"),
    [(1.1, 1, 1), (-0.1, 1, 1), (float("nan"), 1, 1), (0.5, 0, 1), (0.5, 1, 0)],
)
def test_probability_refuses_what_is_out_of_range(similarity: float, bands: int, rows: int) -> None:
    with pytest.raises(ValueError):
        collision_probability(similarity, bands=bands, rows=rows)


def test_keys_agree_exactly_where_bands_do() -> None:
    generator = np.random.default_rng(3)
    signatures = generator.integers(0, 2, size=(200, 12), dtype=np.uint32)
    keys = band_keys(signatures, bands=3, rows=4)
    assert keys.shape == (3, 200) and keys.dtype == np.uint64
    for band in range(3):
        slices = signatures[:, band * 4 : band * 4 + 4]
        same_slice = (slices[:, None, :] == slices[None, :, :]).all(axis=2)
        assert (same_slice == (keys[band, :, None] == keys[band, None, :])).all()
    assert not set(keys[0].tolist()) & set(keys[1].tolist())


def test_keys_see_every_slot_and_the_order_of_slots() -> None:
    base = np.arange(8, dtype=np.uint32)
    others = [base.copy() for _ in range(8)]
    for slot, other in enumerate(others):
        other[slot] += 100
    swapped = base[[1, 0, 2, 3, 4, 5, 6, 7]]
    keys = band_keys(np.array([base, swapped, *others]), bands=1, rows=8)
    assert len(np.unique(keys)) == 10


def test_slots_beyond_the_bands_change_nothing() -> None:
    signatures = np.arange(20, dtype=np.uint32).reshape(2, 10)
    longer = np.hstack([signatures, np.full((2, 3), 7, dtype=np.uint32)])
    assert (band_keys(signatures, bands=5, rows=2) == band_keys(longer, bands=5, rows=2)).all()


def test_keys_never_change() -> None:
    signatures = np.array([[1, 2, 3, 4], [EMPTY_SLOT] * 3 + [0]], dtype=np.uint32)
    assert band_keys(signatures, bands=2, rows=2).tolist() == [
        [9278896781154883397, 12497457114234100219],
        [7873665374955499722, 4937237141211252077],
    ]


def test_only_empty_signatures_have_no_key() -> None:
    signatures = np.array([[EMPTY_SLOT] * 4, [EMPTY_SLOT] * 3 + [5]], dtype=np.uint32)
    keys = band_keys(signatures, bands=2, rows=2)
    assert (keys[:, 0] == NO_KEY).all() and (keys[:, 1] != NO_KEY).all()


@pytest.mark.parametrize(
    ("bands", "rows"), [(0, 1), (1, 0), (3, 2), (5, 1), (1, 5), (-1, -1), (-2, 2), (2, -2), (2**40, 2**40)]
)
def test_bands_that_do_not_fit_are_refused(bands: int, rows: int) -> None:
    with pytest.raises(ValueError, match="bands"):
        band_keys(np.zeros((2, 4), dtype=np.uint32), bands=bands, rows=rows)


@pytest.mark.parametrize("shape", [(4,), (2, 2, 2), (2, 0)])
def test_what_is_no_table_of_signatures_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"signatures must be of shape \(texts, num_perm\)"):
        band_keys(np.zeros(shape, dtype=np.uint32), bands=1, rows=1)


def test_no_texts_have_no_keys() -> None:
    assert band_keys(np.empty((0, 8), dtype=np.uint32), bands=4, rows=2).shape == (4, 0)
