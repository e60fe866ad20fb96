"""The schemas: sane by themselves, and each round trips with values of every kind."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from stack_pipeline.storage import Storage
from stack_pipeline.tables import schema
from stack_pipeline.tables.parquet import read_table, write_table

from .made_rows import made_rows

CORPUS_TABLES = {
    "repositories": schema.REPOSITORIES,
    "origins": schema.ORIGINS,
    "contents": schema.CONTENTS,
    "licenses": schema.LICENSES,
    "withheld": schema.WITHHELD,
}
PUBLISHED = {"data": schema.DATA, **schema.RELEASE_TABLES}
ALL = [
    *[pytest.param(table, id=f"corpus-{name}") for name, table in CORPUS_TABLES.items()],
    *[pytest.param(table, id=f"release-{name}") for name, table in PUBLISHED.items()],
]

STACK_V2_COLUMNS = (
    *("blob_id", "directory_id", "path", "content_id", "detected_licenses", "license_type", "repo_name"),
    *(
        "snapshot_id",
        "revision_id",
        "branch_name",
        "visit_date",
        "revision_date",
        "committer_date",
        "github_id",
    ),
    *("star_events_count", "fork_events_count", "gha_license_id", "gha_event_created_at", "gha_created_at"),
    *("gha_language", "src_encoding", "language", "is_vendor", "is_generated", "length_bytes", "extension"),
    "filename",
)


@pytest.mark.parametrize("table", ALL)
def test_every_table_round_trips_with_values_and_nulls(table: pa.Schema, tmp_path: Path) -> None:
    storage = Storage(str(tmp_path))
    rows = pa.Table.from_pylist(made_rows(table, 10), schema=table)
    rows.validate(full=True)
    write_table(storage, "t.parquet", table, [rows], row_group_bytes=500)
    found = read_table(storage, "t.parquet")
    assert found.schema.equals(table)
    assert found.equals(rows)


@pytest.mark.parametrize("table", ALL)
def test_names_are_snake_case_and_unique(table: pa.Schema) -> None:
    assert len(set(table.names)) == len(table.names)
    assert all(name.isidentifier() and name == name.lower() for name in table.names)


@pytest.mark.parametrize("table", ALL)
def test_dates_are_utc_microseconds_and_texts_are_large(table: pa.Schema) -> None:
    for field in table:
        if pa.types.is_timestamp(field.type):
            assert (field.type.unit, field.type.tz) == ("us", "UTC")
        assert pa.types.is_large_string(field.type) == (field.name in ("text", "content"))


def test_every_release_table_has_an_order_over_required_columns_of_its_own() -> None:
    assert set(schema.RELEASE_ORDER) == set(PUBLISHED)
    for name, order in schema.RELEASE_ORDER.items():
        assert order
        for column in order:
            assert not PUBLISHED[name].field(column).nullable, f"{name}.{column}"


def test_training_rows_have_the_columns_of_the_stack_v2() -> None:
    assert [name for name in STACK_V2_COLUMNS if name not in schema.DATA.names] == []


def test_training_rows_have_what_this_project_adds() -> None:
    added = (
        "content",
        "content_sha256",
        "content_id_kind",
        "avg_line_length",
        "max_line_length",
        "alphanum_fraction",
    )
    licence = ("license_expression", "license_source", "license_path", "license_status")
    for name in (*added, *licence, "near_dup_cluster", "origin_count"):
        assert name in schema.DATA.names


def test_no_published_table_shows_what_a_release_must_not() -> None:
    hidden = {
        "sha1",
        "sha256",
        "text_sha256",
        "snapshot",
        "previous_names",
        "owner_login",
        "owner_id",
        "entry_index",
    }
    for name, table in PUBLISHED.items():
        assert not hidden & set(table.names), name
    for name in ("decisions", "clusters", "redactions"):
        assert not {"repo_name", "path", "path_bytes"} & set(PUBLISHED[name].names)


def test_the_size_of_an_original_is_not_published() -> None:
    assert all("size_bytes" not in table.names for table in PUBLISHED.values())


def test_paths_are_keyed_by_their_bytes() -> None:
    for table in (schema.ORIGINS, schema.RELEASE_ORIGINS):
        assert table.field("path_bytes").type == pa.binary()
        assert not table.field("path_bytes").nullable


def test_the_layout_has_a_major_and_a_minor_number() -> None:
    assert [type(part) for part in schema.LAYOUT] == [int, int]
