"""Selection: two ordered lists of rules, and the order in which representatives are chosen."""

from stack_pipeline.selection.blob_rules import BLOB_RULES, BlobFacts
from stack_pipeline.selection.origin_rules import ORIGIN_RULES
from stack_pipeline.selection.rank import blob_rank, origin_rank

SELECTION_VERSION = "1"
"""Raised when a rule, its meaning or the rank changes."""

__all__ = ["BLOB_RULES", "ORIGIN_RULES", "SELECTION_VERSION", "BlobFacts", "blob_rank", "origin_rank"]
