"""The rules on origins and on blobs: each passes, fails, and what lies exactly at its threshold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from stack_pipeline.reasons import Reason
from stack_pipeline.recipe import Recipe
from stack_pipeline.selection import BLOB_RULES, ORIGIN_RULES, BlobFacts, blob_rules, origin_rules

ORIGIN: dict[str, Any] = {
    "license_type": "permissive",
    "language": "Python",
    "is_vendored": False,
    "is_generated": False,
    "is_minified": False,
    "path_bytes": b"src/pkg/main.py",
    "stars": 10,
}
BLOB = BlobFacts(
    length_bytes=1000, avg_line_length=30.0, max_line_length=80, alphanum_fraction=0.7, comment_ratio=0.2
)


def select(**values: Any) -> Recipe:
    return replace(Recipe(), select=replace(Recipe().select, **values))


def origin_reason(origin: dict[str, Any], recipe: Recipe) -> str | None:
    rule = origin_rules.failed_rule(origin, recipe)
    return None if rule is None else str(rule.reason)


def blob_reason(blob: BlobFacts, recipe: Recipe) -> str | None:
    rule = blob_rules.failed_rule(blob, recipe)
    return None if rule is None else str(rule.reason)


@pytest.mark.parametrize(
    ("settings", "origin", "reason"),
    [
        ({}, {}, None),
        ({}, {"license_type": "no_license"}, "no_license"),
        ({}, {"license_type": "non_permissive"}, "not_permissive"),
        ({}, {"license_type": None}, "not_permissive"),
        ({}, {"language": None}, None),
        ({"languages": ("Python",)}, {}, None),
        ({"languages": ("C", "Python")}, {}, None),
        ({"languages": ("C",)}, {}, "language"),
        ({"languages": ("C",)}, {"language": None}, "language"),
        ({"languages": ("python",)}, {}, "language"),
        ({}, {"is_vendored": True}, None),
        ({"drop_vendored": True}, {"is_vendored": True}, "vendored"),
        ({"drop_vendored": True}, {"is_vendored": None}, None),
        ({"drop_vendored": True}, {}, None),
        ({}, {"is_generated": True}, None),
        ({"drop_generated": True}, {"is_generated": True}, "generated"),
        ({"drop_generated": True}, {}, None),
        ({}, {"is_minified": True}, None),
        ({"drop_minified": True}, {"is_minified": True}, "minified"),
        ({"drop_minified": True}, {}, None),
        ({"include_paths": ("src/**",)}, {}, None),
        ({"include_paths": ("docs/**", "src/**")}, {}, None),
        ({"include_paths": ("docs/**",)}, {}, "path"),
        ({"exclude_paths": ("docs/**",)}, {}, None),
        ({"exclude_paths": ("docs/**", "**/main.py")}, {}, "path"),
        ({"include_paths": ("src/**",), "exclude_paths": ("src/pkg/**",)}, {}, "path"),
        ({"include_paths": ("**/*.py",)}, {"path_bytes": b"src/\xff\xfe.py"}, None),
        ({"exclude_paths": ("**/*.PY",)}, {}, None),
        ({"min_stars": 10}, {}, None),
        ({"min_stars": 11}, {}, "few_stars"),
        ({"min_stars": 1}, {"stars": None}, "few_stars"),
        ({"min_stars": 0}, {"stars": None}, None),
        ({"min_stars": 0}, {"stars": 0}, None),
    ],
)
def test_rules_on_origins(settings: dict[str, Any], origin: dict[str, Any], reason: str | None) -> None:
    assert origin_reason({**ORIGIN, **origin}, select(**settings)) == reason


def test_the_first_rule_that_fails_gives_the_reason() -> None:
    everything = {
        "languages": ("C",),
        "drop_vendored": True,
        "drop_minified": True,
        "drop_generated": True,
        "exclude_paths": ("**",),
        "min_stars": 99,
    }
    origin = {
        **ORIGIN,
        "license_type": "no_license",
        "is_vendored": True,
        "is_minified": True,
        "is_generated": True,
    }
    mended: list[dict[str, Any]] = [
        {"license_type": "non_permissive"},
        {"license_type": "permissive"},
        {"language": "C"},
        {"is_vendored": False},
        {"is_minified": False},
        {"is_generated": False},
    ]
    found = [origin_reason(origin, select(**everything))]
    for change in mended:
        origin |= change
        found.append(origin_reason(origin, select(**everything)))
    found.append(origin_reason(origin, select(**{**everything, "exclude_paths": ()})))
    assert found == [str(rule.reason) for rule in ORIGIN_RULES]


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"languages": ("C",), "drop_vendored": True, "min_stars": 10},
        {"exclude_paths": ("docs/**",), "drop_generated": True},
        {"include_paths": ("src/**",), "drop_minified": True},
    ],
)
def test_a_table_of_origins_fails_the_rules_that_each_origin_fails(settings: dict[str, Any]) -> None:
    recipe = select(**settings)
    changes: list[dict[str, Any]] = [
        {},
        {"license_type": None},
        {"license_type": "no_license"},
        {"language": None},
        {"language": "C"},
        {"is_vendored": True, "is_generated": True, "is_minified": True},
        {"is_vendored": None, "is_generated": None, "is_minified": None},
        {"stars": None},
        {"stars": 9},
        {"path_bytes": b"docs/\xff"},
    ]
    origins = [{**ORIGIN, **one, **other} for one in changes for other in changes]
    rules = [origin_rules.failed_rule(origin, recipe) for origin in origins]
    expected = [{"name": rule and rule.name, "reason": rule and str(rule.reason)} for rule in rules]
    assert origin_rules.failed_rules(pa.Table.from_pylist(origins), recipe).to_pylist() == expected


BASIC = {"basic_filter": True}
COMMENTS = {"comment_filter": True}


@pytest.mark.parametrize(
    ("settings", "blob", "reason"),
    [
        ({}, {}, None),
        ({}, {"length_bytes": 0}, None),
        ({}, {"length_bytes": 1 << 20}, None),
        ({}, {"length_bytes": (1 << 20) + 1}, "size"),
        ({"max_size_bytes": 5}, {"length_bytes": 5}, None),
        ({"max_size_bytes": 5}, {"length_bytes": 6}, "size"),
        ({}, {"max_line_length": 10**6, "avg_line_length": 10.0**6, "alphanum_fraction": 0.0}, None),
        (BASIC, {"max_line_length": 1000, "avg_line_length": 100.0, "alphanum_fraction": 0.25}, None),
        (BASIC, {"max_line_length": 1001}, "long_lines"),
        (BASIC, {"avg_line_length": 100.001}, "long_lines"),
        (BASIC, {"alphanum_fraction": 0.2499}, "few_alphanumerics"),
        ({**BASIC, "max_line_length": 80}, {}, None),
        ({**BASIC, "max_line_length": 79}, {}, "long_lines"),
        ({**BASIC, "max_mean_line_length": 29}, {}, "long_lines"),
        ({**BASIC, "min_alphanumeric": 0.71}, {}, "few_alphanumerics"),
        ({"max_line_length": 1, "max_mean_line_length": 1, "min_alphanumeric": 1.0}, {}, None),
        ({}, {"comment_ratio": 0.0}, None),
        (COMMENTS, {}, None),
        (COMMENTS, {"comment_ratio": 0.0}, "comment_ratio"),
        (COMMENTS, {"comment_ratio": 0.01}, "comment_ratio"),
        (COMMENTS, {"comment_ratio": 0.0101}, None),
        (COMMENTS, {"comment_ratio": 0.7999}, None),
        (COMMENTS, {"comment_ratio": 0.8}, "comment_ratio"),
        (COMMENTS, {"comment_ratio": 1.0}, "comment_ratio"),
        (COMMENTS, {"comment_ratio": None}, None),
        ({"min_comment_ratio": 0.5}, {}, None),
    ],
)
def test_rules_on_blobs(settings: dict[str, Any], blob: dict[str, Any], reason: str | None) -> None:
    assert blob_reason(replace(BLOB, **blob), select(**settings)) == reason


def test_the_first_rule_on_blobs_that_fails_gives_the_reason() -> None:
    recipe = select(**BASIC, **COMMENTS)
    blob = BlobFacts(1 << 30, 10.0**6, 10**6, 0.0, 1.0)
    found = [blob_reason(blob, recipe)]
    for change in (
        {"length_bytes": 1},
        {"avg_line_length": 1.0, "max_line_length": 1},
        {"alphanum_fraction": 1.0},
    ):
        blob = replace(blob, **change)
        found.append(blob_reason(blob, recipe))
    assert found == [str(rule.reason) for rule in BLOB_RULES]


@pytest.mark.parametrize("rules", [ORIGIN_RULES, BLOB_RULES])
def test_each_rule_has_its_own_name_and_reason_and_says_where_it_comes_from(rules: Any) -> None:
    assert len({rule.name for rule in rules}) == len({rule.reason for rule in rules}) == len(rules)
    assert all(
        rule.name == rule.keeps.__name__ and rule.source and isinstance(rule.reason, Reason) for rule in rules
    )
    assert all(rule.keeps.__doc__ for rule in rules)
