"""Ranges of ids: they cover, do not overlap, and nest."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.ranges import (
    LEAST_RANGES,
    MOST_RANGES,
    RANGE_BYTES,
    overlaps,
    power_of_two,
    range_bounds,
    range_count,
    range_name,
)

IDS = st.text("0123456789abcdef", min_size=40, max_size=40)
EXPONENTS = st.integers(0, 12)


def inside(identity: str, bounds: tuple[str, str]) -> bool:
    return bounds[0] <= identity and (not bounds[1] or identity < bounds[1])


@given(IDS, EXPONENTS)
def test_every_id_lies_in_the_one_range_that_its_first_bits_say(identity: str, exponent: int) -> None:
    count = 1 << exponent
    index = int(identity, 16) >> (160 - exponent)
    found = [number for number in range(count) if inside(identity, range_bounds(number, count))]
    assert found == [index]


@given(EXPONENTS, EXPONENTS, st.data())
def test_ranges_nest(coarse: int, fine: int, data: st.DataObject) -> None:
    coarse, fine = sorted((coarse, fine))
    index = data.draw(st.integers(0, (1 << fine) - 1))
    low, high = range_bounds(index, 1 << fine)
    outer_low, outer_high = range_bounds(index >> (fine - coarse), 1 << coarse)
    assert outer_low <= low
    assert not outer_high or (high and high <= outer_high)


@pytest.mark.parametrize("count", [1, 2, 4, 256, 4096])
def test_ranges_meet_and_are_open_at_the_ends(count: int) -> None:
    bounds = [range_bounds(index, count) for index in range(count)]
    assert bounds[0][0] == ""
    assert bounds[-1][1] == ""
    assert all(one[1] == other[0] != "" for one, other in itertools.pairwise(bounds))


def test_the_finest_ranges_that_are_promised() -> None:
    assert range_bounds(1, 1 << 32) == ("00000001", "00000002")
    assert range_bounds((1 << 32) - 1, 1 << 32) == ("ffffffff", "")


@given(st.integers(0, 1 << 60))
def test_the_number_of_ranges_is_a_power_of_two_within_its_limits(total: int) -> None:
    count = range_count(total)
    assert LEAST_RANGES <= count <= MOST_RANGES
    assert count & (count - 1) == 0
    assert count == MOST_RANGES or count * RANGE_BYTES >= total
    assert range_count(total + 1) >= count


@pytest.mark.parametrize(
    ("parts", "expected"), [(-1, 1), (0, 1), (1, 1), (2, 2), (3, 4), (4, 4), (5, 8), (1025, 2048)]
)
def test_power_of_two(parts: int, expected: int) -> None:
    assert power_of_two(parts) == expected


@given(EXPONENTS, EXPONENTS, st.data())
def test_a_file_overlaps_bounds_exactly_if_an_id_lies_in_both(
    one: int, other: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, (1 << one) - 1))
    bounds_index = data.draw(st.integers(0, (1 << other) - 1))
    bounds = range_bounds(bounds_index, 1 << other)
    shift = min(one, other)
    nested = index >> (one - shift) == bounds_index >> (other - shift)
    for tail in ("-0a1b.parquet", ".parquet", ""):
        assert overlaps(f"snapshots/12/origins/{range_name(index, 1 << one)}{tail}", bounds) is nested


def test_everything_overlaps_open_bounds() -> None:
    assert all(overlaps(f"{range_name(index, 8)}.parquet", ("", "")) for index in range(8))


@pytest.mark.parametrize("name", ["all.parquet", "snapshots/00001-of-00004/x.parquet", "", "1-of.parquet"])
def test_a_file_that_is_not_named_by_a_range_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        overlaps(name, ("", ""))


def test_names_of_ranges_sort_in_their_order() -> None:
    names = [range_name(index, 4096) for index in range(4096)]
    assert names == sorted(names)
    assert names[0] == "00000-of-04096"
