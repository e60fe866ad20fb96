"""Published names, paths and ids: a column of them is what each is alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from stack_pipeline.keys import KeyRing
from stack_pipeline.recipe import Recipe
from stack_pipeline.release.published_ids import PublishedIds
from stack_pipeline.release.publishing import Publisher
from stack_pipeline.sources import display_path

PATHS = [
    b"src/main.py",
    b"src/main.py",
    b"mail/bob@corp.io.py",
    b"mail/eve@corp.io.py",
    b"bob@corp.io",
    b".bob@corp.io",
    b"Makefile",
    b"new\nline.c",
    b"a?b",
    "naïve.py".encode(),
]
LOSSY = [b"na\xefve.py", b"na\xefve/bob@corp.io.py", b"a\xffb", b"na\xeeve.py"]
OFF: dict[str, Any] = {"enabled": False}
PLACEHOLDER: dict[str, Any] = {"style": "placeholder"}


def publisher(*, ids: str = "published", **redact: Any) -> Publisher:
    default = Recipe()
    recipe = replace(
        default, redact=replace(default.redact, **redact), release=replace(default.release, ids=ids)
    )
    return Publisher(recipe, KeyRing(b"k" * 32))


@pytest.mark.parametrize("settings", [{}, PLACEHOLDER, OFF])
@pytest.mark.parametrize("paths", [[], [None], PATHS, LOSSY, [*PATHS, None, *LOSSY]])
def test_a_column_of_paths_is_published_as_each_path_is(
    settings: dict[str, Any], paths: list[bytes | None]
) -> None:
    one = publisher(**settings)
    expected = []
    for path in paths:
        published, is_redacted = (None, None) if path is None else one.path(path)
        shown, is_lossy = (None, None) if published is None else display_path(published)
        row = {
            "path_bytes": published,
            "path": shown,
            "path_is_lossy": is_lossy,
            "path_redacted": is_redacted,
        }
        expected.append(row)
    column = pa.chunked_array([paths[:3], paths[3:]], pa.binary())
    assert one.paths(column).to_pylist() == expected


def test_paths_that_become_equal_stay_apart_and_off_means_off() -> None:
    column = pa.chunked_array([["x/bob@corp.io/a.py", "x/eve@corp.io/a.py"]], pa.string()).cast(pa.binary())
    shown = publisher(**PLACEHOLDER).paths(column)["path"].to_pylist()
    assert len(set(shown)) == 2
    assert {path.split("~")[0] for path in shown} == {"x/<EMAIL>/a"}
    assert publisher(**OFF).paths(column)["path_bytes"].to_pylist() == column.to_pylist()


@pytest.mark.parametrize("settings", [{}, PLACEHOLDER, OFF])
@pytest.mark.parametrize("names", [[], [None], ["a/b", "bob@corp.io", None, "", "a/b", "fix-10.11.12.13"]])
def test_a_column_of_names_is_redacted_as_each_name_is(
    settings: dict[str, Any], names: list[str | None]
) -> None:
    one = publisher(**settings)
    column = pa.chunked_array([names[:2], names[2:]], pa.string())
    assert one.names(column).to_pylist() == [one.name(name) for name in names]


@pytest.mark.parametrize("settings", [{}, {"notices": False}, OFF])
def test_a_column_of_notices_is_redacted_as_each_notice_is(settings: dict[str, Any]) -> None:
    one = publisher(**settings)
    texts = ["MIT", "Copyright Bob <bob@corp.io>"]
    for column in (
        pa.chunked_array([texts[:1], texts[1:]], pa.large_string()),
        pa.chunked_array([], pa.large_string()),
    ):
        assert one.notices(column).to_pylist() == [one.notice(text) for text in column.to_pylist()]


@pytest.mark.parametrize("ids", ["published", "git"])
def test_ids_are_looked_up_and_made_for_what_is_not_published(ids: str) -> None:
    one = publisher(ids=ids)
    kept = pa.table({"content_id": ["aa", "bb"], "published_id": ["aa", "b2"]})
    column = pa.chunked_array([["bb", None, "cc"], ["aa", "cc"]])
    other = one.published_id("cc", is_published_as_is=False)
    for table in (kept, kept.slice(0, 0)):
        known = dict(zip(*table.to_pydict().values(), strict=True))
        found = PublishedIds(table, one)
        wanted = [
            None if name is None else known.get(name) or one.published_id(name, is_published_as_is=False)
            for name in column.to_pylist()
        ]
        assert found.of(column).to_pylist() == wanted
        assert found.are_published(column).to_pylist() == [name in known for name in column.to_pylist()]
    assert (other == "cc") is (ids == "git")
    assert found.of(pa.chunked_array([], pa.string())).to_pylist() == []
