"""Ingest: repositories in, a snapshot of the corpus out.

`list_trees` → `decide_opt_outs` → `read_licenses` → `read_files` → `merge_snapshot` → `commit_snapshot`.
"""
