"""The total order of texts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from dedup import total_rank
from dedup.order import group_keys, id_array


@pytest.mark.parametrize(
    ("ids", "rank", "expected"),
    [
        (["b", "a"], None, [1, 0]),
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


def test_order_of_rows_changes_no_place() -> None:
    ids = [f"id{number}" for number in range(50)]
    rank = [number % 3 for number in range(50)]
    places = dict(zip(ids, total_rank(ids, rank=rank).tolist(), strict=True))
    shuffled = np.random.default_rng(1).permutation(50).tolist()
    again = total_rank([ids[row] for row in shuffled], rank=[rank[row] for row in shuffled])
    assert {ids[row]: place for row, place in zip(shuffled, again.tolist(), strict=True)} == places


@pytest.mark.parametrize(
    "groups",
    [
        ["c", "python", "c", None],
        [1, 2, 1, None],
        [b"c", b"\xff", b"c", None],
        ["", "None", "", None],
        [True, False, True, None],
        pa.array(["c", "python", "c", None]).dictionary_encode(),
        pa.chunked_array([["c", "python"], ["c", None]]),
    ],
    ids=str,
)
def test_groups_have_equal_keys_where_values_are_equal(groups: object) -> None:
    first, second, third, null = group_keys(groups).tolist()
    assert first == third and len({first, second, null}) == 3


def test_keys_of_groups_do_not_depend_on_what_else_there_is() -> None:
    assert group_keys(["x", "y"])[1] == group_keys(["y"])[0]
    assert group_keys(np.array([5, 7]))[1] == group_keys([7, None])[0]


def test_no_groups_have_no_keys() -> None:
    assert group_keys([]).tolist() == []
