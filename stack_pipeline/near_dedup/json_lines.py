"""Read JSONL, plain or compressed, a bounded block at a time; a broken line is named by file and line number.

Rows are the lines that are not blank. Memory holds a block, or the longest line if that is longer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stack_pipeline.errors import UsageError
from stack_pipeline.near_dedup.columns import listed
from stack_pipeline.near_dedup.input_files import InputFile

BLOCK_BYTES = 8 << 20
_LOOKED_AT = 100

Line = tuple[int, bytes]
"""Number of a line in its file, from 1, and its bytes without the line end."""


class JsonLines:
    """The rows of a JSONL file.

    Args:
        file: The file.
        block_bytes: Decompressed bytes that are read at once.

    Raises:
        UsageError: If it cannot be read, or one of its first lines is no JSON object.
    """

    def __init__(self, file: InputFile, *, block_bytes: int = BLOCK_BYTES) -> None:
        self.file = file
        self.rows: int | None = None
        self.text_bytes = 0
        self._block_bytes = block_bytes
        filled = (line for lines, _ in self._blocks() for line in lines if line[1].strip())
        self._first = [self._object(line) for line in islice(filled, _LOOKED_AT)]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell columns by."""
        return not self._first

    @property
    def names(self) -> list[str]:
        """The keys of the first objects."""
        return list(dict.fromkeys(name for row in self._first for name in row))

    def has(self, name: str) -> bool:
        """Whether one of the first objects has a key, nested ones included."""
        return any(_value(row, name, _MISSING) is not _MISSING for row in self._first)

    def column_bytes(self, name: str) -> int:
        """Return the bytes of all lines, known after the first whole reading."""
        return self.text_bytes

    def count(self) -> int:
        """Return the number of rows, for which the file is read if it was not yet."""
        if self.rows is None:
            sizes = [len(data) for lines, _ in self._blocks() for _, data in lines if data.strip()]
            self.rows, self.text_bytes = len(sizes), sum(sizes)
        return self.rows

    def read(
        self, columns: Mapping[str, str], wanted: npt.NDArray[np.bool_] | None
    ) -> Iterator[tuple[npt.NDArray[np.int64], dict[str, Any]]]:
        """Yield row numbers and arrays by canonical name; lines that are not wanted are not parsed.

        Raises:
            UsageError: If a line is broken or holds a value of a wrong kind, with its number.
        """
        start = size = 0
        for lines, _ in self._blocks():
            filled = [line for line in lines if line[1].strip()]
            size += sum(len(data) for _, data in filled)
            rows = np.arange(start, start + len(filled), dtype=np.int64)
            start += len(filled)
            if wanted is not None:
                chosen = wanted[rows]
                rows = rows[chosen]
                filled = [line for line, is_wanted in zip(filled, chosen.tolist(), strict=True) if is_wanted]
            if filled:
                yield rows, self._arrays(filled, columns)
        self.rows, self.text_bytes = start, size

    def _arrays(self, lines: Sequence[Line], columns: Mapping[str, str]) -> dict[str, Any]:
        values: dict[str, list[Any]] = {canonical: [] for canonical in columns}
        for line in lines:
            row = self._object(line)
            for canonical, name in columns.items():
                value = _value(row, name, None)
                try:
                    values[canonical].append(_FORMS.get(canonical, _name)(value))
                except ValueError as error:
                    raise UsageError(
                        f"{self.file.name}: line {line[0]}: '{name}' {error}", hint=listed(self.names)
                    ) from None
        return {
            canonical: self._array(canonical, columns[canonical], values[canonical]) for canonical in columns
        }

    def _array(self, canonical: str, name: str, values: list[Any]) -> Any:
        if canonical == "text":
            return pa.array(values, pa.large_binary())
        if canonical not in ("id", "rank"):
            return pa.array(values, pa.large_string())
        kinds = {str if isinstance(value, bytes) else type(value) for value in values if value is not None}
        try:
            if kinds <= {str}:
                return pa.array(values, pa.large_binary() if canonical == "rank" else pa.large_string())
            if str not in kinds:
                return pa.array(values, pa.float64() if float in kinds else pa.int64())
            reason = "is a number in some lines and a string in others"
        except (pa.ArrowInvalid, OverflowError):
            reason = "holds an integer that does not fit 64 bits with a sign"
        raise UsageError(f"{self.file.name}: '{name}' {reason}", hint=listed(self.names))

    def _object(self, line: Line) -> dict[str, Any]:
        number, data = line
        try:
            value = json.loads(data.removeprefix(b"\xef\xbb\xbf") if number == 1 else data)
        except (ValueError, RecursionError):
            raise UsageError(
                f"{self.file.name}: line {number} is not valid JSON",
                hint="each line is one JSON object in UTF-8",
            ) from None
        if not isinstance(value, dict):
            raise UsageError(f"{self.file.name}: line {number} is not a JSON object")
        return value

    def _blocks(self) -> Iterator[tuple[list[Line], bool]]:
        """Yield the lines of each block, and whether the last one ends with a line end."""
        number = 1
        with self._stream() as stream:
            waiting: list[bytes] = []
            while block := stream.read(self._block_bytes):
                cut = block.rfind(b"\n")
                if cut < 0:
                    waiting.append(block)
                    continue
                lines = b"".join([*waiting, block[:cut]]).split(b"\n")
                waiting = [block[cut + 1 :]]
                yield list(enumerate(lines, number)), True
                number += len(lines)
            last = b"".join(waiting)
            if last:
                yield [(number, last)], False

    @contextmanager
    def _stream(self) -> Iterator[Any]:
        try:
            with pa.OSFile(str(self.file.path)) as raw:
                if self.file.compression is None:
                    yield raw
                else:
                    with pa.CompressedInputStream(raw, self.file.compression) as stream:
                        yield stream
        except OSError:
            what = f"no whole {self.file.compression} file" if self.file.compression else "cannot be read"
            raise UsageError(f"{self.file.name}: {what}", hint="copy it again") from None

    def write_kept(self, keep: npt.NDArray[np.bool_], target: Path) -> None:
        """Write the lines that stay byte for byte, under the same compression; blank lines are left out.

        Args:
            keep: Which rows stay.
            target: Name of the copy.
        """
        start = 0
        with pa.OSFile(str(target), "wb") as raw, _compressed(raw, self.file.compression) as sink:
            for lines, is_ended in self._blocks():
                filled = [data for _, data in lines if data.strip()]
                chosen = keep[start : start + len(filled)].tolist()
                start += len(filled)
                kept = [data for data, stays in zip(filled, chosen, strict=True) if stays]
                if kept:
                    sink.write(b"\n".join(kept) + (b"\n" if is_ended else b""))


@contextmanager
def _compressed(raw: Any, compression: str | None) -> Iterator[Any]:
    if compression is None:
        yield raw
    else:
        with pa.CompressedOutputStream(raw, compression) as sink:
            yield sink


_MISSING = object()


def _value(row: dict[str, Any], name: str, default: Any) -> Any:
    """Return the value of a key, which may lead through objects by dots."""
    if name in row:
        return row[name]
    head, dot, rest = name.partition(".")
    while dot:
        inner = row.get(head)
        if isinstance(inner, dict):
            return _value(inner, rest, default)
        more, dot, rest = rest.partition(".")
        head = f"{head}.{more}"
    return default


def _text(value: Any) -> bytes | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError("is no string")
    return value.encode("utf-8", "surrogatepass")


def _id(value: Any) -> str | int:
    if isinstance(value, str):
        return _name(value) or ""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError(
        "is no string and no integer" if value is not None else "is missing; ids must not be null"
    )


def _rank(value: Any) -> bytes | int | float | None:
    if value is None or isinstance(value, int | float):
        return int(value) if isinstance(value, bool) else value
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    raise ValueError("is neither a number nor a string")


def _name(value: Any) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


_FORMS = {"text": _text, "id": _id, "rank": _rank}
