"""Bring texts into a total order of visits, so that no outcome depends on the order of rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa


def id_array(ids: Any) -> Any:
    """Return `ids` as one Arrow array, checked to be distinct and without nulls.

    Args:
        ids: A `pyarrow.Array`, `ChunkedArray`, numpy array or sequence of integers, strings or bytes.

    Raises:
        ValueError: If an id is null or occurs twice.
    """
    if isinstance(ids, np.ndarray) and ids.dtype.kind in "SV":
        raise ValueError("ids must not be fixed-width numpy bytes, which lose trailing zero bytes")
    array = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids
    if not isinstance(array, pa.Array):
        array = pa.array(array)
    if array.null_count:
        raise ValueError(f"ids must not be null, got {array.null_count} nulls")
    if len(array.unique()) != len(array):
        raise ValueError(f"ids must be distinct, got {len(array.unique())} distinct among {len(array)}")
    return array


def total_rank(ids: Any, *, rank: Any = None) -> npt.NDArray[np.int64]:
    """Return each row's place in the order of (`rank`, id), 0 for the first.

    Args:
        ids: What `id_array` takes.
        rank: A value per row, of any kind that sorts (numbers, strings, tuples of these); lower comes
            first, ties are broken by id. By default the order of rows.

    Returns:
        A permutation of the row numbers.

    Raises:
        ValueError: If `rank` has another length or holds values that do not compare, such as NaN.

    Examples:
        >>> total_rank(["x", "y", "z"], rank=[5, 3, 3]).tolist()
        [2, 0, 1]
    """
    array = id_array(ids)
    places = np.arange(len(array), dtype=np.int64)
    if rank is None:
        return places
    values = _as_list(rank)
    if len(values) != len(array):
        raise ValueError(f"rank must have {len(array)} values, got {len(values)}")
    if any(value != value for value in values):
        raise ValueError("rank must hold values that compare, got NaN")
    keys = list(zip(values, array.to_pylist(), strict=True))
    try:
        order = sorted(range(len(keys)), key=keys.__getitem__)
    except TypeError as error:
        raise ValueError("rank must hold values that compare with each other") from error
    ranks = np.empty_like(places)
    ranks[np.array(order, dtype=np.int64)] = places
    return ranks


def visiting_order(rank: npt.ArrayLike | None, rows: int) -> npt.NDArray[np.int64]:
    """Return the row numbers by ascending `rank`.

    Args:
        rank: `rows` distinct integers, such as `total_rank` gives; None for the order of rows.
        rows: Number of rows.

    Raises:
        ValueError: If `rank` is not `rows` distinct integers.

    Examples:
        >>> visiting_order([7, 9, 2], 3).tolist()
        [2, 0, 1]
    """
    if rank is None:
        return np.arange(rows, dtype=np.int64)
    ranks = np.asarray(rank)
    if ranks.shape != (rows,) or (rows and not np.issubdtype(ranks.dtype, np.integer)):
        raise ValueError(f"rank must be {rows} integers, got {ranks.dtype} of shape {ranks.shape}")
    order = np.argsort(ranks, kind="stable").astype(np.int64)
    if (ranks[order[1:]] == ranks[order[:-1]]).any():
        raise ValueError("rank must be distinct; make it so by total_rank(ids, rank=...)")
    return order


def _as_list(values: Any) -> Sequence[Any]:
    if isinstance(values, (pa.Array, pa.ChunkedArray)):
        listed: Sequence[Any] = values.to_pylist()
        return listed
    return values.tolist() if isinstance(values, np.ndarray) else list(values)
