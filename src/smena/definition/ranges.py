"""Ranges of versions: `4.2`, `4.7.*`, `3.5.1100..3.5.*`, `4.7.2..`, `..3.5`, `*`, and `A | B`.

Both ends belong to the range; an end with `.*` stands for everything with that prefix,
so `4.2..4.7.*` goes up to the last 4.7. A prefix takes in its pre-releases (`1.2.*`
has `1.2.0-rc.1`, not `1.3.0-rc.1`). A range whose ends stand the wrong way round is a mistake,
so a range that was read is never empty; what two ranges share may be.

Every range is kept as half-open intervals of version keys, in order and apart from each
other: all questions become comparisons, and `graph.py` finds its versions by bisection.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from smena.definition.model import Scheme
from smena.definition.versions import HIGHEST, LOWEST, Key, Unreadable, bounds, key
from smena.text import _

Interval = tuple[Key, Key]


@dataclass(frozen=True, slots=True)
class Versions:
    """A set of versions: intervals [low, high), in order."""

    intervals: tuple[Interval, ...]

    @property
    def empty(self) -> bool:
        return not self.intervals

    def has(self, version: Key) -> bool:
        place = bisect_right(self.intervals, version, key=_low) - 1
        return place >= 0 and version < self.intervals[place][1]

    def meet(self, other: Versions) -> Versions:
        """What both have."""
        shared = [
            (max(low, other_low), min(high, other_high))
            for low, high in self.intervals
            for other_low, other_high in other.intervals
        ]
        return Versions(tuple((low, high) for low, high in shared if low < high))

    def overlaps(self, other: Versions) -> bool:
        return not self.meet(other).empty


@lru_cache(maxsize=1 << 16)
def read_range(text: str, scheme: Scheme = "dotted") -> Versions:
    """The versions that the text means; raises `Unreadable`."""
    return Versions(_joined(sorted(_interval(part.strip(), scheme) for part in text.split("|"))))


def matches(version: str, text: str, scheme: Scheme = "dotted") -> bool:
    """Whether the range has this version."""
    return read_range(text, scheme).has(key(version, scheme))


def _low(interval: Interval) -> Key:
    return interval[0]


def _interval(text: str, scheme: Scheme) -> Interval:
    if text == "*":
        return LOWEST, HIGHEST
    first, dots, last = text.partition("..")
    if not dots:
        return _end(text, scheme)
    if not first and not last:
        raise Unreadable(_("a range needs at least one end, such as 4.7.2.. (all versions are written *)"))
    low = _end(first, scheme)[0] if first else LOWEST
    high = _end(last, scheme)[1] if last else HIGHEST
    if low >= high:
        raise Unreadable(_("“{range}” ends before it begins: the older version is written first", range=text))
    return low, high


def _end(text: str, scheme: Scheme) -> Interval:
    """The interval that one end alone would be."""
    text = text.strip()
    if not text:
        raise Unreadable(_("a range is empty: a version is expected, or 4.7.*, 4.2..4.7, *"))
    if text.endswith(".*"):
        return bounds(text[:-2], scheme)
    low = key(text, scheme)
    return low, (*low, 0)


def _joined(intervals: list[Interval]) -> tuple[Interval, ...]:
    joined: list[Interval] = []
    for low, high in intervals:
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return tuple(joined)
