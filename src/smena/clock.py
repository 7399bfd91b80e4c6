"""The only clock. Everything that asks for the time asks here, so a test can set it."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now() -> datetime:
    """The wall clock, in UTC: for people and records, never for measuring how long something took."""
    return datetime.now(UTC)


def stamp() -> str:
    """Now, as ISO 8601 with milliseconds: the one form in journals and files."""
    return now().isoformat(timespec="milliseconds")


def ticks() -> float:
    """Seconds that only go forward, for durations: the wall clock may jump."""
    return time.monotonic()


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def next_look(waited: float, longest: float) -> float:
    """How long to wait before looking again: a tenth of what was waited so far, so short waits end on time
    and long ones cost little."""
    return min(longest, max(0.005, waited / 10))
