from __future__ import annotations

from collections import Counter

import pyarrow.parquet as pq
import pytest

from stack_pipeline.errors import UsageError
from stack_pipeline.inspection.summaries import languages, licenses, reasons, sample, show, summary
from stack_pipeline.storage import Storage
from tests.stack_pipeline.inspection.small_release import ALPHA, CONTACT, SmallRelease, git_id


def rows_of(small: SmallRelease) -> list[dict[str, object]]:
    files = sorted(small.folder.glob("data/*/*.parquet"))
    return [row for file in files for row in pq.read_table(file, partitioning=None).to_pylist()]


def test_a_summary_counts_what_the_tables_hold(small: SmallRelease) -> None:
    told = {row["name"]: row["value"] for row in summary(small.storage)}
    rows = rows_of(small)
    assert told["files"] == len(rows)
    assert told["text_bytes"] == sum(len(str(row["content"]).encode()) for row in rows)
    assert told["redactions"] == 2
    assert told["key_is_public"] is True


def test_languages_and_licenses_count_every_row_once(small: SmallRelease) -> None:
    rows = rows_of(small)
    assert {row["language"]: row["files"] for row in languages(small.storage)} == Counter(
        r["language"] for r in rows
    )
    expected = Counter(row["license_expression"] for row in rows)
    assert {row["license_expression"]: row["files"] for row in licenses(small.storage)} == expected
    for told in (languages(small.storage), licenses(small.storage)):
        assert [row["bytes"] for row in told] == sorted((row["bytes"] for row in told), reverse=True)


def test_reasons_balance_in_every_stage(small: SmallRelease) -> None:
    rows = reasons(small.storage)
    for stage in {row["stage"] for row in rows}:
        mine = [row for row in rows if row["stage"] == stage]
        assert (mine[0]["reason"], mine[-1]["reason"]) == ("in", "kept")
        for unit in ("files", "bytes"):
            assert mine[0][unit] == sum(row[unit] for row in mine[1:])
    counted = {(row["stage"], row["reason"]): row["files"] for row in rows}
    assert counted["judge_origins", "opted_out"] == 1
    assert counted["exact_dedup", "exact_duplicate"] == 2
    assert counted["filter_blobs", "long_lines"] == 1
    assert counted["choose_representatives", "near_duplicate"] == 2


def test_a_sample_is_the_same_each_time_and_another_under_another_seed(small: SmallRelease) -> None:
    ids = [row["content_id"] for row in sample(small.storage, rows=3)]
    assert ids == [row["content_id"] for row in sample(small.storage, rows=3)]
    assert ids == [row["content_id"] for row in sample(small.storage, rows=99)][:3]
    samples = {tuple(r["content_id"] for r in sample(small.storage, rows=3, seed=seed)) for seed in range(5)}
    assert len(samples) > 1


def test_a_sample_can_be_of_one_language(small: SmallRelease) -> None:
    for name in ("Python", "PYTHON", "python"):
        assert {row["language"] for row in sample(small.storage, rows=99, language=name)} == {"Python"}
    with pytest.raises(UsageError) as error:
        sample(small.storage, rows=1, language="Pyhton")
    assert error.value.hint == "did you mean 'python'?"


def test_a_sample_of_no_rows_is_refused(small: SmallRelease) -> None:
    with pytest.raises(UsageError, match="at least 1"):
        sample(small.storage, rows=0)


def test_a_row_is_shown_with_its_origins_and_redactions(small: SmallRelease) -> None:
    row = show(small.storage, git_id(ALPHA).upper())
    assert row["content"].encode() == ALPHA
    assert {origin["repo_name"] for origin in row["origins"]} == {"acme/tool", "bob/copy", "gnu/strict"}
    assert row["redactions"] == []
    keyed = next(str(row["content_id"]) for row in rows_of(small) if row["content_id_kind"] == "keyed")
    assert [place["kind"] for place in show(small.storage, keyed)["redactions"]] == ["EMAIL"]


@pytest.mark.parametrize("content_id", ["", "xyz", "a" * 39, git_id(CONTACT)])
def test_an_id_that_no_row_has_is_refused(small: SmallRelease, content_id: str) -> None:
    with pytest.raises(UsageError) as error:
        show(small.storage, content_id)
    assert error.value.hint


def test_a_summary_of_a_release_on_an_object_store_is_the_same(small: SmallRelease) -> None:
    remote = Storage("memory://summarised")
    for name in small.storage.names():
        remote.write_bytes(name, small.storage.read_bytes(name))
    assert summary(remote) == summary(small.storage)
