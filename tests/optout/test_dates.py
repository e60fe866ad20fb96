from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout.dates import Interval, day_of, latest_day, parse_moment


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020-02-01", "2020-02-01"),
        ("2020-02-01T23:59:59Z", "2020-02-01"),
        ("2020-02-01T23:59:59", "2020-02-01"),
        ("2020-02-01T23:59:59-05:00", "2020-02-02"),
        ("0001-01-01T00:00:00+14:00", None),
        ("soon", None),
        ("", None),
        ("2020-13-01", None),
        (None, None),
        ("9" * 1000, None),
    ],
)
def test_a_day_is_read_in_utc_or_unknown(text: str | None, day: str | None) -> None:
    assert day_of(text) == day


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ((None, None), (None, None), True),
        (("2020-01-01", None), (None, "2020-01-01"), True),
        (("2020-01-02", None), (None, "2020-01-01"), False),
        (("2020-01-02", None), ("2019-01-01", None), True),
        (("2018-01-01", "2019-01-01"), ("2020-01-01", None), False),
        (("2018-01-01", None), ("2017-01-01", "2018-06-01"), True),
    ],
)
def test_intervals_miss_each_other_only_if_known_days_say_so(
    one: tuple[str | None, str | None], other: tuple[str | None, str | None], overlap: bool
) -> None:
    assert Interval(*one).may_overlap(Interval(*other)) is overlap
    assert Interval(*other).may_overlap(Interval(*one)) is overlap


def test_the_latest_day_passes_over_unknown_ones() -> None:
    assert latest_day([None, "2019-01-01", "2020-01-01", None]) == "2020-01-01"
    assert latest_day([None]) is None


@given(st.text(max_size=60))
def test_any_text_is_a_moment_or_unknown(text: str) -> None:
    moment = parse_moment(text)
    assert moment is None or moment.utcoffset() is not None
