"""The exact truth of a corpus: all pairs at a threshold, and what each cluster kind removes; kept in the cache."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.near_dedup.corpus import Corpus
from dedup.exact_join import exact_components, exact_pairs, exact_star

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Truth:
    """All pairs of a corpus with similarity of `threshold` or more; rank is the order of rows."""

    threshold: float
    rows: int
    pairs: Any
    twin: Mask
    """Rows that have the bytes of an earlier row."""

    @cached_property
    def removed(self) -> dict[str, Mask]:
        """The rows that go, by cluster kind."""
        rows = np.arange(self.rows)
        return {
            "star": exact_star(self.pairs, rows=self.rows) != rows,
            "components": exact_components(self.pairs, rows=self.rows) != rows,
        }

    @cached_property
    def keys(self) -> npt.NDArray[np.uint64]:
        """Every pair as left * 2**32 + right, sorted."""
        return self.left.astype(np.uint64) << np.uint64(32) | self.right.astype(np.uint64)

    @property
    def left(self) -> npt.NDArray[np.uint32]:
        """The lower row of each pair."""
        numbers: npt.NDArray[np.uint32] = self.pairs.column("left").to_numpy()
        return numbers

    @property
    def right(self) -> npt.NDArray[np.uint32]:
        """The higher row of each pair."""
        numbers: npt.NDArray[np.uint32] = self.pairs.column("right").to_numpy()
        return numbers

    def holds(self, one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> Mask:
        """Say of each pair of rows whether it is in the truth."""
        low, high = np.minimum(one, other).astype(np.uint64), np.maximum(one, other).astype(np.uint64)
        return np.isin(low << np.uint64(32) | high, self.keys)


def exact_truth(corpus: Corpus, threshold: float, *, ngram: int = 5) -> Truth:
    """Return the truth of a corpus, computed once and then found beside it."""
    target = corpus.path.with_name(f"{corpus.path.stem}-pairs-{threshold}.parquet")
    texts = pq.read_table(corpus.path, columns=["content"]).column("content")
    if not target.exists():
        print(f"joining the {corpus.name} corpus exactly at {threshold}", file=sys.stderr)
        part = target.with_suffix(".part")
        pq.write_table(exact_pairs(texts, threshold=threshold, ngram=ngram), part, compression="zstd")
        part.rename(target)
    return Truth(threshold, len(texts), pq.read_table(target), _twins(texts))


def _twins(texts: Any) -> Mask:
    codes = pa.chunked_array([chunk.cast(pa.large_string()) for chunk in texts.chunks]).combine_chunks()
    indices = codes.dictionary_encode().indices.to_numpy()
    _, first = np.unique(indices, return_index=True)
    twin = np.ones(len(indices), dtype=bool)
    twin[first] = False
    return twin
