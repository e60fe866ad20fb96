"""Near-deduplication by brute force, and texts to try it on."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from dedup import shingles

Row = tuple[Any, ...]


class PlainSearch:
    """Compare everything with everything, row by row in rank order."""

    def __init__(
        self,
        texts: Sequence[str | None],
        *,
        threshold: float,
        clusters: str = "star",
        measure: str = "jaccard",
        ngram: int = 5,
        rank: Sequence[int] | None = None,
        groups: Sequence[Any] | None = None,
    ) -> None:
        places = range(len(texts)) if rank is None else rank
        order = sorted(range(len(texts)), key=lambda row: (places[row], row))
        self.place = {row: place for place, row in enumerate(order)}
        self.texts, self.ngram = texts, ngram
        self.groups = [None] * len(texts) if groups is None else groups
        self.clusters, self.measure, self.threshold = clusters, measure, threshold
        self.first: dict[int, int] = {}
        for row in order:
            alike = (other for other in self.first if self.is_copy(row, other))
            if texts[row] is not None:
                self.first[row] = next(alike, row)
        self.distinct = [row for row in order if self.first.get(row) == row]

    def is_copy(self, row: int, other: int) -> bool:
        return self.texts[row] == self.texts[other] and self.groups[row] == self.groups[other]

    def similarity(self, kept: int, gone: int) -> float:
        if self.groups[kept] != self.groups[gone]:
            return 0.0
        left, right = (set(shingles(self.texts[row] or "", ngram=self.ngram)) for row in (kept, gone))
        common = len(left & right)
        if not common:
            return 0.0
        if self.measure == "jaccard":
            return common / len(left | right)
        return common / (len(right) if self.clusters == "star" else min(len(left), len(right)))

    def heads(self) -> dict[int, int]:
        """Return for each distinct text the one that stands for it."""
        if self.clusters == "star":
            kept: dict[int, int] = {}
            for row in self.distinct:
                near = (head for head in kept if kept[head] == head and self.is_near(head, row))
                kept[row] = next(near, row)
            return kept
        groups = [{row} for row in self.distinct]
        for pair in itertools.combinations(self.distinct, 2):
            if self.is_near(*pair):
                joined = set().union(*(group for group in groups if group & set(pair)))
                groups = [group for group in groups if not group & joined] + [joined]
        return {row: min(group, key=self.place.__getitem__) for group in groups for row in group}

    def is_near(self, kept: int, gone: int) -> bool:
        return self.similarity(kept, gone) >= self.threshold

    def nearest(self, row: int, members: list[int]) -> tuple[int, float]:
        copies = [other for other in members if other != row and self.first[other] == self.first[row]]
        if copies:
            return copies[0], 1.0
        others = [other for other in members if other != row and self.first[other] == other]
        best = max(others, key=lambda other: (self.similarity(row, other), -self.place[other]))
        return best, self.similarity(row, best)

    def rows(self) -> list[Row]:
        heads = self.heads()
        of_head: dict[int, list[int]] = {}
        for row in sorted(self.first, key=self.place.__getitem__):
            of_head.setdefault(heads[self.first[row]], []).append(row)
        found: list[Row] = []
        for head in sorted(of_head, key=self.place.__getitem__):
            for row in of_head[head] if len(of_head[head]) > 1 else []:
                original = self.first[row]
                similarity = 1.0 if original == head else self.similarity(head, original)
                kind = "kept" if row == head else "exact" if row != original else "near"
                nearest = self.nearest(row, of_head[head]) if self.clusters == "components" else ()
                found.append((row, head, similarity, kind, *nearest))
        return found


def rows_of(table: Any) -> list[Row]:
    assert table.column("cluster").equals(table.column("representative"))
    return list(zip(*table.drop_columns(["cluster"]).to_pydict().values(), strict=True))


def removed(table: Any) -> set[Any]:
    return {row for row, head, *_ in rows_of(table) if row != head}


def generated_texts(families: int, members: int, *, seed: int, tokens: int = 80) -> list[str]:
    """Return families of texts, each an original with up to four tokens changed."""
    generator = np.random.default_rng(seed)
    texts = []
    for family in range(families):
        original = [f"f{family}_{n}" for n in generator.integers(0, 60, size=tokens)]
        for _ in range(members):
            copy = list(original)
            for place in generator.integers(0, tokens, size=generator.integers(0, 5)):
                copy[place] = f"edit{generator.integers(0, 10**6)}"
            texts.append(" ".join(copy))
    return [texts[row] for row in generator.permutation(len(texts))]
