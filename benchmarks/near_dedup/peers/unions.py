"""Connected components, for the peers that return pairs, matches or signatures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class Components:
    """Rows joined by edges; the lowest row of a component stands for it."""

    def __init__(self, rows: int) -> None:
        self._parent = list(range(rows))

    def find(self, row: int) -> int:
        """Return the lowest row that is connected to a row."""
        parent = self._parent
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    def join(self, row: int, others: Iterable[int]) -> None:
        """Connect a row with others."""
        for other in others:
            a, b = self.find(row), self.find(other)
            self._parent[max(a, b)] = min(a, b)

    def removed(self) -> list[int]:
        """Return the rows that another row stands for."""
        return [row for row in range(len(self._parent)) if self.find(row) != row]


def join_bands(signatures: Any, components: Components, *, bands: int, rows: int) -> None:
    """Connect the rows of a matrix of signatures that are equal in a band."""
    import numpy as np

    for band in range(bands):
        values = np.ascontiguousarray(signatures[:, band * rows : (band + 1) * rows])
        keys = values.view(f"V{values.dtype.itemsize * rows}").ravel()
        _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        heads = first[inverse.ravel()]
        for row in np.flatnonzero(heads != np.arange(len(heads))).tolist():
            components.join(row, (int(heads[row]),))
