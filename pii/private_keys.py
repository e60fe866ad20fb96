"""Find private key blocks: from the BEGIN line to the END line, or to the end of the base64 lines.

detect-secrets' marks say where a key may begin; a block counts only when base64 text follows, so that code
which merely looks for the mark stays. Blocks in string literals, comments and YAML are found as they stand:
escapes and line decorations belong to the block.

Sources: RFC 7468 (PEM), RFC 4716 (SSH2), RFC 9580 (OpenPGP armor), PuTTY's PPK format.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from pii.proposers import private_key_markers
from pii.spans import KEY, Span

PRIVATE_KEY_DETECTOR = "private-key"

#: Longest block in characters; an RSA key of 16,384 bits in PEM takes 12,700, more when it is a string
#: literal.
MAX_BLOCK_LENGTH = 40_000

_BEGIN = re.compile(r"-{4,5} ?BEGIN (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)? ?-{4,5}")
_END = re.compile(r"-{4,5} ?END (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)? ?-{4,5}")
_PUTTY = re.compile(r"PuTTY-User-Key-File-[0-9]:")
_PUTTY_END = re.compile(r"Private-(?:MAC|Hash): ?[0-9a-f]{40,64}")
_BODY_LINE = re.compile(
    r"(?:\\[nrt]|[\s\"'`+,;#*>|)(]|//){0,40}(?:[\w-]{1,24}: [^\n\\\"']{0,120}|[A-Za-z0-9+/=]{16,4096})"
)
_BASE64 = re.compile(r"[A-Za-z0-9+/]{24,}")
_TAIL = re.compile(r"(?:\\[nrt]|[\s\"'`+,;#*>|)(]|//){0,40}[A-Za-z0-9+/]{1,64}={0,2}(?![\w-])")

_PUBLIC_BEGIN = re.compile(
    r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}(?:CERTIFICATE|PUBLIC KEY|SIGNATURE|CRL|PARAMETERS|REQUEST|MESSAGE)"
)
_ANY_END = re.compile(r"-----END ")


def find_private_keys(text: str) -> Iterator[Span]:
    """Yield private key blocks in order; linear."""
    if "PRIVATE KEY" in text and any(marker in text for marker in (*private_key_markers(), "PRIVATE KEY-")):
        yield from _find_armored(text)
    for match in _PUTTY.finditer(text) if "PuTTY-User-Key-File-" in text else ():
        end = _PUTTY_END.search(text, match.end(), match.start() + MAX_BLOCK_LENGTH)
        if end is not None and "Private-Lines:" in text[match.end() : end.start()]:
            yield Span(match.start(), end.end(), KEY, PRIVATE_KEY_DETECTOR, 1.0)


def public_blocks(text: str) -> list[tuple[int, int]]:
    """Return the ranges of certificates, public keys and signatures, whose base64 is no secret."""
    if "-----BEGIN " not in text:
        return []
    blocks = []
    ends = [match.start() for match in _ANY_END.finditer(text)]
    for match in _PUBLIC_BEGIN.finditer(text):
        place = bisect_left(ends, match.end())
        end = ends[place] if place < len(ends) else len(text)
        blocks.append((match.start(), min(end, match.start() + MAX_BLOCK_LENGTH)))
    return blocks


def _find_armored(text: str) -> Iterator[Span]:
    begins = [match.span() for match in _BEGIN.finditer(text)]
    ends = [match.span() for match in _END.finditer(text)]
    end_starts = [start for start, _ in ends]
    for index, (start, header_end) in enumerate(begins):
        limit = min(begins[index + 1][0] if index + 1 < len(begins) else len(text), start + MAX_BLOCK_LENGTH)
        place = bisect_left(end_starts, header_end)
        if place < len(ends) and ends[place][1] <= limit:
            if _BASE64.search(text, header_end, ends[place][0]):
                yield Span(start, ends[place][1], KEY, PRIVATE_KEY_DETECTOR, 1.0)
            continue
        end = _body_end(text, header_end, limit)
        if _BASE64.search(text, header_end, end):
            yield Span(start, end, KEY, PRIVATE_KEY_DETECTOR, 0.9)


def _body_end(text: str, start: int, limit: int) -> int:
    """Return where the base64 lines after a BEGIN line end."""
    end = start
    while (line := _BODY_LINE.match(text, end, limit)) is not None:
        end = line.end()
    tail = _TAIL.match(text, end, limit) if end > start else None
    return tail.end() if tail is not None and "=" in tail.group() else end
