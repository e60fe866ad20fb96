from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.sources.dates import utc_seconds, utc_seconds_of_epoch


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2024-03-01T10:00:00Z", "2024-03-01T10:00:00Z"),
        (" 2024-03-01T10:00:00.999Z ", "2024-03-01T10:00:00Z"),
        ("2024-03-01T10:00:00-08:00", "2024-03-01T18:00:00Z"),
        ("2024-03-01 10:00:00", "2024-03-01T10:00:00Z"),
        ("2024-03-01", "2024-03-01T00:00:00Z"),
        ("0999-01-01", "0999-01-01T00:00:00Z"),
        (datetime(2024, 3, 1, 10, tzinfo=timezone(timedelta(hours=2))), "2024-03-01T08:00:00Z"),
        (datetime(2024, 3, 1, 10), "2024-03-01T10:00:00Z"),
    ],
)
def test_dates_become_utc_seconds(value: str | datetime, text: str) -> None:
    assert utc_seconds(value) == text


@pytest.mark.parametrize(
    "value", ["", "x", "2024-13-01", "10:00", "9999-12-31T23:59:59-01:00", "2024-03-01T10"[:3]]
)
def test_what_is_no_date_is_refused(value: str) -> None:
    with pytest.raises(ValueError):
        utc_seconds(value)


@given(st.integers(-(10**15), 10**15))
def test_seconds_since_1970_are_a_date_or_unknown(seconds: int) -> None:
    text = utc_seconds_of_epoch(seconds)
    if text is not None:
        assert datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC) == timedelta(seconds=seconds)
    else:
        assert not -62135596800 <= seconds < 253402300800
