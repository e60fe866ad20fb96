"""Print a recipe and its documentation: the generated page and `recipe show`."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from stack_pipeline.recipe.sections import Recipe

INTRODUCTION = """# The recipe

A recipe is a TOML file given as `--recipe FILE`. Each key below stands with its default; leave out what you do not change. An unknown key
is an error. Everything but `[engine]` and the place of the rules file is part of the release's manifest.

This page is generated (`make docs`); a test checks that it is up to date.
"""


def recipe_toml(recipe: Recipe) -> str:
    """Return a recipe as commented TOML that reads back as the same recipe."""
    lines: list[str] = []
    for section in fields(Recipe):
        values = getattr(recipe, section.name)
        lines += [f"# {_summary(values)}", f"[{section.name}]"]
        for key in fields(values):
            lines += [f"# {key.metadata['doc']}", f"{key.name} = {_toml(getattr(values, key.name))}"]
        lines.append("")
    return "\n".join(lines)


def recipe_page() -> str:
    """Return the documentation page of all keys, in Markdown."""
    parts = [INTRODUCTION]
    recipe = Recipe()
    for section in fields(Recipe):
        values = getattr(recipe, section.name)
        parts.append(
            f"\n## `[{section.name}]`\n\n{_summary(values)}\n\n| key | default | may be | meaning |\n|---|---|---|---|\n"
        )
        for key in fields(values):
            default = _toml(getattr(values, key.name))
            meaning = key.metadata["doc"].replace("|", "\\|")
            parts.append(
                f"| `{key.name}` | `{default}` | {_range(key.metadata, key.default)} | {meaning} |\n"
            )
    return "".join(parts)


def _summary(values: Any) -> str:
    return str(type(values).__doc__).splitlines()[0]


def _toml(value: Any) -> str:
    """Write a value as TOML: as JSON, but characters beyond ASCII stand for themselves and DEL is escaped."""
    text = json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
    return text.replace("\x7f", "\\u007f")


def _range(rule: Any, default: Any) -> str:
    if rule["choices"]:
        return ", ".join(f"`{choice}`" for choice in rule["choices"])
    if rule["low"] is not None:
        return f"≥ {rule['low']}" if rule["high"] is None else f"{rule['low']} … {rule['high']}"
    return {bool: "true, false", str: "text", tuple: "list of text"}.get(type(default), "number")
