"""`stack_native.band_keys` against its arithmetic in plain Python."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stack_native

MASK = 2**64 - 1
START, MULTIPLY = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9
EMPTY = 2**32 - 1


def mum(a: int, b: int) -> int:
    return (a * b & MASK) ^ (a * b >> 64)


def plain_key(band: int, slots: list[int]) -> int:
    state = (band + 1) * START & MASK
    for first, second in zip(slots[::2], slots[1::2], strict=False):
        state = mum(state ^ (second << 32 | first), MULTIPLY)
    if len(slots) % 2:
        state = mum(state ^ slots[-1] ^ START, MULTIPLY)
    return max(1, (state ^ state >> 29) * START & MASK)


def plain_keys(signatures: list[list[int]], bands: int, rows: int) -> list[int]:
    return [
        0 if set(slots) == {EMPTY} else plain_key(band, slots[band * rows : (band + 1) * rows])
        for band in range(bands)
        for slots in signatures
    ]


def keys_of(signatures: list[list[int]], num_perm: int, bands: int, rows: int) -> Any:
    slots = pa.array([slot for signature in signatures for slot in signature], pa.uint32())
    return stack_native.band_keys(slots, num_perm=num_perm, bands=bands, rows=rows)


@given(st.data(), st.integers(1, 12))
def test_keys_equal_those_of_plain_arithmetic(data: st.DataObject, num_perm: int) -> None:
    slot = st.one_of(st.sampled_from([0, 1, EMPTY]), st.integers(0, EMPTY))
    signatures = data.draw(st.lists(st.lists(slot, min_size=num_perm, max_size=num_perm), max_size=5))
    bands = data.draw(st.integers(1, num_perm))
    rows = data.draw(st.integers(1, num_perm // bands))
    assert keys_of(signatures, num_perm, bands, rows).to_pylist() == plain_keys(signatures, bands, rows)


def test_only_a_text_without_shingles_has_no_key() -> None:
    signatures = [[EMPTY] * 4, [EMPTY] * 3 + [5], [5] + [EMPTY] * 3]
    found = keys_of(signatures, 4, 2, 2).to_pylist()
    assert [key == 0 for key in found] == [True, False, False] * 2


def test_many_signatures_are_worked_in_blocks() -> None:
    signatures = [[row % 7, row % 5, row % 3, row] for row in range(1000)]
    assert keys_of(signatures, 4, 2, 2).to_pylist() == plain_keys(signatures, 2, 2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bands": 3, "rows": 2}, r"rows must be in \[1, 1\], got 2"),
        ({"bands": 0}, r"bands must be in \[1, 4\], got 0"),
        ({"bands": 5}, r"bands must be in \[1, 4\], got 5"),
        ({"rows": 0}, r"rows must be in \[1, 2\], got 0"),
        ({"num_perm": 0}, "num_perm must be in"),
        ({"num_perm": 3, "bands": 1}, "signatures must have 9 values, got 8"),
    ],
)
def test_bands_that_do_not_fit_are_refused(options: dict[str, int], message: str) -> None:
    slots = pa.array([1] * 8, pa.uint32())
    with pytest.raises(ValueError, match=message):
        stack_native.band_keys(slots, **({"num_perm": 4, "bands": 2, "rows": 2} | options))


def test_slots_of_another_type_are_refused() -> None:
    with pytest.raises(ValueError, match="signatures must be an array of uint32, got UInt64"):
        stack_native.band_keys(pa.array([1], pa.uint64()), num_perm=1, bands=1, rows=1)
