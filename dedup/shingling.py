"""Cut a text into shingles, in plain Python: the readable definition that the kernels are tested against.

A token is a maximal run of `[A-Za-z0-9_]` of the UTF-8 bytes, case kept. A shingle is an n-gram of tokens
joined by one space. White space and punctuation only separate, so re-indented code has the same shingles.
"""

from __future__ import annotations

import re

from dedup.checks import MAX_NGRAM, check_integer

_TOKEN = re.compile(rb"[A-Za-z0-9_]+")
_LITERAL_SEPARATOR = re.compile("[^A-Za-z_0-9]")


def shingles(text: str | bytes, *, ngram: int = 5) -> list[bytes]:
    """Return the distinct shingles of `text` in order of first appearance.

    Args:
        text: Any text or bytes; lone surrogates separate tokens like any other character beyond ASCII.
        ngram: Tokens per shingle, in [1, 64].

    Returns:
        The shingles; none if the text has fewer than `ngram` tokens.

    Raises:
        ValueError: If `ngram` is out of range.

    Examples:
        >>> shingles("if (a == b) return a;", ngram=3)
        [b'if a b', b'a b return', b'b return a']
        >>> shingles("too short")
        []
    """
    check_integer("ngram", ngram, least=1, most=MAX_NGRAM)
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    tokens = _TOKEN.findall(data)
    windows = (b" ".join(tokens[start : start + ngram]) for start in range(len(tokens) - ngram + 1))
    return list(dict.fromkeys(windows))


def literal_shingles(text: str, *, ngram: int = 5) -> list[bytes]:
    """Return the distinct shingles that the script of BigCode takes, in order of first appearance.

    Tokens are what lies between any two characters other than `[A-Za-z0-9_]`, so that indentation and punctuation
    make empty tokens.

    Args:
        text: Any text.
        ngram: Tokens per shingle, in [1, 64].

    Returns:
        The shingles; none if the text has fewer than `ngram` tokens, empty ones counted.

    Raises:
        ValueError: If `ngram` is out of range.

    Examples:
        >>> literal_shingles("a = b", ngram=2)
        [b'a ', b' ', b' b']
    """
    check_integer("ngram", ngram, least=1, most=MAX_NGRAM)
    tokens = _LITERAL_SEPARATOR.split(text)
    windows = (" ".join(tokens[start : start + ngram]) for start in range(len(tokens) - ngram + 1))
    return [shingle.encode() for shingle in dict.fromkeys(windows)]


def containment(a: str | bytes, b: str | bytes, *, ngram: int = 5) -> float:
    """Return the share of the first text's shingles that the second one has.

    Source: Broder, "On the resemblance and containment of documents", 1997.

    Args:
        a: The text that may lie in the other one.
        b: The other one.
        ngram: Tokens per shingle, in [1, 64].

    Returns:
        |A ∩ B| / |A| as the nearest float64; 0.0 if a text has no shingles.

    Examples:
        >>> containment("a b c", "a b c d e", ngram=2), containment("a b c d e", "a b c", ngram=2)
        (1.0, 0.5)
    """
    left, right = set(shingles(a, ngram=ngram)), set(shingles(b, ngram=ngram))
    return len(left & right) / len(left) if left else 0.0


def jaccard(a: str | bytes, b: str | bytes, *, ngram: int = 5) -> float:
    """Return the exact Jaccard similarity of two texts' shingle sets.

    Args:
        a: One text.
        b: The other.
        ngram: Tokens per shingle, in [1, 64].

    Returns:
        |A ∩ B| / |A ∪ B| as the nearest float64; 0.0 if a text has no shingles.

    Examples:
        >>> jaccard("a b c d", "b c d e", ngram=2)
        0.5
        >>> jaccard("a", "a", ngram=2)
        0.0
    """
    left, right = set(shingles(a, ngram=ngram)), set(shingles(b, ngram=ngram))
    if not left or not right:
        return 0.0
    return len(left & right) / len(left | right)
