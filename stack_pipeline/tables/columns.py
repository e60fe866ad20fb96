"""What dictionaries and loops over rows would do, for whole columns: find rows by a key, number distinct ones, set values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def find_rows(keys: pa.ChunkedArray, among: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the row at which each key first stands in another column; null for a null.

    Raises:
        KeyError: If a key is not there.

    Examples:
        >>> find_rows(pa.chunked_array([["b", None, "a"]]), pa.chunked_array([["a", "b"]])).to_pylist()
        [1, None, 0]
    """
    rows = pc.index_in(keys, value_set=among, skip_nulls=True)
    if missing := rows.null_count - keys.null_count:
        raise KeyError(f"{missing} keys without a row")
    return rows


def distinct_rows(table: pa.Table) -> tuple[Any, Any]:
    """Return the first place of each distinct row, and for every row the number of the distinct row that it equals.

    Args:
        table: Columns of values that can be told apart by a dictionary: no lists.

    Examples:
        >>> places, numbers = distinct_rows(pa.table({"a": ["x", "x", None, "x"], "b": [1, 2, 1, 1]}))
        >>> places.tolist(), numbers.tolist()
        ([0, 1, 2], [0, 1, 2, 0])
    """
    places = np.arange(min(1, table.num_rows))
    numbers = np.zeros(table.num_rows, dtype=np.int64)
    for column in table.columns:
        codes = pc.dictionary_encode(column, null_encoding="encode").combine_chunks()
        both = numbers * max(1, len(codes.dictionary)) + np.asarray(codes.indices)
        _, places, numbers = np.unique(both, return_index=True, return_inverse=True)
    return places, numbers


def with_columns(table: pa.Table, **columns: Any) -> pa.Table:
    """Return a table with some columns replaced, or added where it has none of the name.

    Examples:
        >>> with_columns(pa.table({"a": [1], "b": [2]}), b=[3], c=[4]).to_pylist()
        [{'a': 1, 'b': 3, 'c': 4}]
    """
    return pa.table({**dict(zip(table.column_names, table.columns, strict=True)), **columns})
