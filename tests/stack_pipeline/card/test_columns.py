"""Tests that the meanings of columns and the schemas are one and the same list."""

from __future__ import annotations

import pytest

from stack_pipeline.card import COLUMNS, TABLE_MEANINGS
from stack_pipeline.card.columns import RELEASE_SCHEMAS


@pytest.mark.parametrize("table", sorted(RELEASE_SCHEMAS))
def test_every_column_of_a_table_has_a_meaning_and_no_other_has(table: str) -> None:
    assert sorted(COLUMNS[table]) == sorted(RELEASE_SCHEMAS[table].names)
    assert all(meaning.strip() for meaning in COLUMNS[table].values())


def test_every_table_has_a_meaning_and_no_other_has() -> None:
    assert sorted(TABLE_MEANINGS) == sorted(COLUMNS) == sorted(RELEASE_SCHEMAS)


def test_meanings_fit_into_a_cell_of_a_table() -> None:
    texts = [*TABLE_MEANINGS.values(), *(text for table in COLUMNS.values() for text in table.values())]
    assert not [text for text in texts if "|" in text or "\n" in text]
