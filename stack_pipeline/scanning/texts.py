"""Bring the bytes of a file into the UTF-8 that the engine reads, and back.

UTF-8, and 8-bit encodings, are read as they are: what is no UTF-8 belongs to no word, and places stay those of the file. UTF-16
and UTF-32 count only with a byte-order mark.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from stack_pipeline.files.encoding import BYTE_ORDER_MARKS

MAX_TEXT_BYTES = 1 << 30
"""Largest file that is read; it is held whole, because what is found in it may depend on all of it."""

UTF8 = "utf-8"
_LOOKED_AT_BYTES = 8000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands.

    Attributes:
        path: Name of the file as it was given or found, `-` for stdin; undecodable bytes as surrogates.
        row: Number of the row in a table, from 0.
        id: Name of the row, from the column that was asked for.
        commit: Commit that the file was read of.
    """

    path: str
    row: int | None = None
    id: str | None = None
    commit: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A text as UTF-8, and how its file has it.

    Attributes:
        data: The bytes to search; those of the file, or for a wide encoding without the byte-order mark.
        encoding: `utf-8`, or the wide encoding that the file has.
    """

    data: bytes = field(repr=False)
    encoding: str = UTF8

    @property
    def mark(self) -> bytes:
        """The byte-order mark of a wide encoding, which `data` is without."""
        return next((mark for mark, name in BYTE_ORDER_MARKS if name == self.encoding != UTF8), b"")

    def in_file(self, data: bytes) -> bytes:
        """Return other text as the file would have it."""
        return data if self.encoding == UTF8 else self.mark + data.decode().encode(self.encoding)


def read_text(raw: bytes) -> Text | None:
    """Return the text of a file, None if it is binary.

    Binary is what has a NUL in its first 8,000 bytes, which is Git's rule, or is not what its byte-order mark says.

    Examples:
        >>> read_text("Größe".encode("utf-16")).encoding, read_text(b"a\\0b")
        ('utf-16-le', None)
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if encoding != UTF8 and raw.startswith(mark):
            try:
                return Text(raw[len(mark) :].decode(encoding).encode(), encoding)
            except UnicodeError:
                return None
    return None if b"\0" in raw[:_LOOKED_AT_BYTES] else Text(raw)


def lines_of(data: bytes) -> list[bytes]:
    """Return lines with their ends; a line ends at LF only.

    Examples:
        >>> lines_of(b"a\\rb\\n\\nc")
        [b'a\\rb\\n', b'\\n', b'c']
    """
    *lines, last = data.split(b"\n")
    return [line + b"\n" for line in lines] + ([last] if last else [])
