"""The YAML block at the top of the card, by which dataset hubs and `datasets` know the release."""

from __future__ import annotations

import json

from stack_pipeline.card.facts import ReleaseFacts

DEFAULT_CONFIG = "default"
ALL_LANGUAGES = "data/*/*.parquet"

_SIZE_STEPS = ("1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T")


def front_matter(facts: ReleaseFacts) -> str:
    """Return the block with its `---` lines.

    There is a configuration per language folder, named by its slug, and `default` for all languages together.
    Every string is double-quoted: slugs such as `c++` or `1c-enterprise` need no rule of their own.
    """
    configs = [(DEFAULT_CONFIG, ALL_LANGUAGES), *((group.name, group.pattern) for group in facts.languages)]
    lines = [
        "---",
        f"pretty_name: {_quoted(pretty_name(facts))}",
        'license: "other"',
        'language: ["code"]',
        'task_categories: ["text-generation"]',
        f"size_categories: [{_quoted(size_category(facts.table('data').rows))}]",
        'tags: ["code", "source-code", "croissant"]',
        "configs:",
    ]
    for name, pattern in configs:
        lines += [
            f"- config_name: {_quoted(name)}",
            "  data_files:",
            '  - split: "train"',
            f"    path: {_quoted(pattern)}",
        ]
    return "\n".join([*lines, "---"])


def pretty_name(facts: ReleaseFacts) -> str:
    """Return the title of the release."""
    return f"Source code release {facts.root[:12]}"


def size_category(rows: int) -> str:
    """Return the dataset hub's name for a number of rows.

    Examples:
        >>> size_category(999), size_category(1000), size_category(10**12)
        ('n<1K', '1K<n<10K', 'n>1T')
    """
    for power, (low, high) in enumerate(zip(("", *_SIZE_STEPS), _SIZE_STEPS, strict=False)):
        if rows < 10 ** (power + 3):
            return f"{low}<n<{high}" if low else f"n<{high}"
    return f"n>{_SIZE_STEPS[-1]}"


def _quoted(text: str) -> str:
    return json.dumps(text)
