"""Tests that `croissant.json` is valid, describes the published files, and that records come out of it."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path
from typing import Any

import mlcroissant
import pandas
import pytest

from stack_pipeline.card import croissant_json, read_facts
from stack_pipeline.tables.schema import DATA, RELEASE_TABLES

from .made_release import LANGUAGES, MadeRelease, make_release, release_manifest

ONLY_WARNING = '"https://schema.org/datePublished" is recommended'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> MadeRelease:
    return make_release(tmp_path_factory.mktemp("release"))


def opened(made: MadeRelease) -> Any:
    return mlcroissant.Dataset(jsonld=str(made.folder / "croissant.json"))


def records(made: MadeRelease, name: str) -> list[dict[str, Any]]:
    """Return the records of a record set by plain column names, text as text."""
    rows = []
    for record in opened(made).records(name):
        assert {key.split("/")[0] for key in record} == {name}
        rows.append({key.split("/")[1]: _plain(value) for key, value in record.items()})
    return rows


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, pandas.Timestamp):
        return value.to_pydatetime()
    return value.item() if hasattr(value, "item") else value


def by_id(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["content_id"]: row for row in rows}


def test_the_validator_has_no_error_and_misses_the_date_alone(made: MadeRelease) -> None:
    issues = opened(made).metadata.ctx.issues
    assert not issues.errors
    assert len(issues.warnings) == 1
    assert ONLY_WARNING in str(issues.warnings)


def test_the_context_is_the_standard_one(made: MadeRelease, caplog: pytest.LogCaptureFixture) -> None:
    opened(made)
    assert not [record for record in caplog.records if "@context" in record.getMessage()]


@pytest.mark.parametrize("slug", sorted(LANGUAGES))
def test_a_language_gives_its_rows_in_every_column(made: MadeRelease, slug: str) -> None:
    found = records(made, slug)
    assert all(sorted(row) == sorted(DATA.names) for row in found)
    assert by_id(found) == by_id(made.rows[slug])
    assert len(found) == len(made.rows[slug])


def test_the_default_gives_the_rows_of_all_languages(made: MadeRelease) -> None:
    expected = [row for rows in made.rows.values() for row in rows]
    assert by_id(records(made, "default")) == by_id(expected)


@pytest.mark.parametrize("table", sorted(set(RELEASE_TABLES) - {"origins"}))
def test_every_other_table_gives_its_rows(made: MadeRelease, table: str) -> None:
    file = json.loads(made.manifest)["files"]
    rows = records(made, table)
    assert len(rows) == sum(entry["rows"] for entry in file if entry["kind"] == table)
    assert all(sorted(row) == sorted(RELEASE_TABLES[table].names) for row in rows)


def test_path_bytes_of_origins_come_through_as_bytes(made: MadeRelease) -> None:
    assert {record["origins/path_bytes"] for record in opened(made).records("origins")} == {b"src/\xff"}


def test_every_published_file_stands_with_its_hash_and_size_and_so_does_the_manifest(
    made: MadeRelease,
) -> None:
    described = {
        item.content_url: (item.sha256, item.content_size) for item in opened(made).metadata.file_objects
    }
    on_disk = {}
    for path in made.folder.rglob("*"):
        if path.is_file() and path.name not in ("README.md", "croissant.json"):
            data = path.read_bytes()
            name = path.relative_to(made.folder).as_posix()
            on_disk[name] = (hashlib.sha256(data).hexdigest(), f"{len(data)} B")
    assert described == on_disk


def test_a_file_set_stands_for_each_folder(made: MadeRelease) -> None:
    globs = {pattern for item in opened(made).metadata.file_sets for pattern in item.includes}
    languages = {f"data/{slug}/*.parquet" for slug in LANGUAGES}
    assert globs == {"data/*/*.parquet", *languages, *(f"{table}/*.parquet" for table in RELEASE_TABLES)}


def test_a_release_without_files_has_no_record_sets(tmp_path: Path) -> None:
    (tmp_path / "croissant.json").write_bytes(croissant_json(read_facts(release_manifest([]))))
    assert not mlcroissant.Dataset(jsonld=str(tmp_path / "croissant.json")).metadata.record_sets


def test_numbers_that_are_not_there_are_none_and_not_nan(made: MadeRelease) -> None:
    values = [value for row in records(made, "python") for value in row.values() if isinstance(value, float)]
    assert values
    assert not any(math.isnan(value) for value in values)
