"""The best way to every version, found in one walk through their order.

Hops only go up, so when the walk comes to a version, everything below it is settled. A
rectangle of hops (see `lanes.py`) is looked at once, when the walk has passed its last
start: the best of its starts is one bisection then. What it offers waits in a heap from its
first end to its last. In triangles every settled version makes an offer of its own; at one
price only the triangle that goes furthest counts.
So the work grows with versions and edges, never with pairs.

A value is one whole number: the cost, and in the lowest bits how far from the newest the
version stands, so of equal costs the newest wins. What goes down is the same walk in mirrored
order; `search` takes turns until nothing gets better.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from heapq import heappop, heappush

from smena.definition.lanes import Lanes, Triangle

FAR = 1 << 1000
"""The value of a version that no way leads to, the toll of one that must not be entered, and the
price of a hop that is not allowed."""

Offer = tuple[int, int, int]
"""A value on arrival, the ticket, and where the offer ends."""
_NOTHING: Offer = (FAR, 0, 0)


class Board:
    """What a search knows of every version."""

    def __init__(self, tolls: Sequence[int], low_bits: int) -> None:
        size = len(tolls)
        self.mask = (1 << low_bits) - 1
        self.tolls = list(tolls)
        """What entering a version costs, its own place from the newest in the lowest bits."""
        self.values = [FAR] * size
        self.via: list[tuple[int, int] | None] = [None] * size
        """The hop that leads there: the version it leaves, and the ticket."""
        self.arrived = bytearray(size)
        """Where a hop arrives, be it a version that must not be entered."""

    def turn(self) -> None:
        """Look at everything from the other end."""
        for column in (self.tolls, self.values, self.via, self.arrived):
            column.reverse()

    def arrive(self, place: int, offer: Offer) -> bool:
        """Take the best offer of a place, if it is better than what was known there."""
        self.arrived[place] = 1
        before = offer[0] & self.mask
        value = offer[0] - before + self.tolls[place]
        if value >= self.values[place]:
            return False
        self.values[place] = value
        self.via[place] = (len(self.values) - 1 - before, offer[1])
        return True

    def way(self, goal: int) -> list[tuple[int, int, int]]:
        """The hops that lead to a version: start, end, ticket."""
        hops: list[tuple[int, int, int]] = []
        while (before := self.via[goal]) is not None:
            hops.append((before[0], goal, before[1]))
            goal = before[0]
        return hops[::-1]


def search(lines: tuple[Lanes, Lanes], prices: Sequence[int], board: Board, start: int, goal: int | None) -> None:
    """Fill the board with the best ways from `start`; with a goal above it, no further than need be.

    `lines` are the lanes that go up, and those that go down (in mirrored order).
    """
    up, down = lines
    last = len(board.values) - 1
    board.values[start] = last - start
    if down.empty:
        walk(up, prices, board, start, last if goal is None else goal)
        return
    better = True
    while better:
        better = walk(up, prices, board, 0, last)
        board.turn()
        better = walk(down, prices, board, 0, last) or better
        board.turn()


def walk(lanes: Lanes, prices: Sequence[int], board: Board, first: int, last: int) -> bool:
    """Go once from `first` up to `last`; says whether anything got better.

    An offer that is neither better nor lasts longer than the best one is not kept.
    """
    values, singles = board.values, lanes.singles
    settled = _Settled(lanes, prices, values, first)
    waiting: list[Offer] = []
    better = False
    for place in range(first + 1, last + 1):
        settled.take(place - 1, waiting)
        while waiting and waiting[0][2] <= place:
            heappop(waiting)
        best = waiting[0] if waiting else _NOTHING
        for start, end, ticket in singles.get(place, ()):
            value = values[start] + prices[ticket]
            if value < best[0] or (end > best[2] and value < FAR):
                heappush(waiting, (value, ticket, end))
                best = waiting[0]
        for offer in settled.due(place):
            if offer[0] < best[0] or offer[2] > best[2]:
                heappush(waiting, offer)
                best = waiting[0]
        if waiting:
            better = board.arrive(place, best) or better
    return better


class _Settled:
    """What the versions that the walk has passed offer together."""

    def __init__(self, lanes: Lanes, prices: Sequence[int], values: Sequence[int], first: int) -> None:
        self._lanes = lanes
        self._prices = prices
        self._values = values
        self._places: list[int] = []
        self._least: list[int] = []
        """The values that are less than all after them, and where: the least since any place is one bisection away."""
        self._due: dict[int, list[Offer]] = {}
        self._furthest: dict[int, Triangle] = {}
        for start in lanes.triangles:
            if start < first:
                self._begin(start)

    def take(self, place: int, waiting: list[Offer]) -> None:
        """The next version is settled."""
        value, places, least = self._values[place], self._places, self._least
        while least and least[-1] >= value:
            least.pop()
            places.pop()
        places.append(place)
        least.append(value)
        for start, first, end, ticket in self._lanes.wides.get(place + 1, ()):
            offer = least[bisect_left(places, start)] + self._prices[ticket]
            if offer < FAR:
                self._due.setdefault(first, []).append((offer, ticket, end))
        if self._lanes.triangles:
            self._fan_out(place, value, waiting)

    def due(self, place: int) -> Sequence[Offer]:
        """The offers that begin here."""
        return self._due.pop(place, ())

    def _fan_out(self, place: int, value: int, waiting: list[Offer]) -> None:
        """In triangles every version makes an offer: at each price, up to the end of the one that goes furthest."""
        self._begin(place)
        if value < FAR:
            for price, (end, ticket) in self._furthest.items():
                if end > place + 1:
                    heappush(waiting, (value + price, ticket, end))

    def _begin(self, start: int) -> None:
        for end, ticket in self._lanes.triangles.get(start, ()):
            price = self._prices[ticket]
            if price < FAR and end > self._furthest.get(price, (0, 0))[0]:
                self._furthest[price] = (end, ticket)
