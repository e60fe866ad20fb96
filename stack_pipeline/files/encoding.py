"""Decode the bytes of a file, or say that they are no text.

The order of the questions: a byte-order mark decides alone; a NUL byte without one means binary; strict
UTF-8; then the charset detector, whose answer counts only if the whole file decodes by it. BigCode's rule is
kept: an answer of nothing or of "UTF-8" for bytes that are not UTF-8 means that this is no text (compressed
data, mostly).

Encodings are named as Python's codec registry names them: `utf-8`, `utf-16-le`, `cp1251`, `euc_jp`, ....
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

# UTF-32 LE begins with the mark of UTF-16 LE, so it is asked first.
BYTE_ORDER_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
DETECTOR_WINDOW_BYTES = 1 << 20
"""The charset detector reads this many bytes, among them the first that is not UTF-8."""

LFS_POINTER_LIMIT_BYTES = 1024
"""A Git LFS pointer is smaller than this (git-lfs, docs/spec.md)."""

_LFS_POINTER = re.compile(
    rb"version https://(?:git-lfs\.github\.com|hawser\.github\.com)/spec/v1\r?\n"
    rb"(?:ext-[^\r\n]*\r?\n)*oid [a-z0-9]+:[0-9a-f]+\r?\nsize [0-9]+\s*"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file.

    Attributes:
        text: All characters; newlines as they were, byte-order mark removed. Always encodes to UTF-8, holds
        no NUL. encoding: Name of the encoding in Python's codec registry. had_bom: Whether the bytes began
        with a byte-order mark.
    """

    text: str
    encoding: str
    had_bom: bool


def decode(data: bytes) -> Decoded | None:
    """Return the text of a file, or None if it is binary or undecodable.

    `is_binary` tells the two apart: None for bytes that are not binary means undecodable. Text that holds a
    NUL after decoding (possible in UTF-16 and UTF-32) is undecodable. Without a byte-order mark no UTF-16 or
    UTF-32 is accepted.

    Examples:
        >>> decode("Größe".encode("utf-16"))
        Decoded(text='Größe', encoding='utf-16-le', had_bom=True)
        >>> decode(b"a\\x00b") is None
        True
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            text = _decode_strictly(data[len(mark) :], encoding)
            return None if text is None else Decoded(text, encoding, had_bom=True)
    if b"\0" in data:
        return None
    try:
        return Decoded(data.decode("utf-8"), "utf-8", had_bom=False)
    except UnicodeDecodeError as error:
        charset = _detect_charset(data, first_error=error.start)
    text = None if charset is None else _decode_strictly(data, charset)
    return None if charset is None or text is None else Decoded(text, charset, had_bom=False)


def is_binary(data: bytes) -> bool:
    """Return whether the bytes hold a NUL that no UTF-16 or UTF-32 byte-order mark explains.

    The whole file is searched: a NUL anywhere makes a file useless as text. An empty file is not binary.
    """
    has_wide_mark = any(data.startswith(mark) for mark, encoding in BYTE_ORDER_MARKS if encoding != "utf-8")
    return not has_wide_mark and b"\0" in data


def is_lfs_pointer(data: bytes) -> bool:
    """Return whether the bytes are a Git LFS pointer: the version line, extensions, object id and size.

    Source: git-lfs, docs/spec.md; its former name (hawser) is accepted as git-lfs does.
    """
    return len(data) < LFS_POINTER_LIMIT_BYTES and _LFS_POINTER.fullmatch(data) is not None


def _decode_strictly(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
        text.encode("utf-8")
    except UnicodeError:
        return None
    return None if "\0" in text else text


def _detect_charset(data: bytes, *, first_error: int) -> str | None:
    import cchardet

    start = max(0, first_error - DETECTOR_WINDOW_BYTES // 2)
    answer = cchardet.detect(data[start : start + DETECTOR_WINDOW_BYTES])["encoding"]
    if not answer or answer.upper().startswith("UTF"):
        return None
    try:
        return codecs.lookup(answer).name
    except LookupError:
        return None
