"""The card of a release, from its manifest alone: `README.md` for people, `croissant.json` for machines."""

from stack_pipeline.card.columns import COLUMNS, TABLE_MEANINGS
from stack_pipeline.card.croissant import croissant_json
from stack_pipeline.card.facts import ReleaseFacts, read_facts
from stack_pipeline.card.readme import readme_text
from stack_pipeline.card.writing import CARD_NAME, CROISSANT_NAME, write_card

__all__ = [
    "CARD_NAME",
    "COLUMNS",
    "CROISSANT_NAME",
    "TABLE_MEANINGS",
    "ReleaseFacts",
    "croissant_json",
    "read_facts",
    "readme_text",
    "write_card",
]
