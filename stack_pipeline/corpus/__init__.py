"""The corpus: layout, snapshots, view."""

from stack_pipeline.corpus.layout import Corpus, Snapshot, locked, open_corpus, open_or_create_corpus
from stack_pipeline.corpus.view import check_one_rule_version, logical_rows, newest_rows, view_key

__all__ = [
    "Corpus",
    "Snapshot",
    "check_one_rule_version",
    "locked",
    "logical_rows",
    "newest_rows",
    "open_corpus",
    "open_or_create_corpus",
    "view_key",
]
