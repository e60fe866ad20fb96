"""Compare dates of which some are unknown.

Dates are ISO 8601 text in UTC, as a listing gives them. What cannot be read is unknown, never an error, and
an unknown end of an interval never rules a match out.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple


class Interval(NamedTuple):
    """Two days as `YYYY-MM-DD`, both inside the interval; None is unknown or open."""

    since: str | None
    until: str | None

    def may_overlap(self, other: Interval) -> bool:
        """Return False only if the known ends prove that the intervals have no day in common.

        Examples:
            >>> Interval("2015-01-01", "2018-05-01").may_overlap(Interval("2018-05-01", None))
            True
            >>> Interval(None, "2018-04-30").may_overlap(Interval("2018-05-01", None))
            False
        """
        return not (_is_before(self.until, other.since) or _is_before(other.until, self.since))


ANY_TIME = Interval(None, None)


def parse_moment(text: str | None) -> dt.datetime | None:
    """Return an ISO 8601 date or time in UTC; None for unknown or unreadable text.

    A time without an offset is taken as UTC, a date as its midnight.

    Examples:
        >>> parse_moment("2020-02-01T02:00:00+02:00")
        datetime.datetime(2020, 2, 1, 0, 0, tzinfo=datetime.timezone.utc)
        >>> parse_moment("yesterday") is None
        True
    """
    if text is None or len(text) > 40:
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return moment.replace(tzinfo=dt.UTC)
        return moment.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def day_of(text: str | None) -> str | None:
    """Return the UTC day of an ISO 8601 date or time as `YYYY-MM-DD`; None when unknown.

    Examples:
        >>> day_of("2020-02-01T00:30:00+02:00")
        '2020-01-31'
    """
    moment = parse_moment(text)
    return None if moment is None else moment.date().isoformat()


def latest_day(days: list[str | None]) -> str | None:
    """Return the latest known day of several; None when none is known."""
    return max((day for day in days if day is not None), default=None)


def _is_before(day: str | None, other: str | None) -> bool:
    return day is not None and other is not None and day < other
