"""Why origins are out: an opt-out comes before what ingest found, and that before the rules."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from optout import parse_rules
from stack_pipeline.recipe import Recipe
from stack_pipeline.release.judging import are_read, judge
from stack_pipeline.release.work_tables import VIEW
from stack_pipeline.tables.columns import with_columns
from stack_pipeline.tables.schema import ORIGINS

BLOB = "ab" * 20
RULES = f"""
[[rule]]
blob = "{BLOB}"
[[rule]]
repository = "github.com/a/one"
path = "docs/**"
"""
COMMITS = pa.Table.from_pylist(
    [
        {"repository": name, "full_name": f"a/{name}", "host": "github.com", "commit": "c", "stars": stars}
        for name, stars in (("one", 5), ("two", None))
    ],
    schema=VIEW,
)
GOOD = {
    "repository": "one",
    "commit": "c",
    "path_bytes": b"src/a.py",
    "path": "src/a.py",
    "content_id": "0" * 40,
    "license_status": "clear",
    "license_expression": "MIT",
}


def judged(*changes: dict[str, Any], rules: str = RULES, **select: Any) -> list[tuple[Any, ...]]:
    rows = [{**GOOD, **change} for change in changes]
    places = [["one", "two"].index(row["repository"]) for row in rows]
    origins = with_columns(pa.Table.from_pylist(rows, schema=ORIGINS), place=pa.array(places, pa.int32()))
    recipe = replace(Recipe(), select=replace(Recipe().select, **select))
    table = judge(origins, COMMITS, recipe=recipe, rules=parse_rules(rules))
    names = ("license_type", "drop_reason", "drop_rule")
    return [tuple(row[name] for name in names) for row in table.to_pylist()]


@pytest.mark.parametrize(
    ("change", "select", "expected"),
    [
        ({}, {}, ("permissive", None, None)),
        ({"license_expression": "GPL-3.0-only"}, {}, ("non_permissive", "not_permissive", "is_permissive")),
        ({"license_status": "none"}, {}, ("no_license", "no_license", "has_license")),
        (
            {"reason": "not_permissive", "license_status": "none"},
            {},
            ("no_license", "no_license", "has_license"),
        ),
        ({"reason": "binary", "license_status": None}, {}, (None, "binary", "ingest")),
        ({"reason": "binary", "license_status": None, "content_id": BLOB}, {}, (None, "opted_out", "blob")),
        ({"content_id": BLOB}, {}, ("permissive", "opted_out", "blob")),
        ({"content_id": BLOB, "path_bytes": b"docs/a"}, {}, ("permissive", "opted_out", "blob")),
        ({"path_bytes": b"docs/a"}, {}, ("permissive", "opted_out", "path")),
        ({"path_bytes": b"docs/\xff"}, {}, ("permissive", "opted_out", "path")),
        ({"path_bytes": b"docs/a", "repository": "two"}, {}, ("permissive", None, None)),
        ({}, {"min_stars": 6}, ("permissive", "few_stars", "has_stars")),
        ({}, {"min_stars": 5}, ("permissive", None, None)),
        ({"repository": "two"}, {"min_stars": 1}, ("permissive", "few_stars", "has_stars")),
        ({}, {"exclude_paths": ("src/**",)}, ("permissive", "path", "in_paths")),
        ({}, {"include_paths": ("src/**",)}, ("permissive", None, None)),
    ],
)
def test_an_origin_is_judged_alone_and_among_others(
    change: dict[str, Any], select: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    assert judged(change, **select) == [expected]
    others = [{"path_bytes": b"x/b.py"}, change, {"reason": "symlink", "license_status": None}, change]
    assert judged(*others, **select)[1::2] == [expected, expected]


def test_without_rules_nobody_is_opted_out_and_nothing_is_judged_of_nothing() -> None:
    assert judged({"content_id": BLOB, "path_bytes": b"docs/a"}, rules="") == [("permissive", None, None)]
    assert judged() == []


def test_origins_without_a_stored_text_count_as_read() -> None:
    rows = [
        {**GOOD, "reason": reason} for reason in (None, "no_license", "not_permissive", "binary", "symlink")
    ]
    table = pa.Table.from_pylist(rows, schema=ORIGINS)
    assert are_read(table).to_pylist() == [True, True, True, False, False]
