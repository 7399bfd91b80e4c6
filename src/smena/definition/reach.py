"""Which versions can be reached from one, which lead to one, and where ways end.

The same walk as for the best path (`sweep.py`), asked only where it arrives. `why.py` and `lint.py`
stand on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

from smena.definition.lanes import Lanes
from smena.definition.sweep import FAR, Board, search
from smena.definition.ways import Open, Ways


def reachable(shape: Ways, allowed: Open, start: int) -> list[bool]:
    """By version: whether it can be reached from `start` (itself counts)."""
    board = Board(shape.costs.tolls, shape.costs.bits)
    search(allowed.lines, allowed.prices, board, start, None)
    return [value < FAR for value in board.values]


def leading(shape: Ways, allowed: Open, goal: int) -> list[bool]:
    """By version: whether `goal` can be reached from it (itself counts); a withdrawn one may be left."""
    up, down = allowed.lines
    board = Board(shape.costs.tolls, shape.costs.bits)
    search((down.reversed(), up.reversed()), allowed.prices, board, goal, None)
    return [bool(arrives) or place == goal for place, arrives in enumerate(board.arrived)]


def leaving(shape: Ways, allowed: Open, goal: int, *, down: bool = False) -> list[bool]:
    """By version: whether an allowed hop leaves it towards `goal`, and no further, to a version that may be entered."""
    tolls = shape.costs.tolls
    last = len(tolls) - 1
    lanes = allowed.lines[down]
    left = _left(lanes, allowed.prices, tolls[::-1] if down else tolls, last - goal if down else goal)
    return left[::-1] if down else left


def entered(shape: Ways, allowed: Open) -> list[bool]:
    """By version: whether any allowed hop ends there."""
    up, down = allowed.lines
    size = len(shape.costs.tolls)
    back = _left(down.reversed(), allowed.prices, [0] * size, size - 1)
    forth = _left(up.reversed(), allowed.prices, [0] * size, size - 1)[::-1]
    return [one or other for one, other in zip(back, forth, strict=True)]


def _left(lanes: Lanes, prices: Sequence[int], tolls: Sequence[int], goal: int) -> list[bool]:
    """Where hops begin that end no later than `goal`, in the order of the lanes."""
    places = (place if toll < FAR else -1 for place, toll in enumerate(tolls))
    enterable = list(accumulate(places, max))
    begun = [0] * (len(tolls) + 1)
    for first, last in _starts(lanes, prices, enterable, goal):
        begun[first] += 1
        begun[last] -= 1
    return [count > 0 for count in accumulate(begun)][:-1]


def _starts(lanes: Lanes, prices: Sequence[int], enterable: Sequence[int], goal: int) -> Iterable[tuple[int, int]]:
    """Spans of versions that some hop leaves, up to the newest enterable one within reach of it."""
    for (a, b, c, d), ticket in lanes.regions():
        if prices[ticket] < FAR and c <= goal and enterable[min(d - 1, goal)] >= c:
            yield a, b
    for (start, end), ticket in lanes.fans():
        top = enterable[min(end - 1, goal)]
        if prices[ticket] < FAR and top > start:
            yield start, top
