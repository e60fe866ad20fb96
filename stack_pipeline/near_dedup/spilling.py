"""Where a streaming run puts what it does not hold: one file of signatures, one per band, one of texts."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Slots = npt.NDArray[np.uint32]
Keys = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]


class SignatureFile:
    """Signatures in order of rows.

    Args:
        path: The file, made anew.
        num_perm: Slots of a signature.
    """

    def __init__(self, path: Path, num_perm: int) -> None:
        self._file = path.open("w+b")
        self._num_perm = num_perm

    def append(self, signatures: Slots) -> None:
        """Add rows."""
        self._file.write(np.ascontiguousarray(signatures).data)

    def gather(self, rows: Rows) -> Slots:
        """Return the signatures of rows that ascend."""
        self._file.flush()
        size, file = 4 * self._num_perm, self._file.fileno()
        found = np.empty((len(rows), self._num_perm), dtype=np.uint32)
        view = found.data.cast("B")
        for start, end in _runs(rows):
            _read(file, view[size * start : size * end], size * int(rows[start]))
        return found

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class BandFiles:
    """The keys of each band in order of rows, a file per band.

    Args:
        folder: Where the files are made.
        bands: How many.
    """

    def __init__(self, folder: Path, bands: int) -> None:
        self._paths = [folder / f"band-{band:05d}" for band in range(bands)]
        self._stack = ExitStack()
        # Of very many bands a few are open at a time.
        self._files: list[IO[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def append(self, keys: Keys) -> None:
        """Add rows; shape (bands, rows)."""
        if len(self._paths) > 128:
            for path, column in zip(self._paths, keys, strict=True):
                with path.open("ab") as file:
                    file.write(np.ascontiguousarray(column).data)
            return
        if not self._files:
            self._files = [self._stack.enter_context(path.open("wb")) for path in self._paths]
        for opened, column in zip(self._files, keys, strict=True):
            opened.write(np.ascontiguousarray(column).data)

    def __iter__(self) -> Iterator[Keys]:
        """Yield the keys of each band, one band in memory at a time."""
        for file in self._files:
            file.flush()
        for path in self._paths:
            yield np.fromfile(path, dtype=np.uint64) if path.exists() else np.empty(0, dtype=np.uint64)


class TextFile:
    """Texts one after the other.

    Args:
        path: The file, made anew.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("w+b")
        self._ends: list[Rows] = [np.zeros(1, dtype=np.int64)]
        self._size = 0

    def append(self, texts: Any) -> None:
        """Add a large_binary array."""
        offsets = np.frombuffer(texts.buffers()[1], dtype=np.int64)[
            texts.offset : texts.offset + len(texts) + 1
        ]
        data = texts.buffers()[2]
        if data is not None:
            self._file.write(memoryview(data)[int(offsets[0]) : int(offsets[-1])])
        self._ends.append(offsets[1:] - offsets[0] + self._size)
        self._size += int(offsets[-1] - offsets[0])

    def offsets(self) -> Rows:
        """Return where each text starts, and where the last one ends."""
        self._ends = [np.concatenate(self._ends)]
        return self._ends[0]

    def gather(self, numbers: Rows) -> Any:
        """Return texts by number, which ascend, as one large_binary array."""
        self._file.flush()
        offsets = self.offsets()
        starts, ends = offsets[numbers], offsets[numbers + 1]
        data = np.empty(int((ends - starts).sum()), dtype=np.uint8)
        at = 0
        for first, last in _runs(numbers):
            size = int(ends[last - 1] - starts[first])
            _read(self._file.fileno(), memoryview(data.data)[at : at + size], int(starts[first]))
            at += size
        lengths = np.concatenate([[0], np.cumsum(ends - starts)]).astype(np.int64)
        return pa.LargeBinaryArray.from_buffers(
            pa.large_binary(), len(numbers), [None, pa.py_buffer(lengths), pa.py_buffer(data)]
        )

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _read(file: int, view: memoryview, place: int) -> None:
    """Fill a view with what the file holds from a place on."""
    while len(view):
        count = os.preadv(file, [view], place)
        if not count:
            raise OSError("what was spilled is gone")
        view, place = view[count:], place + count


def _runs(numbers: Rows) -> Sequence[tuple[int, int]]:
    """Return the bounds of runs of consecutive numbers."""
    breaks = np.flatnonzero(np.diff(numbers) != 1) + 1
    starts = np.concatenate([[0], breaks]) if len(numbers) else np.empty(0, dtype=np.int64)
    return list(zip(starts.tolist(), np.append(breaks, len(numbers)).tolist(), strict=False))
