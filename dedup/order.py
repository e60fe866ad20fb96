"""Bring texts into a total order of visits, so that no outcome depends on the order of rows."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc


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
            first, ties are broken by id. By default ids alone decide.

    Returns:
        A permutation of the row numbers.

    Raises:
        ValueError: If `rank` has another length or holds values that do not compare, such as NaN.

    Examples:
        >>> total_rank(["y", "x", "z"], rank=[3, 3, 5]).tolist(), total_rank([7, 5]).tolist()
        ([1, 0, 2], [1, 0])
    """
    array = id_array(ids)
    keys = {"id": array}
    if rank is not None:
        keys = {"rank": _rank_array(rank, len(array)), "id": array}
    order = pc.sort_indices(pa.table(keys), sort_keys=[(name, "ascending") for name in keys]).to_numpy()
    ranks = np.empty(len(array), dtype=np.int64)
    ranks[order] = np.arange(len(array))
    return ranks


def group_keys(groups: Any) -> npt.NDArray[np.uint64]:
    """Return a 64-bit number per value, equal for equal values; nulls are a value of their own.

    Args:
        groups: A `pyarrow.Array`, `ChunkedArray`, numpy array or sequence of integers, strings or bytes.

    Examples:
        >>> keys = group_keys(["c", "python", "c", None])
        >>> bool(keys[0] == keys[2]), len(set(keys.tolist()))
        (True, 3)
    """
    array = groups.combine_chunks() if isinstance(groups, pa.ChunkedArray) else groups
    if not isinstance(array, pa.Array):
        array = pa.array(array)
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    codes = array.dictionary_encode("encode")
    names = [
        hashlib.blake2b(repr(value).encode("utf-8", "surrogatepass"), digest_size=8).digest()
        for value in codes.dictionary.to_pylist()
    ]
    numbers = np.array([int.from_bytes(name, "little") for name in names], dtype=np.uint64)
    keys: npt.NDArray[np.uint64] = numbers[codes.indices.to_numpy()]
    return keys


def _rank_array(rank: Any, count: int) -> Any:
    """Return ranks as an Arrow array that sorts as the values do."""
    if isinstance(rank, pa.ChunkedArray):
        rank = rank.combine_chunks()
    if isinstance(rank, (pa.Array, np.ndarray)):
        array = pa.array(rank)
    else:
        values = list(rank)
        is_plain = {type(value) for value in values} in ({int}, {float}, {str}, {bytes})
        try:
            array = pa.array(values) if is_plain else None
        except (pa.ArrowInvalid, OverflowError):
            array = None
        if array is None:
            array = pa.array(_dense_ranks(values), pa.int64())
    if len(array) != count:
        raise ValueError(f"rank must have {count} values, got {len(array)}")
    if array.null_count or (pa.types.is_floating(array.type) and pc.any(pc.is_nan(array)).as_py()):
        raise ValueError("rank must hold values that compare, got NaN or null")
    return array


def _dense_ranks(values: list[Any]) -> list[int]:
    if any(value != value for value in values):
        raise ValueError("rank must hold values that compare, got NaN or null")
    try:
        order = sorted(range(len(values)), key=values.__getitem__)
    except TypeError as error:
        raise ValueError("rank must hold values that compare with each other") from error
    ranks, dense = [0] * len(values), 0
    for before, row in zip([None, *order], order, strict=False):
        dense += before is not None and values[before] != values[row]
        ranks[row] = dense
    return ranks
