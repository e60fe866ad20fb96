"""All texts of a run as one Arrow array, filled piece by piece, so that no text is held twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa


class TextBuffer:
    """Grows by pieces.

    Args:
        count: Number of texts.
        size: Bytes of all texts, about; memory is taken when it is filled.
    """

    def __init__(self, count: int, size: int) -> None:
        self._data = np.empty(max(1, size), dtype=np.uint8)
        self._offsets = np.zeros(count + 1, dtype=np.int64)
        self._is_valid = np.zeros(count, dtype=np.bool_)
        self._count = self._size = 0

    def append(self, texts: Any) -> None:
        """Add a large_binary array."""
        offsets = np.frombuffer(texts.buffers()[1], dtype=np.int64)[
            texts.offset : texts.offset + len(texts) + 1
        ]
        size = int(offsets[-1] - offsets[0])
        if self._size + size > len(self._data):
            self._data.resize(max(self._size + size, len(self._data) * 5 // 4), refcheck=False)
        if size:
            data = np.frombuffer(texts.buffers()[2], dtype=np.uint8)
            self._data[self._size : self._size + size] = data[int(offsets[0]) : int(offsets[-1])]
        end = self._count + len(texts)
        self._offsets[self._count + 1 : end + 1] = offsets[1:] - offsets[0] + self._size
        self._is_valid[self._count : end] = texts.is_valid().to_numpy(zero_copy_only=False)
        self._count, self._size = end, self._size + size

    def array(self) -> Any:
        """Return what was added; it shares the memory."""
        valid = None
        if not self._is_valid.all():
            valid = pa.py_buffer(np.packbits(self._is_valid, bitorder="little"))
        buffers = [valid, pa.py_buffer(self._offsets), pa.py_buffer(self._data)]
        return pa.LargeBinaryArray.from_buffers(pa.large_binary(), self._count, buffers)
