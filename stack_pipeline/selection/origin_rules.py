"""The rules that an origin must pass before exact dedup elects among the origins that passed, in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyarrow as pa

from optout import Glob
from stack_pipeline.reasons import Reason
from stack_pipeline.recipe import Recipe
from stack_pipeline.tables.columns import distinct_rows

Origin = Mapping[str, Any]
"""A row of the origins table, with `license_type` under the release's profile and `stars` of its repository."""


@dataclass(frozen=True)
class OriginRule:
    """A named rule on an origin.

    Args:
        name: Stands in decisions.
        reason: Given to origins that fail.
        source: Where rule and thresholds come from.
        keeps: Whether an origin passes under a recipe.
    """

    name: str
    reason: Reason
    source: str
    keeps: Callable[[Origin, Recipe], bool]


def has_license(origin: Origin, recipe: Recipe) -> bool:
    """Keep origins for which some licence is known."""
    return bool(origin["license_type"] != "no_license")


def is_permissive(origin: Origin, recipe: Recipe) -> bool:
    """Keep origins that the licence profile allows."""
    return bool(origin["license_type"] == "permissive")


def in_languages(origin: Origin, recipe: Recipe) -> bool:
    """Keep the listed languages; an empty list keeps all."""
    return not recipe.select.languages or origin["language"] in recipe.select.languages


def not_vendored(origin: Origin, recipe: Recipe) -> bool:
    """Keep origins outside vendored paths."""
    return not (recipe.select.drop_vendored and origin["is_vendored"])


def not_generated(origin: Origin, recipe: Recipe) -> bool:
    """Keep files that were not generated."""
    return not (recipe.select.drop_generated and origin["is_generated"])


def not_minified(origin: Origin, recipe: Recipe) -> bool:
    """Keep files that were not minified."""
    return not (recipe.select.drop_minified and origin["is_minified"])


def in_paths(origin: Origin, recipe: Recipe) -> bool:
    """Keep paths that match an include glob, if any is given, and no exclude glob."""
    path, select = origin["path_bytes"], recipe.select
    if select.include_paths and not any(_glob(glob).matches(path) for glob in select.include_paths):
        return False
    return not any(_glob(glob).matches(path) for glob in select.exclude_paths)


def has_stars(origin: Origin, recipe: Recipe) -> bool:
    """Keep repositories with at least `min_stars`; unknown counts as 0."""
    return (origin["stars"] or 0) >= recipe.select.min_stars


@lru_cache(maxsize=1024)
def _glob(pattern: str) -> Glob:
    return Glob(pattern)


_FACTS = ["license_type", "language", "is_vendored", "is_generated", "is_minified", "stars"]
"""What the rules look at beside the path."""

ORIGIN_RULES = (
    OriginRule("has_license", Reason.NO_LICENSE, "The Stack v2: license_type", has_license),
    OriginRule("is_permissive", Reason.NOT_PERMISSIVE, "The Stack v2: license_type", is_permissive),
    OriginRule("in_languages", Reason.LANGUAGE, "The Stack: one folder per language", in_languages),
    OriginRule("not_vendored", Reason.VENDORED, "StarCoder2, section 3: is_vendor", not_vendored),
    OriginRule("not_minified", Reason.MINIFIED, "Linguist: minified files", not_minified),
    OriginRule("not_generated", Reason.GENERATED, "StarCoder2, section 3: is_generated", not_generated),
    OriginRule("in_paths", Reason.PATH, "this project", in_paths),
    OriginRule("has_stars", Reason.FEW_STARS, "SantaCoder, section 5: stars filter", has_stars),
)
"""Evaluated in this order; the first rule that fails gives the reason."""


def failed_rule(origin: Origin, recipe: Recipe) -> OriginRule | None:
    """Return the first rule that an origin fails, None if it passes all."""
    return next((rule for rule in ORIGIN_RULES if not rule.keeps(origin, recipe)), None)


def failed_rules(origins: pa.Table, recipe: Recipe) -> pa.Table:
    """Return `name` and `reason` of the first rule that each origin of a table fails, null if it passes all.

    Each distinct case is judged once: origins are many, languages and licence types few.
    """
    by_path = [*recipe.select.include_paths, *recipe.select.exclude_paths]
    places, numbers = distinct_rows(origins.select([*_FACTS, "path_bytes"] if by_path else _FACTS))
    cases = origins.select([*_FACTS, "path_bytes"]).take(places).to_pylist()
    rules = [failed_rule(case, recipe) for case in cases]
    names = pa.array((rule and rule.name for rule in rules), pa.string())
    reasons = pa.array((rule and str(rule.reason) for rule in rules), pa.string())
    return pa.table({"name": names, "reason": reasons}).take(numbers)
