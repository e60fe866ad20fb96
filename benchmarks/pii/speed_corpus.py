"""The texts that speed is measured on: a Parquet file, a folder of files, or the built corpus; and hostile lines."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.near_dedup.corpus import build_corpus

COLUMN = "content"
LINE_BYTES = 1_000_000

_CORPORA = Path(tempfile.gettempdir()) / "near_dedup_cache"
_MOST_BYTES = 1 << 20
_BASE64 = "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY3zAbC+d/"


def corpus_file(given: Path | None, cache: Path) -> Path:
    """Return a Parquet file with a column `content`: the one given, one made of a folder's files, or the small corpus."""
    if given is None:
        return build_corpus("small", _CORPORA).path
    if given.is_file():
        return given
    target = cache / "folder.parquet"
    cache.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({COLUMN: pa.array(_texts(given), pa.large_string())}), target)
    return target


def read_texts(path: Path, most_bytes: int = 0) -> Any:
    """Return the texts of a file as one Arrow array; only the first ones, up to `most_bytes` if that is not 0."""
    texts = pq.read_table(path, columns=[COLUMN]).column(COLUMN).cast(pa.large_string()).combine_chunks()
    if isinstance(texts, pa.ChunkedArray):
        texts = pa.concat_arrays(texts.chunks)
    if not most_bytes:
        return texts
    total, rows = 0, 0
    for text in texts:
        total += len(text.as_buffer())
        if total > most_bytes:
            break
        rows += 1
    # Copied, so that no more than these bytes are in memory.
    return pa.concat_arrays([texts.slice(0, max(rows, 1))])


def size_bytes(texts: Any) -> int:
    """Return the bytes of all texts."""
    return int(pa.compute.sum(pa.compute.binary_length(texts)).as_py() or 0)


def hostile_lines() -> dict[str, str]:
    """Return lines of a megabyte that bad rules need quadratic time for, by what they are made of."""
    half = LINE_BYTES // 2
    return {
        "base64": (_BASE64 * (LINE_BYTES // len(_BASE64) + 1))[:LINE_BYTES],
        "`a.` × 500,000 and `@`": "a." * half + "@",
        "`a-` × 500,000 and `@`": "a-" * half + "@",
        "`1.` × 500,000": "1." * half,
        "`:` × 1,000,000": ":" * LINE_BYTES,
        "`key=` × 250,000": "key=" * (LINE_BYTES // 4),
    }


def _texts(folder: Path) -> Iterator[str]:
    """Yield the texts of a folder's files, in the order of their paths; no links, no binary or large files."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and 0 < path.stat().st_size <= _MOST_BYTES:
            data = path.read_bytes()
            try:
                text = data.decode()
            except UnicodeDecodeError:
                continue
            if "\0" not in text:
                yield text
