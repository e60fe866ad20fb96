"""`stack_native.gate_pairs` against numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stack_native


def pack(pairs: list[tuple[int, int]]) -> Any:
    return pa.array([left << 32 | right for left, right in pairs], pa.uint64())


@given(st.integers(0, 8), st.integers(1, 70), st.integers(0, 2**32 - 1), st.integers(1, 3), st.data())
def test_pairs_pass_by_their_number_of_equal_slots(
    texts: int, num_perm: int, seed: int, threads: int, data: st.DataObject
) -> None:
    least_equal = data.draw(st.integers(0, num_perm))
    slots = np.random.default_rng(seed).integers(0, 2, size=(texts, num_perm), dtype=np.uint32)
    couples = [(a, b) for a in range(texts) for b in range(a + 1, texts)]
    pairs = data.draw(st.lists(st.sampled_from(couples), max_size=40)) if couples else []
    expected = [(a, b) for a, b in pairs if int((slots[a] == slots[b]).sum()) >= least_equal]
    found = stack_native.gate_pairs(
        pa.array(slots.reshape(-1)), pack(pairs), num_perm=num_perm, least_equal=least_equal, threads=threads
    )
    assert found.equals(pack(expected))


def test_the_order_given_stays_for_any_number_of_threads() -> None:
    generator = np.random.default_rng(2)
    slots = generator.integers(0, 2, size=(300, 16), dtype=np.uint32)
    left = generator.integers(0, 299, size=200_000).astype(np.uint64)
    pairs = left << np.uint64(32) | (left + np.uint64(1))
    passed = (slots[left] == slots[left + np.uint64(1)]).sum(axis=1) >= 8
    assert 0 < passed.sum() < len(pairs)
    for threads in (1, 2, 7, 256):
        found = stack_native.gate_pairs(
            pa.array(slots.reshape(-1)), pa.array(pairs), num_perm=16, least_equal=8, threads=threads
        )
        assert found.equals(pa.array(pairs[passed]))


SLOTS = pa.array([1, 2, 3, 4], pa.uint32())


@pytest.mark.parametrize(
    ("slots", "pairs", "options", "message"),
    [
        (SLOTS, pack([(0, 2)]), {}, "pairs must hold row numbers below 2, row 0 does not"),
        (SLOTS, pack([(0, 1), (1, 1)]), {}, "pairs must hold row numbers below 2, row 1 does not"),
        (SLOTS, pack([(1, 0)]), {}, "pairs must hold row numbers"),
        (SLOTS, pa.array([None], pa.uint64()), {}, "pairs must hold row numbers"),
        (SLOTS, pa.array([1], pa.int64()), {}, "pairs must be an array of uint64, got Int64"),
        (SLOTS.cast(pa.uint64()), pack([]), {}, "signatures must be an array of uint32, got UInt64"),
        (SLOTS.slice(1), pack([]), {}, "signatures must have 4 values, got 3"),
        (pa.array([1, None], pa.uint32()), pack([]), {}, "signatures must"),
        (SLOTS, pack([]), {"least_equal": 3}, r"least_equal must be in \[0, 2\], got 3"),
        (SLOTS, pack([]), {"least_equal": -1}, r"least_equal must be in \[0, 2\], got -1"),
        (SLOTS, pack([]), {"num_perm": 0}, "num_perm must be in"),
        (SLOTS, pack([]), {"threads": 0}, r"threads must be in \[1, 256\], got 0"),
    ],
)
def test_bad_arguments_are_value_errors(
    slots: Any, pairs: Any, options: dict[str, int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        stack_native.gate_pairs(slots, pairs, **({"num_perm": 2, "least_equal": 1} | options))
