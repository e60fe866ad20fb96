"""The rules that a blob must pass after exact dedup, in their order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stack_pipeline.reasons import Reason
from stack_pipeline.recipe import Recipe


@dataclass(frozen=True)
class BlobFacts:
    """What the rules look at.

    Args:
        length_bytes: Of the decoded text in UTF-8.
        avg_line_length: Mean characters per line.
        max_line_length: Characters.
        alphanum_fraction: Share of alphanumeric characters.
        comment_ratio: Comment characters per character; None where the language's comments are unknown.
    """

    length_bytes: int
    avg_line_length: float
    max_line_length: int
    alphanum_fraction: float
    comment_ratio: float | None


@dataclass(frozen=True)
class BlobRule:
    """A named rule on a blob; see `OriginRule`."""

    name: str
    reason: Reason
    source: str
    keeps: Callable[[BlobFacts, Recipe], bool]


def fits(blob: BlobFacts, recipe: Recipe) -> bool:
    """Keep texts up to `max_size_bytes`."""
    return blob.length_bytes <= recipe.select.max_size_bytes


def has_short_lines(blob: BlobFacts, recipe: Recipe) -> bool:
    """Keep files whose longest and mean line are within the basic filter."""
    select = recipe.select
    within = (
        blob.max_line_length <= select.max_line_length and blob.avg_line_length <= select.max_mean_line_length
    )
    return not select.basic_filter or within


def has_alphanumerics(blob: BlobFacts, recipe: Recipe) -> bool:
    """Keep files with enough alphanumeric characters."""
    return not recipe.select.basic_filter or blob.alphanum_fraction >= recipe.select.min_alphanumeric


def has_comments(blob: BlobFacts, recipe: Recipe) -> bool:
    """Keep files whose comment ratio lies inside the open interval; an unknown ratio passes."""
    select = recipe.select
    if not select.comment_filter or blob.comment_ratio is None:
        return True
    return select.min_comment_ratio < blob.comment_ratio < select.max_comment_ratio


BLOB_RULES = (
    BlobRule("fits", Reason.SIZE, "The Stack v1: 1 MB", fits),
    BlobRule("has_short_lines", Reason.LONG_LINES, "SantaCoder basic filter: 1000 and 100", has_short_lines),
    BlobRule(
        "has_alphanumerics", Reason.FEW_ALPHANUMERICS, "SantaCoder basic filter: 0.25", has_alphanumerics
    ),
    BlobRule("has_comments", Reason.COMMENT_RATIO, "SantaCoder comments filter: 0.01 and 0.8", has_comments),
)
"""Evaluated in this order; the first rule that fails gives the reason."""


def failed_rule(blob: BlobFacts, recipe: Recipe) -> BlobRule | None:
    """Return the first rule that a blob fails, None if it passes all."""
    return next((rule for rule in BLOB_RULES if not rule.keeps(blob, recipe)), None)
