"""Lookups and distinct rows for whole columns, held against dictionaries."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.tables.columns import distinct_rows, find_rows, with_columns

VALUES = st.sampled_from([None, "", "a", "b"])
NUMBERS = st.sampled_from([None, 0, 1])


@given(st.lists(st.tuples(VALUES, NUMBERS)))
def test_distinct_rows_are_those_of_a_dictionary(rows: list[tuple[str | None, int | None]]) -> None:
    columns = {
        "text": pa.array([row[0] for row in rows], pa.string()),
        "number": pa.array([row[1] for row in rows], pa.int64()),
    }
    places, numbers = distinct_rows(pa.table(columns))
    assert len(places) == len(set(rows))
    assert [rows[places[number]] for number in numbers] == rows
    assert all(rows.index(rows[place]) == place for place in places)


@pytest.mark.parametrize("cut", [0, 1, 3])
def test_rows_are_found_whatever_the_chunks(cut: int) -> None:
    among = ["c", "a", "b"]
    keys = pa.chunked_array([["b", None], ["c", "b"]])
    chunks = pa.chunked_array([among[:cut], among[cut:]], pa.string())
    assert find_rows(keys, chunks).to_pylist() == [2, None, 0, 2]


def test_a_key_without_a_row_is_an_error() -> None:
    with pytest.raises(KeyError, match="1 keys"):
        find_rows(pa.chunked_array([["a", "x", None]]), pa.chunked_array([["a"]]))
    with pytest.raises(KeyError, match="1 keys"):
        find_rows(pa.chunked_array([["x"]]), pa.chunked_array([], pa.string()))


def test_columns_are_replaced_in_place_and_added_at_the_end() -> None:
    table = with_columns(pa.table({"a": [1], "b": ["x"]}), c=[True], a=[2.5])
    assert table.to_pylist() == [{"a": 2.5, "b": "x", "c": True}]
    assert table.column_names == ["a", "b", "c"]
