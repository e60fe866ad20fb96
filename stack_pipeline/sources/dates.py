"""Bring the dates of listings and commits to one form: ISO 8601, UTC, whole seconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def utc_seconds(value: str | datetime) -> str:
    """Return a date as `YYYY-MM-DDTHH:MM:SSZ`.

    A date without a time is midnight, a time without a zone is UTC, fractions of a second are cut.

    Args:
        value: ISO 8601 text, as GitHub's API writes it, or a `datetime` (from a Parquet column).

    Raises:
        ValueError: If the text is no ISO 8601 date or lies outside the years 1 to 9999 in UTC.

    Examples:
        >>> utc_seconds("2024-03-01T10:00:00.5+02:00")
        '2024-03-01T08:00:00Z'
    """
    moment = datetime.fromisoformat(value.strip()) if isinstance(value, str) else value
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    try:
        return _text(moment.astimezone(UTC))
    except OverflowError as error:
        raise ValueError("outside the years 1 to 9999") from error


def utc_seconds_of_epoch(seconds: int) -> str | None:
    """Return seconds since 1970 as `YYYY-MM-DDTHH:MM:SSZ`, or None if the year is not in 1 to 9999.

    Examples:
        >>> utc_seconds_of_epoch(0)
        '1970-01-01T00:00:00Z'
    """
    try:
        return _text(_EPOCH + timedelta(seconds=seconds))
    except OverflowError:
        return None


def _text(moment: datetime) -> str:
    return moment.replace(microsecond=0, tzinfo=None).isoformat() + "Z"
