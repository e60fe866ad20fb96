"""The row of the view that speaks for a commit: the first of its refs, in the first of its snapshots."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from stack_pipeline.release.commits import commit_keys, taken_commits
from stack_pipeline.release.work_tables import VIEW


def row(
    repository: str, ref: str | None, commit: str | None, snapshot: int = 1, **values: Any
) -> dict[str, Any]:
    return {
        "repository": repository,
        "ref": ref,
        "commit": commit,
        "snapshot": snapshot,
        "status": "read",
        "opted_out": False,
        **values,
    }


def taken(*rows: dict[str, Any]) -> list[tuple[Any, ...]]:
    names = ("repository", "ref", "commit", "snapshot")
    found = taken_commits(pa.Table.from_pylist(list(rows), schema=VIEW)).to_pylist()
    return [tuple(commit[name] for name in names) for commit in found]


ONE = row("a", "main", "c1", 2)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], []),
        ([ONE], [("a", "main", "c1", 2)]),
        ([ONE, row("a", "older", "c1", 1)], [("a", "main", "c1", 1)]),
        ([ONE, row("a", "a", "c1", 3)], [("a", "a", "c1", 2)]),
        ([ONE, row("a", None, "c1", 3)], [("a", None, "c1", 2)]),
        ([ONE, row("a", "a", "c2", 3)], [("a", "a", "c2", 3), ("a", "main", "c1", 2)]),
        ([ONE, row("b", "a", "c1", 1)], [("a", "main", "c1", 2), ("b", "a", "c1", 1)]),
        ([ONE, row("a", None, "c1", 1, opted_out=True)], [("a", "main", "c1", 2)]),
        ([row("a", None, "c1", opted_out=None)], [("a", None, "c1", 1)]),
        ([row("a", None, "c1", status="withheld"), row("b", None, None, status="dropped")], []),
    ],
)
def test_commits_of_a_view(rows: list[dict[str, Any]], expected: list[tuple[Any, ...]]) -> None:
    assert taken(*rows) == expected


def test_a_key_names_one_commit_of_one_repository() -> None:
    rows = pa.table({"repository": ["x y", "y", "x"], "commit": ["c", "c", "c"]})
    assert len(set(commit_keys(rows).to_pylist())) == 3
