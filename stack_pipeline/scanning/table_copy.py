"""Redact one column of a Parquet or JSONL file into a copy, or only see whether it would change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pii import redact_array
from stack_pipeline.near_dedup.json_lines import JsonLines
from stack_pipeline.scanning.json_copy import copy_json_lines
from stack_pipeline.scanning.parquet_copy import copy_parquet
from stack_pipeline.scanning.redacting import RedactSettings
from stack_pipeline.scanning.replacing import write_whole
from stack_pipeline.scanning.tables import Source, pieces
from stack_pipeline.scanning.tally import Tally


def copy_table(source: Source, column: str, target: Path, settings: RedactSettings, tally: Tally) -> None:
    """Write a copy of a file with one column redacted; it is there whole or not at all.

    Args:
        source: The file.
        column: The text's.
        target: Name of the copy, which must be free.
        settings: What to replace.
        tally: Counts texts and replacements.
    """

    def redact(texts: Any) -> tuple[Any, list[bool]]:
        return redact_texts(texts, settings, tally)

    def write(stream: Any) -> None:
        if isinstance(source, JsonLines):
            copy_json_lines(source, column, redact, stream)
        else:
            copy_parquet(source, column, redact, stream)

    write_whole(target, write, replace=False)


def check_tables(sources: Sequence[Source], column: str, settings: RedactSettings, tally: Tally) -> None:
    """Count what redaction would change in a column."""
    for piece in pieces(sources, column=column, id_column=None):
        redact_texts(piece.texts, settings, tally)


def redact_texts(texts: Any, settings: RedactSettings, tally: Tally) -> tuple[Any, list[bool]]:
    """Return a large_binary array redacted, and which texts changed."""
    clean, spans = redact_array(
        texts,
        key=settings.key,
        policy=settings.policy,
        style=settings.style,
        kinds=settings.kinds,
        threads=settings.threads,
    )
    columns = spans.select(["row", "kind", "detector"]).to_pydict()
    rows = set(columns["row"])
    tally.texts += len(texts) - texts.null_count
    tally.changed += len(rows)
    tally.found.update(zip(columns["kind"], columns["detector"], strict=True))
    return clean, [index in rows for index in range(len(texts))]
