"""Copy a JSONL file with one column redacted: of a line that changes, only that string; all other lines byte for byte."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import IO, Any

import pyarrow as pa

from stack_pipeline.errors import UsageError
from stack_pipeline.near_dedup.columns import listed
from stack_pipeline.near_dedup.input_files import InputFile
from stack_pipeline.near_dedup.json_lines import BLOCK_BYTES, JsonLines
from stack_pipeline.scanning.texts import lines_of

RedactTexts = Callable[[Any], tuple[Any, list[bool]]]
"""Redacts a large_binary array, and says which texts changed."""

_BLANKS = " \t\r\n"
_decoder = json.JSONDecoder()


def copy_json_lines(source: JsonLines, column: str, redact: RedactTexts, stream: IO[bytes]) -> None:
    """Write the lines of a file, compressed as it is.

    Args:
        source: The file.
        column: Key of the text; dots lead into nested objects.
        redact: Redacts texts.
        stream: Where to.

    Raises:
        UsageError: If a line is broken or the value is no string.
    """
    number = 1
    with _sink(stream, source.file.compression) as sink:
        for lines in _blocks(source.file):
            places = [_place(source, number + at, line, column) for at, line in enumerate(lines)]
            number += len(lines)
            clean, changed = redact(pa.array([place and place[2] for place in places], pa.large_binary()))
            for index, place in enumerate(places):
                if changed[index] and place is not None:
                    lines[index] = _with_value(lines[index], place, clean[index].as_py())
            sink.write(b"".join(lines))


_Place = tuple[int, int, bytes]


def _place(source: JsonLines, number: int, line: bytes, column: str) -> _Place | None:
    """Return where in the decoded line the string stands, and its value; None for a line without."""
    if not line.strip():
        return None
    mark = "\ufeff" if number == 1 else ""
    try:
        text = line.decode("utf-8", "surrogatepass")
        start = len(mark) if mark and text.startswith(mark) else 0
        if not isinstance(json.loads(text[start:]), dict):
            raise UsageError(f"{source.file.name}: line {number} is not a JSON object")
        place = find_value(text, start, column)
        value = None if place is None else json.loads(text[place[0] : place[1]])
    except (ValueError, RecursionError):
        raise UsageError(
            f"{source.file.name}: line {number} is not valid JSON",
            hint="each line is one JSON object in UTF-8",
        ) from None
    if value is None or place is None:
        return None
    if not isinstance(value, str):
        raise UsageError(
            f"{source.file.name}: line {number}: '{column}' is no string", hint=listed(source.names)
        )
    return *place, value.encode("utf-8", "surrogatepass")


def find_value(text: str, start: int, name: str) -> tuple[int, int] | None:
    """Return where in a valid JSON object the value of a key begins and ends; of equal keys the last counts.

    Examples:
        >>> find_value('{"a": 1, "meta": {"text": "x"}}', 0, "meta.text")
        (26, 29)
    """
    found: dict[str, tuple[int, int]] = {}
    at = _blank(text, text.index("{", start) + 1)
    while text[at] != "}":
        key, at = scanstring(text, _blank(text, at + (text[at] == ",")) + 1)
        begin = _blank(text, _blank(text, at) + 1)
        _, end = _decoder.raw_decode(text, begin)
        found[key] = (begin, end)
        at = _blank(text, end)
    if name in found:
        return found[name]
    for cut in (index for index, letter in enumerate(name) if letter == "."):
        place = found.get(name[:cut])
        if place is not None and text[place[0]] == "{":
            return find_value(text, place[0], name[cut + 1 :])
    return None


def _blank(text: str, at: int) -> int:
    while text[at] in _BLANKS:
        at += 1
    return at


def _with_value(line: bytes, place: _Place, value: bytes) -> bytes:
    text = line.decode("utf-8", "surrogatepass")
    begin, end, _ = place
    escaped = json.dumps(value.decode("utf-8", "surrogatepass"), ensure_ascii=text[begin:end].isascii())
    return (text[:begin] + escaped + text[end:]).encode("utf-8", "surrogatepass")


def _blocks(file: InputFile) -> Iterator[list[bytes]]:
    """Yield the lines of each block, with their ends."""
    try:
        with pa.OSFile(str(file.path)) as raw, _decompressed(raw, file.compression) as stream:
            waiting: list[bytes] = []
            while block := stream.read(BLOCK_BYTES):
                cut = block.rfind(b"\n") + 1
                if cut:
                    yield lines_of(b"".join([*waiting, block[:cut]]))
                    waiting = []
                waiting.append(block[cut:])
            if last := b"".join(waiting):
                yield [last]
    except OSError:
        what = f"no whole {file.compression} file" if file.compression else "cannot be read"
        raise UsageError(f"{file.name}: {what}", hint="copy it again") from None


@contextmanager
def _decompressed(raw: Any, compression: str | None) -> Iterator[Any]:
    if compression is None:
        yield raw
    else:
        with pa.CompressedInputStream(raw, compression) as stream:
            yield stream


@contextmanager
def _sink(stream: IO[bytes], compression: str | None) -> Iterator[Any]:
    if compression is None:
        yield stream
        return
    with (
        open(os.dup(stream.fileno()), "wb") as own,  # noqa: PTH123 - a descriptor; Arrow closes what it is given
        pa.PythonFile(own, "w") as raw,
        pa.CompressedOutputStream(raw, compression) as sink,
    ):
        yield sink
