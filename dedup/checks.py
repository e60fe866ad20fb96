"""Check numbers that callers give, with one wording for all of them."""

from __future__ import annotations

import math

MAX_NGRAM = 64


def check_integer(name: str, value: int, *, least: int, most: int) -> None:
    """Raise `ValueError` unless `value` lies in [`least`, `most`].

    Examples:
        >>> check_integer("ngram", 0, least=1, most=64)
        Traceback (most recent call last):
        ValueError: ngram must be in [1, 64], got 0
    """
    if not least <= value <= most:
        raise ValueError(f"{name} must be in [{least}, {most}], got {value}")


def check_threshold(threshold: float) -> None:
    """Raise `ValueError` unless `threshold` is a Jaccard similarity above 0.

    Examples:
        >>> check_threshold(1.5)
        Traceback (most recent call last):
        ValueError: threshold must be in (0, 1], got 1.5
    """
    if math.isnan(threshold) or not 0 < threshold <= 1:
        raise ValueError(f"threshold must be in (0, 1], got {threshold}")
