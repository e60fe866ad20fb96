"""Bring rows into the total order in which near-duplicates are kept: by rank, then by id, whatever the order of reading."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_COMPARED_AT_ONCE = 1 << 20


def id_places(ids: Any) -> tuple[npt.NDArray[np.int64], tuple[int, int] | None]:
    """Return each row's place in the order of ids, and two rows of one id if there are any.

    Args:
        ids: An Arrow array without nulls.
    """
    order = pc.sort_indices(ids)
    for start in range(0, max(0, len(ids) - 1), _COMPARED_AT_ONCE):
        piece = ids.take(order.slice(start, _COMPARED_AT_ONCE + 1))
        same = pc.equal(piece.slice(1), piece.slice(0, len(piece) - 1))
        first = pc.index(same, True).as_py()
        if first >= 0:
            twice = order.slice(start + first, 2).to_pylist()
            return np.empty(0, np.int64), (min(twice), max(twice))
    return inverted(order.to_numpy()), None


def rank_places(ranks: Any, *, descending: bool, ties: npt.NDArray[np.int64] | None) -> npt.NDArray[np.int64]:
    """Return each row's place in the order of rank; unknown ranks come last.

    Args:
        ranks: An Arrow array of values that sort.
        descending: Whether large values come first.
        ties: Places that decide between equal ranks; by default the order of rows.
    """
    columns = {"rank": ranks, "tie": np.arange(len(ranks)) if ties is None else ties}
    keys = [("rank", "descending" if descending else "ascending"), ("tie", "ascending")]
    return inverted(pc.sort_indices(pa.table(columns), sort_keys=keys).to_numpy())


def inverted(order: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return the place of each row in an order of row numbers.

    Examples:
        >>> inverted(np.array([2, 0, 1])).tolist()
        [1, 2, 0]
    """
    places = np.empty(len(order), np.int64)
    places[order] = np.arange(len(order), dtype=np.int64)
    return places
