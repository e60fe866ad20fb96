"""The parts of the documentation that are made from the code: between two comments of a page, by name."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import pyarrow as pa

from stack_pipeline.card.columns import COLUMNS, RELEASE_SCHEMAS, TABLE_MEANINGS, type_words
from stack_pipeline.ingest.stages import STAGES as INGEST_STAGES
from stack_pipeline.jobs import Stage
from stack_pipeline.reasons import FAILURES, Reason
from stack_pipeline.recipe import Recipe
from stack_pipeline.release.stages import STAGES as RELEASE_STAGES
from stack_pipeline.selection import BLOB_RULES, ORIGIN_RULES
from stack_pipeline.tables.schema import RELEASE_ORDER
from tools.command_reference import command_reference
from tools.corpus_columns import CORPUS_COLUMNS, CORPUS_SCHEMAS, CORPUS_TABLE_MEANINGS
from tools.reason_sentences import REASON_SENTENCES

RULE_KEYS = {
    "has_license": (),
    "is_permissive": ("licenses.profile",),
    "in_languages": ("select.languages",),
    "not_vendored": ("select.drop_vendored",),
    "not_minified": ("select.drop_minified",),
    "not_generated": ("select.drop_generated",),
    "in_paths": ("select.include_paths", "select.exclude_paths"),
    "has_stars": ("select.min_stars",),
    "fits": ("select.max_size_bytes",),
    "has_short_lines": ("select.basic_filter", "select.max_line_length", "select.max_mean_line_length"),
    "has_alphanumerics": ("select.basic_filter", "select.min_alphanumeric"),
    "has_comments": ("select.comment_filter", "select.min_comment_ratio", "select.max_comment_ratio"),
}
"""The keys of the recipe that steer each selection rule."""

_SECTION = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(<!-- end -->)", re.S)


def with_sections(markdown: str) -> str:
    """Return a page with each generated section as the code has it now.

    Raises:
        KeyError: If the page asks for a section that nothing makes.
    """
    return _SECTION.sub(lambda match: f"{match[1]}\n{SECTIONS[match[2]]()}\n{match[3]}", markdown)


def section_names(markdown: str) -> list[str]:
    """Return the names of the sections of a page."""
    return [match[2] for match in _SECTION.finditer(markdown)]


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table.

    Examples:
        >>> table(["a"], [["x|y"]])
        '| a |\\n|---|\\n| x\\\\|y |\\n'
    """
    lines = [header, ["---"] * len(header)]
    text = ["| " + " | ".join(header) + " |", "|" + "|".join(lines[1]) + "|"]
    text += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(text) + "\n"


def summary(documented: Any) -> str:
    """Return the first paragraph of a docstring as one line."""
    return " ".join((documented.__doc__ or "").strip().split("\n\n")[0].split())


def stages(listed: Sequence[Stage]) -> str:
    """Return a row per stage: what it does, how it is cut into tasks, what they write, what shapes it."""
    rows = [
        (
            str(number),
            f"`{stage.name}`",
            summary(sys.modules[stage.run.__module__]),
            summary(stage.plan),
            summary(stage.run),
            ", ".join(f"`[{name}]`" for name in stage.sections) or "nothing",
        )
        for number, stage in enumerate(listed, start=1)
    ]
    return table(("", "stage", "what it does", "its tasks", "what they write", "recipe"), rows)


def rules(listed: Sequence[Any]) -> str:
    """Return a row per selection rule, in order of evaluation."""
    rows = [
        (
            str(number),
            f"`{rule.name}`",
            summary(rule.keeps),
            f"`{rule.reason}`",
            ", ".join(f"`{key}` = `{_default(key)}`" for key in RULE_KEYS[rule.name]) or "always on",
            rule.source,
        )
        for number, rule in enumerate(listed, start=1)
    ]
    return table(("", "rule", "what it does", "reason", "keys and defaults", "source"), rows)


def _default(key: str) -> str:
    section, name = key.split(".")
    value = getattr(getattr(Recipe(), section), name)
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(list(value) if isinstance(value, tuple) else value)


def reasons() -> str:
    """Return a row per reason."""
    rows = []
    for reason in Reason:
        told = REASON_SENTENCES[reason]
        stages_told = ", ".join(f"`{stage}`" for stage in told.stage.split(", "))
        name = f"`{reason}`" + (" (failure)" if reason in FAILURES else "")
        rows.append((name, told.unit, stages_told, told.sentence))
    return table(("reason", "said of", "by", "meaning"), rows)


def columns(
    schemas: Mapping[str, pa.Schema],
    meanings: Mapping[str, str],
    words: Mapping[str, Mapping[str, str]],
    order: Mapping[str, tuple[str, ...]],
) -> str:
    """Return a section per table with a row per column."""
    parts = []
    for name, schema in schemas.items():
        rows = [
            (
                f"`{field.name}`",
                type_words(field.type) + ("" if field.nullable else ", never null"),
                words[name][field.name],
            )
            for field in schema
        ]
        sorted_by = f" Sorted by {', '.join(f'`{key}`' for key in order[name])}." if name in order else ""
        body = table(("column", "type", "meaning"), rows)
        meaning = meanings[name][0].upper() + meanings[name][1:]
        parts.append(f"### `{name}/`\n\n{meaning}.{sorted_by}\n\n{body}")
    return "\n".join(parts)


SECTIONS: dict[str, Callable[[], str]] = {
    "commands": command_reference,
    "corpus-tables": partial(columns, CORPUS_SCHEMAS, CORPUS_TABLE_MEANINGS, CORPUS_COLUMNS, {}),
    "release-tables": partial(columns, RELEASE_SCHEMAS, TABLE_MEANINGS, COLUMNS, RELEASE_ORDER),
    "ingest-stages": partial(stages, INGEST_STAGES),
    "release-stages": partial(stages, RELEASE_STAGES),
    "origin-rules": partial(rules, ORIGIN_RULES),
    "blob-rules": partial(rules, BLOB_RULES),
    "reasons": reasons,
}
"""What makes each generated section."""
