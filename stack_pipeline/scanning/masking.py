"""Show what stands around a find, and never a value: neither this one, nor another, nor a second copy of one."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

from pii import Span

_PREFIX_BYTES = 3
_SHOWN_BYTES = 32


class Masks:
    """The values of one text, to be made unreadable wherever they stand.

    Args:
        data: The text.
        spans: Its finds, of all kinds, in order.

    Examples:
        >>> from pii import find
        >>> text = b'password = "Tr0ub4dor-88x"; login("Tr0ub4dor-88x")'
        >>> Masks(text, find(text)).masked(text, 0, len(text))
        b'password = "*************"; login("*************")'
    """

    def __init__(self, data: bytes, spans: Sequence[Span]) -> None:
        lines = (line.strip() for span in spans for line in data[span.start : span.end].split(b"\n"))
        self._values = {line for line in lines if line}
        self.longest = max(map(len, self._values), default=0)
        lengths: dict[bytes, set[int]] = defaultdict(set)
        for value in self._values:
            lengths[value[:_PREFIX_BYTES]].add(len(value))
        self._lengths = {prefix: sorted(known, reverse=True) for prefix, known in lengths.items()}
        self._prefix_sizes = sorted({len(prefix) for prefix in lengths})

    def masked(self, data: bytes, start: int, end: int, spans: Sequence[Span] = ()) -> bytes:
        """Return a part of a text with an asterisk for each byte of finds and values; line ends stay.

        Args:
            data: A text, which may be another than the values are from.
            start: First byte of the part.
            end: Byte after its last.
            spans: Finds in this text, in order.
        """
        part = bytearray(data[start:end])
        for at, stop in self._copies(bytes(part)):
            _cover(part, at, stop)
        for index in range(bisect_right(spans, start, key=lambda span: span.end), len(spans)):
            if spans[index].start >= end:
                break
            _cover(part, max(0, spans[index].start - start), min(len(part), spans[index].end - start))
        return bytes(part)

    def _copies(self, part: bytes) -> Iterator[tuple[int, int]]:
        """Yield where a value stands; the longest that begins at a byte."""
        for at in range(len(part) if self._values else 0):
            for size in self._prefix_sizes:
                for length in self._lengths.get(part[at : at + size], ()):
                    if part[at : at + length] in self._values:
                        yield at, at + length
                        break


def _cover(part: bytearray, start: int, end: int) -> None:
    part[start:end] = bytes(byte if byte in b"\r\n" else 0x2A for byte in part[start:end])


def context(data: bytes, span: Span, masks: Masks, spans: Sequence[Span]) -> str:
    """Return what stands on the line of a find, the kind in place of the value.

    Args:
        data: The text.
        span: The find.
        masks: The values of the text.
        spans: All finds in it, of every kind.

    Returns:
        At most 32 bytes on either side; blanks are made one, what is no UTF-8 is left out.
    """
    reach = _SHOWN_BYTES + masks.longest  # a copy that is cut off by the edge would not be known
    begin = max(0, span.start - reach, data.rfind(b"\n", max(0, span.start - reach), span.start) + 1)
    stop = data.find(b"\n", span.end, span.end + reach)
    stop = min(span.end + reach, len(data)) if stop < 0 else stop
    before = masks.masked(data, begin, span.start, spans)[-_SHOWN_BYTES:]
    after = masks.masked(data, span.end, stop, spans)[:_SHOWN_BYTES]
    return " ".join(f"{_words(before)}<{span.kind}>{_words(after)}".split())


def _words(part: bytes) -> str:
    return part.decode("utf-8", "ignore")
