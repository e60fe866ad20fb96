"""Turn places in a text into lines and columns, in one pass over the text."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from stack_pipeline.scanning.texts import UTF8, Text

_PIECE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Position:
    """A place as editors show it.

    Attributes:
        line: From 1; lines end at LF.
        column: From 1, in characters; of what is no UTF-8, each byte is about one.
        offset: Byte in the file.
    """

    line: int
    column: int
    offset: int


class Positions:
    """Positions in one text, asked for in ascending order.

    Examples:
        >>> Positions(Text("é\\nab".encode())).at(4)
        Position(line=2, column=2, offset=4)
    """

    def __init__(self, text: Text) -> None:
        self._text = text
        self._data = text.data
        self._is_wide = text.encoding != UTF8
        self._at = len(codecs.BOM_UTF8) if self._data.startswith(codecs.BOM_UTF8) else 0
        self._line, self._column = 1, 1
        self._offset = len(text.mark) + self._bytes_in_file(0, self._at)

    def at(self, place: int) -> Position:
        """Return the position of a byte of the text, no earlier than the one asked for before."""
        lines = self._data.count(b"\n", self._at, place)
        start = self._at
        if lines:
            start = self._data.rfind(b"\n", self._at, place) + 1
            self._line, self._column = self._line + lines, 1
        self._column += characters(self._data, start, place)
        self._offset += self._bytes_in_file(self._at, place)
        self._at = max(self._at, place)
        return Position(self._line, self._column, self._offset)

    def _bytes_in_file(self, start: int, end: int) -> int:
        if not self._is_wide:
            return max(0, end - start)
        return len(self._data[start:end].decode().encode(self._text.encoding))


def characters(data: bytes, start: int, end: int) -> int:
    """Count the characters of a part of a text, a piece at a time.

    Examples:
        >>> characters("größe".encode(), 0, 7)
        5
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    count = 0
    for at in range(start, end, _PIECE_BYTES):
        piece = data[at : min(end, at + _PIECE_BYTES)]
        count += len(decoder.decode(piece, final=at + _PIECE_BYTES >= end))
    return count
