"""Shingle sets in plain Python, for the peers whose interface takes tokens."""

from __future__ import annotations

import re

from benchmarks.near_dedup.peers.task import NGRAM

_TOKEN = re.compile(r"[A-Za-z0-9_]+")


def shingle_set(text: str) -> set[str]:
    """Return the distinct word 5-grams of a text, the quick way: zip over shifted lists."""
    tokens = _TOKEN.findall(text)
    return {" ".join(gram) for gram in zip(*(tokens[start:] for start in range(NGRAM)), strict=False)}
