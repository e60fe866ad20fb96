"""Compare what a tool removes with the exact truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.near_dedup.truth import Truth


@dataclass(frozen=True)
class Judgement:
    """How removals compare with the truth of a cluster kind.

    Attributes:
        removed: Rows removed.
        exact: Rows that the exact clusters of this kind remove.
        recall: Share of those that were removed.
        unlike: Rows removed that resemble no other file (for ours: not the file they point to) by the threshold.
        left_over: Pairs at or above the threshold of which both files were kept.
        pairs: All pairs at or above the threshold.
    """

    removed: int
    exact: int
    recall: float
    unlike: int
    left_over: int
    pairs: int


def judge(
    truth: Truth,
    removed: npt.NDArray[np.int64],
    *,
    kind: str,
    representative: npt.NDArray[np.int64] | None = None,
) -> Judgement:
    """Judge the removal of some rows.

    Args:
        truth: All pairs of the corpus at the threshold.
        removed: Row numbers.
        kind: `star` or `components`: the exact clusters to compare with.
        representative: For each removed row the row that it resembles, if the tool says so (ours does); then a removal
            is `unlike` if these two do not reach the threshold, and byte-identical files too short for shingles belong
            to the exact removals. Rows with the bytes of an earlier one are never `unlike`.
    """
    gone = np.zeros(truth.rows, dtype=bool)
    gone[removed] = True
    exact = truth.removed[kind]
    if representative is None:
        like = np.zeros(truth.rows, dtype=bool)
        like[truth.left] = like[truth.right] = True
        backed = like[removed]
    else:
        exact = exact | truth.twin
        backed = truth.holds(removed, representative)
    return Judgement(
        removed=int(gone.sum()),
        exact=int(exact.sum()),
        recall=float((gone & exact).sum() / max(1, exact.sum())),
        unlike=int((~backed & ~truth.twin[removed]).sum()),
        left_over=int((~gone[truth.left] & ~gone[truth.right]).sum()),
        pairs=len(truth.left),
    )
