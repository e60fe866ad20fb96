"""The view: the newest row of each repository and ref, and what may be seen together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stack_pipeline.corpus import (
    Corpus,
    check_one_rule_version,
    logical_rows,
    newest_rows,
    open_or_create_corpus,
    view_key,
)
from stack_pipeline.errors import UsageError
from stack_pipeline.tables.digest import LogicalDigest

from .made_corpus import commit_snapshot, repository_row


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return open_or_create_corpus(str(tmp_path / "corpus"), key=bytes(32))


def seen(corpus: Corpus, **options: Any) -> list[tuple[str, str | None, str]]:
    return [(row["repository"], row["ref"], row["commit"][0]) for row in newest_rows(corpus, **options)]


def test_an_empty_corpus_has_an_empty_view(corpus: Corpus) -> None:
    assert newest_rows(corpus) == []
    commit_snapshot(corpus, 1, [])
    assert newest_rows(corpus) == []


def test_the_row_of_a_later_snapshot_stands_for_the_repository_and_others_remain(corpus: Corpus) -> None:
    commit_snapshot(
        corpus, 1, [repository_row("a/a", commit="1" * 40), repository_row("b/b", commit="1" * 40)]
    )
    commit_snapshot(
        corpus, 2, [repository_row("b/b", commit="2" * 40), repository_row("c/c", commit="2" * 40)]
    )
    commit_snapshot(corpus, 10, [repository_row("c/c", commit="a" * 40)])
    assert seen(corpus) == [
        ("github.com/name/a/a", None, "1"),
        ("github.com/name/b/b", None, "2"),
        ("github.com/name/c/c", None, "a"),
    ]


def test_a_view_may_be_taken_at_an_earlier_snapshot(corpus: Corpus) -> None:
    for number in (1, 2, 3):
        commit_snapshot(corpus, number, [repository_row("a/a", commit=str(number) * 40)])
    assert [seen(corpus, up_to=number) for number in (0, 1, 2, 3, 9)] == [
        [],
        *([("github.com/name/a/a", None, commit)] for commit in "1233"),
    ]


def test_a_repository_that_is_gone_takes_the_place_of_what_was_read(corpus: Corpus) -> None:
    commit_snapshot(corpus, 1, [repository_row("a/a")])
    commit_snapshot(corpus, 2, [repository_row("a/a", status="withheld", reason="opted_out")])
    assert [row["status"] for row in newest_rows(corpus)] == ["withheld"]


def test_refs_of_a_repository_are_seen_apart(corpus: Corpus) -> None:
    commit_snapshot(
        corpus, 1, [repository_row("a/a", ref=ref, commit="1" * 40) for ref in (None, "dev", "main")]
    )
    commit_snapshot(corpus, 2, [repository_row("a/a", ref="dev", commit="2" * 40)])
    assert [(ref, commit) for _, ref, commit in seen(corpus)] == [(None, "1"), ("dev", "2"), ("main", "1")]


def test_a_numeric_id_takes_over_the_rows_of_its_name(corpus: Corpus) -> None:
    commit_snapshot(corpus, 1, [repository_row("Ann/Tool", commit="1" * 40), repository_row("ann/toolbox")])
    commit_snapshot(corpus, 2, [repository_row("ann/tool", id=7, commit="2" * 40)])
    assert seen(corpus) == [("github.com/id/7", None, "2"), ("github.com/name/ann/toolbox", None, "0")]


def test_the_same_name_on_another_host_is_another_repository(corpus: Corpus) -> None:
    commit_snapshot(corpus, 1, [repository_row("a/a", host="gitlab.com")])
    commit_snapshot(corpus, 2, [repository_row("a/a", id=7)])
    assert [key for key, _, _ in seen(corpus)] == ["github.com/id/7", "gitlab.com/name/a/a"]


def test_a_renamed_repository_is_one_by_its_id(corpus: Corpus) -> None:
    commit_snapshot(corpus, 1, [repository_row("a/old", id=7, commit="1" * 40)])
    commit_snapshot(corpus, 2, [repository_row("b/new", id=7, commit="2" * 40)])
    assert seen(corpus) == [("github.com/id/7", None, "2")]


def test_rows_are_sorted_by_repository_and_ref_for_any_order_of_ingest(tmp_path: Path) -> None:
    rows = [repository_row(name, ref=ref) for name in ("b/b", "a/a", "c/c") for ref in ("z", None, "a")]
    views = []
    for number, order in enumerate((rows, rows[::-1], rows[3:] + rows[:3])):
        corpus = open_or_create_corpus(str(tmp_path / str(number)), key=bytes(32))
        commit_snapshot(corpus, 1, order)
        views.append([view_key(row) for row in newest_rows(corpus)])
    assert views[0] == sorted(views[0])
    assert views[0] == views[1] == views[2]


def test_one_version_of_the_rules_is_asked_of_what_was_read_only() -> None:
    check_one_rule_version([])
    read = [repository_row("a/a"), repository_row("b/b")]
    check_one_rule_version([*read, repository_row("c/c", status="dropped", rules="r0")])
    with pytest.raises(UsageError, match="2 versions of the ingest rules") as caught:
        check_one_rule_version([*read, repository_row("c/c", rules="r0")])
    assert "ingest all sources again" in str(caught.value.hint)


def logical(rows: list[dict[str, Any]]) -> str:
    table = logical_rows(rows)
    digest = LogicalDigest(table.schema)
    digest.update(table)
    return digest.hexdigest()


def test_the_view_has_one_digest_whether_it_was_read_at_once_or_bit_by_bit(tmp_path: Path) -> None:
    one, other = (open_or_create_corpus(str(tmp_path / name), key=bytes(32)) for name in ("one", "other"))
    a, b = repository_row("a/a", stars=3), repository_row("b/b", stars=4)
    commit_snapshot(one, 1, [a, b])
    commit_snapshot(other, 1, [{**b, "stars": 2, "commit": "9" * 40}])
    commit_snapshot(other, 2, [{**b, "snapshot": 2}])
    commit_snapshot(other, 3, [{**a, "snapshot": 3}])
    assert logical(newest_rows(one)) == logical(newest_rows(other))
    assert "snapshot" not in logical_rows(newest_rows(other)).column_names


@pytest.mark.parametrize(
    "change", [{"stars": 9}, {"commit": "9" * 40}, {"license_spdx_id": "MIT"}, {"rules": "r2"}]
)
def test_what_was_read_changes_the_digest_of_the_view(change: dict[str, Any]) -> None:
    assert logical([repository_row("a/a", **change)]) != logical([repository_row("a/a")])
