"""Time as messages and states carry it: whole hours, and days, since 1970, in UTC. Three bytes hold either."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

_FIRST = date(1970, 1, 1)
MOST = 2**24 - 1


def hours(moment: datetime) -> int:
    return int(moment.timestamp()) // 3600


def moment(count: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=count)


def days(day: date) -> int:
    return (day - _FIRST).days


def day(count: int) -> date | None:
    """None for a number that no calendar has."""
    try:
        return _FIRST + timedelta(days=count)
    except OverflowError:
        return None


def shown(count: int) -> str:
    """An hour, for people."""
    return f"{moment(count):%Y-%m-%d %H:%M} UTC"
