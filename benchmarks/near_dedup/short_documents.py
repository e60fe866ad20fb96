"""Generate millions of short documents, one in three of them a near-duplicate or a copy of an earlier one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

TOKENS = 40
"""Tokens of each document, of five characters and a space."""

_ROWS = 100_000
_LETTERS = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz012345", dtype=np.uint8)
_SEED = 20


def short_documents(count: int, cache: Path) -> Path:
    """Return a Parquet file of `count` documents (id, content), made if it is not in the cache.

    Of each three, one is random; the next is an edit of it in one token of 40 (Jaccard similarity of the 5-grams 31/41 or
    more), or a copy; the third is random again.
    """
    target = cache / f"short-{count}x{TOKENS}.parquet"
    if not target.exists():
        print(f"generating {count} short documents", file=sys.stderr)
        part = target.with_suffix(".part")
        schema = pa.schema([("id", pa.int64()), ("content", pa.string())])
        with pq.ParquetWriter(part, schema, compression="zstd") as writer:
            for start in range(0, count, _ROWS):
                rows = min(_ROWS, count - start)
                ids = pa.array(np.arange(start, start + rows))
                writer.write_table(pa.table([ids, _texts(start, rows)], schema=schema))
        part.rename(target)
    return target


def _texts(start: int, rows: int) -> Any:
    generator = np.random.default_rng((_SEED, start))
    tokens = generator.integers(32**5, size=(rows, TOKENS), dtype=np.uint32)
    edited = np.arange(1, rows, 3)
    tokens[edited] = tokens[edited - 1]
    places = generator.integers(TOKENS + TOKENS // 3, size=len(edited))
    changed = places < TOKENS
    tokens[edited[changed], places[changed]] = generator.integers(
        32**5, size=int(changed.sum()), dtype=np.uint32
    )
    return _joined(tokens)


def _joined(tokens: npt.NDArray[np.uint32]) -> Any:
    """Return each row of tokens as a text: five letters and a space per token."""
    rows, width = tokens.shape
    letters = np.full((rows, width, 6), ord(" "), dtype=np.uint8)
    for place in range(5):
        letters[:, :, place] = _LETTERS[(tokens >> np.uint32(5 * place)) & np.uint32(31)]
    offsets = np.arange(rows + 1, dtype=np.int32) * np.int32(width * 6)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(letters))
