"""Three-way merging of lines: our own diff3, on difflib.

A base line that stands in both newer files is stable. What lies between stable lines
is a region, judged as a whole: changed on one side only, that side counts; changed alike,
either does; changed differently, it is a conflict. Both sides are matched against the
base in the same manner, so swapping them swaps the answer and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

Verdict = Literal["stable", "same", "ours", "new", "conflict"]

#: Above this many pairs of lines difflib may ignore very common lines: coarser, still right, and quick.
_EXACT = 4_000_000


class Region(NamedTuple):
    """The lines of one region; `at` is the index of its first line in ours."""

    verdict: Verdict
    base: tuple[str, ...]
    ours: tuple[str, ...]
    new: tuple[str, ...]
    at: int


def regions(base: Sequence[str], ours: Sequence[str], new: Sequence[str]) -> Iterator[Region]:
    """The three files cut into regions, in order and without a gap."""
    mine, theirs = _matches(base, ours), _matches(base, new)
    b = o = n = 0
    for line in [*sorted(mine.keys() & theirs.keys()), len(base)]:
        to_ours, to_new = mine.get(line, len(ours)), theirs.get(line, len(new))
        if (b, o, n) != (line, to_ours, to_new):
            yield _judged(tuple(base[b:line]), tuple(ours[o:to_ours]), tuple(new[n:to_new]), o)
        if line < len(base):
            same = (base[line],)
            yield Region("stable", same, same, same, to_ours)
        b, o, n = line + 1, to_ours + 1, to_new + 1


def merged(parts: Sequence[Region]) -> list[str] | None:
    """The merged lines; None where a person has to decide."""
    if any(part.verdict == "conflict" for part in parts):
        return None
    return [line for part in parts for line in (part.ours if part.verdict == "ours" else part.new)]


def _judged(base: tuple[str, ...], ours: tuple[str, ...], new: tuple[str, ...], at: int) -> Region:
    verdict: Verdict = "conflict"
    if ours == new:
        verdict = "same"
    elif ours == base:
        verdict = "new"
    elif new == base:
        verdict = "ours"
    return Region(verdict, base, ours, new, at)


def _matches(base: Sequence[str], side: Sequence[str]) -> dict[int, int]:
    """For each line of the base that is in `side` too, where it stands there."""
    shortest = min(len(base), len(side))
    head = 0
    while head < shortest and base[head] == side[head]:
        head += 1
    tail = 0
    while tail < shortest - head and base[-1 - tail] == side[-1 - tail]:
        tail += 1
    found = {line: line for line in range(head)}
    a, b = base[head : len(base) - tail], side[head : len(side) - tail]
    matcher = SequenceMatcher(None, a, b, autojunk=len(a) * len(b) > _EXACT)
    for start, there, length in matcher.get_matching_blocks():
        found.update({head + start + step: head + there + step for step in range(length)})
    found.update({len(base) - 1 - step: len(side) - 1 - step for step in range(tail)})
    return found
