"""Read a recipe from TOML: unknown keys, wrong types and values out of range are one-line errors with a suggestion."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import Field, asdict, fields, replace
from pathlib import Path
from typing import Any

from stack_pipeline.errors import UsageError
from stack_pipeline.recipe.sections import Recipe

_LONGEST_MESSAGE = 200
_INTEGER_LIMIT = 1 << 63


def read_recipe(path: Path | None) -> Recipe:
    """Read a recipe file, or return the defaults for None.

    `optout.rules` is made relative to the recipe's folder.

    Raises:
        UsageError: With the file, the key and a hint.
    """
    if path is None:
        return Recipe()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"{path}: cannot read the recipe: {reason}") from None
    recipe = parse_recipe(text, name=path.name)
    if recipe.optout.rules:
        rules = str(path.parent / recipe.optout.rules)
        recipe = replace(recipe, optout=replace(recipe.optout, rules=rules))
    return recipe


def parse_recipe(text: str, *, name: str = "recipe") -> Recipe:
    """Read a recipe from TOML text.

    Raises:
        UsageError: With the name, the key and a hint.

    Examples:
        >>> parse_recipe("[near_dedup]\\nthreshold = 0.85").near_dedup.threshold
        0.85
    """
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name}: not TOML: {error}"[:_LONGEST_MESSAGE]) from None
    except RecursionError:
        raise UsageError(f"{name}: nested too deeply") from None
    except ValueError:
        raise UsageError(f"{name}: not TOML: a number has too many digits") from None
    recipe = Recipe()
    sections = {section.name: section for section in fields(Recipe)}
    known = [f"{s}.{key.name}" for s in sections for key in fields(getattr(recipe, s))]
    for section, values in tree.items():
        if section not in sections:
            raise _unknown(name, section, [*sections, *known])
        if not isinstance(values, dict):
            raise UsageError(f"{name}: '{section}' is a section", hint=f"write it as [{section}]")
        recipe = replace(
            recipe, **{section: _section(name, section, values, getattr(recipe, section), known)}
        )
    return recipe


def _section(name: str, section: str, values: dict[str, Any], default: Any, known: list[str]) -> Any:
    keys = {key.name: key for key in fields(default)}
    read: dict[str, Any] = {}
    for key, value in values.items():
        if key not in keys:
            raise _unknown(name, f"{section}.{key}", known)
        read[key] = _value(name, f"{section}.{key}", value, keys[key])
    return replace(default, **read)


def _unknown(name: str, key: str, known: list[str]) -> UsageError:
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.6)
    hint = f"did you mean '{near[0]}'?" if near else "see: stack-pipeline recipe show"
    return UsageError(f"{name}: unknown key '{key}'"[:_LONGEST_MESSAGE], hint=hint)


def _value(name: str, key: str, value: Any, declared: Field[Any]) -> Any:
    default, rule = declared.default, declared.metadata
    expected = type(default)
    if isinstance(default, tuple):
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise UsageError(f"{name}: '{key}' is a list of strings", hint=rule["doc"])
        for item in value:
            _check_item(name, key, item, rule)
        return tuple(value)
    if isinstance(value, int) and not -_INTEGER_LIMIT <= value < _INTEGER_LIMIT:
        raise UsageError(f"{name}: '{key}' is a number beyond 64 bits", hint=rule["doc"])
    if expected is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not expected:
        wanted = {bool: "true or false", int: "a whole number", float: "a number", str: "a string"}[expected]
        raise UsageError(f"{name}: '{key}' is {wanted}, not {value!r}"[:_LONGEST_MESSAGE], hint=rule["doc"])
    if rule["choices"] and value not in rule["choices"]:
        near = difflib.get_close_matches(value, rule["choices"], n=1)
        hint = f"did you mean '{near[0]}'?" if near else "one of: " + ", ".join(rule["choices"])
        raise UsageError(f"{name}: '{key}' cannot be '{value}'"[:_LONGEST_MESSAGE], hint=hint)
    low, high = rule["low"], rule["high"]
    if (low is not None and not value >= low) or (high is not None and not value <= high):
        span = f"at least {low}" if high is None else f"between {low} and {high}"
        raise UsageError(f"{name}: '{key}' must be {span}, not {value}")
    return value


def _check_item(name: str, key: str, item: str, rule: Mapping[str, Any]) -> None:
    if rule["items"] == "glob":
        from optout import Glob

        try:
            Glob(item)
        except ValueError as error:
            raise UsageError(
                f"{name}: '{key}' {error}, not {item!r}"[:_LONGEST_MESSAGE], hint=rule["doc"]
            ) from None
    if rule["items"] == "language":
        from stack_pipeline.files import language_names

        names = language_names()
        if item not in names:
            near = difflib.get_close_matches(item, names, n=1)
            hint = f"did you mean '{near[0]}'?" if near else rule["doc"]
            raise UsageError(
                f"{name}: '{key}' has an unknown language '{item}'"[:_LONGEST_MESSAGE], hint=hint
            )


def canonical_recipe(recipe: Recipe, *, optout_digest: str) -> dict[str, Any]:
    """Return what of a recipe shapes outputs: without `[engine]`, with the rules' keyed digest for the rules file."""
    tree = asdict(recipe)
    del tree["engine"]
    tree["optout"] = {"rules_digest": optout_digest}
    tree["select"] = {key: list(v) if isinstance(v, tuple) else v for key, v in tree["select"].items()}
    return tree
