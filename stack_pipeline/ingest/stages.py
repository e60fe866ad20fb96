"""The stages of an ingest, in order."""

from stack_pipeline.ingest import (
    commit_snapshot,
    decide_opt_outs,
    list_trees,
    merge_snapshot,
    read_files,
    read_licenses,
)

STAGES = (
    list_trees.STAGE,
    decide_opt_outs.STAGE,
    read_licenses.STAGE,
    read_files.STAGE,
    merge_snapshot.STAGE,
    commit_snapshot.STAGE,
)

__all__ = ["STAGES"]
