"""Rank: byte strings that sort as the tuple of the design does."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.selection import blob_rank, origin_rank

NUMBERS = st.none() | st.integers(0, 3) | st.integers(0, (1 << 63) - 1)
TIMES = st.none() | st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)
NAMES = st.text("aAbB/-\x00\x01é\uffff\U0001f600", max_size=4)
REPOSITORIES = st.fixed_dictionaries(
    {
        "stars": NUMBERS,
        "forks": NUMBERS,
        "created_at": TIMES,
        "host": st.none() | st.sampled_from(["github.com", "github.co", "gitlab.com", "github.com.example"]),
        "id": NUMBERS,
        "full_name": NAMES,
        "commit": st.sampled_from(["0" * 40, "0" * 39 + "1", "f" * 40, "0" * 64]),
    }
)


def nulls_last(value: Any) -> tuple[bool, Any]:
    return value is None, 0 if value is None else value


def descending(value: int | None) -> tuple[bool, int]:
    return value is None, 0 if value is None else -value


def plain_rank(repository: dict[str, Any], permissive: bool, last: Any) -> tuple[Any, ...]:
    """Write the order down as the design words it."""
    created = repository["created_at"]
    host = repository["host"]
    return (
        not permissive,
        descending(repository["stars"]),
        descending(repository["forks"]),
        nulls_last(None if created is None else created.timestamp()),
        (host is None, host or ""),
        nulls_last(repository["id"]),
        repository["full_name"].lower(),
        repository["commit"],
        last,
    )


def order(one: Any, other: Any) -> int:
    return int(one > other) - int(one < other)


@given(REPOSITORIES, REPOSITORIES, st.booleans(), st.booleans(), st.binary(max_size=3), st.binary(max_size=3))
def test_origins_sort_as_their_tuples(
    one: dict[str, Any], other: dict[str, Any], first: bool, second: bool, path: bytes, path_of_other: bytes
) -> None:
    found = order(
        origin_rank(one, permissive=first, path=path),
        origin_rank(other, permissive=second, path=path_of_other),
    )
    assert found == order(plain_rank(one, first, path), plain_rank(other, second, path_of_other))


@given(REPOSITORIES, st.data(), st.binary(max_size=3), st.binary(max_size=3))
def test_origins_that_differ_in_one_thing_sort_by_it(
    one: dict[str, Any], data: st.DataObject, path: bytes, path_of_other: bytes
) -> None:
    key = data.draw(st.sampled_from(sorted(one)))
    other = {**one, key: data.draw(REPOSITORIES)[key]}
    found = order(
        origin_rank(one, permissive=True, path=path), origin_rank(other, permissive=True, path=path_of_other)
    )
    assert found == order(plain_rank(one, True, path), plain_rank(other, True, path_of_other))


@given(REPOSITORIES, REPOSITORIES, st.booleans(), st.booleans(), st.sampled_from(["00", "01", "ff"]))
def test_blobs_sort_as_their_tuples_without_the_path(
    one: dict[str, Any], other: dict[str, Any], first: bool, second: bool, start: str
) -> None:
    mine, theirs = start + "0" * 38, "01" + "0" * 38
    found = order(
        blob_rank(one, permissive=first, content_id=mine),
        blob_rank(other, permissive=second, content_id=theirs),
    )
    assert found == order(plain_rank(one, first, mine), plain_rank(other, second, theirs))


ROW = {
    "stars": 5,
    "forks": 5,
    "created_at": datetime(2020, 1, 1, tzinfo=UTC),
    "host": "github.com",
    "id": 5,
    "full_name": "b/b",
    "commit": "5" * 40,
}


@pytest.mark.parametrize(
    "worse",
    [
        {"stars": 4},
        {"stars": None},
        {"forks": 4},
        {"forks": None},
        {"created_at": datetime(2020, 1, 1, 0, 0, 1, tzinfo=UTC)},
        {"created_at": None},
        {"host": "gitlab.com"},
        {"host": None},
        {"id": 6},
        {"id": None},
        {"full_name": "b/b2"},
        {"commit": "6" * 40},
    ],
)
def test_each_thing_counts_in_its_direction(worse: dict[str, Any]) -> None:
    better, rank = (origin_rank({**ROW, **change}, permissive=True, path=b"a") for change in ({}, worse))
    assert better < rank
    assert rank < origin_rank(ROW, permissive=False, path=b"a")


def test_no_stars_are_better_than_unknown_stars() -> None:
    assert origin_rank({**ROW, "stars": 0}, permissive=True, path=b"") < origin_rank(
        {**ROW, "stars": None}, permissive=True, path=b""
    )


def test_letter_case_of_a_name_does_not_count() -> None:
    assert origin_rank({**ROW, "full_name": "B/B"}, permissive=True, path=b"a") == origin_rank(
        ROW, permissive=True, path=b"a"
    )


def test_a_shorter_name_or_path_sorts_before_what_it_begins() -> None:
    names = ["b/b", "b/b-", "b/b0"]
    ranks = [
        origin_rank({**ROW, "full_name": name, "commit": "0" * 40}, permissive=True, path=b"z")
        for name in names
    ]
    assert ranks == sorted(ranks)
    paths = [
        origin_rank(ROW, permissive=True, path=path) for path in (b"a", b"a\x00", b"a.b", b"a/b", b"\xff")
    ]
    assert paths == sorted(paths)
