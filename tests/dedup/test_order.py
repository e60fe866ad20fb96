"""The total order of texts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from dedup import total_rank
from dedup.order import id_array, visiting_order


@pytest.mark.parametrize(
    ("ids", "rank", "expected"),
    [
        (["b", "a"], None, [0, 1]),
        (["b", "a"], [1, 1], [1, 0]),
        ([3, 1, 2], [0.5, 0.25, 0.5], [2, 0, 1]),
        ([b"\x02", b"\x01\xff", b"\x01"], [0, 0, 0], [2, 1, 0]),
        (pa.array([b"z", b"y"], pa.binary(1)), pa.array([-1, -2]), [1, 0]),
        (pa.chunked_array([["x"], ["y"]]), np.array([2, 1], dtype=np.uint8), [1, 0]),
        (["x", "y"], [(False, -5, "h"), (False, -9, "h")], [1, 0]),
        ([], [], []),
    ],
)
def test_rank_comes_first_and_ids_break_ties(ids: object, rank: object, expected: list[int]) -> None:
    assert total_rank(ids, rank=rank).tolist() == expected


@pytest.mark.parametrize(
    "rank", [[1], [1, 2, 3], [1, "a"], [1, None], [1.0, float("nan")], np.array([np.nan, 1.0])], ids=str
)
def test_a_rank_that_is_no_order_is_refused(rank: object) -> None:
    with pytest.raises(ValueError, match=r"^rank must"):
        total_rank(["a", "b"], rank=rank)


@pytest.mark.parametrize(
    "ids", [["a", "a"], ["a", None], pa.array([1, 1]), np.array([b"a\0", b"b"])], ids=str
)
def test_ids_that_do_not_name_are_refused(ids: object) -> None:
    with pytest.raises(ValueError, match=r"^ids must"):
        id_array(ids)


@pytest.mark.parametrize("rank", [[1, 1, 2], [1, 2], [0.0, 1.0, 2.0], [[1, 2, 3]]])
def test_a_rank_that_is_not_distinct_integers_is_refused(rank: list[float]) -> None:
    with pytest.raises(ValueError, match=r"^rank must"):
        visiting_order(rank, 3)
