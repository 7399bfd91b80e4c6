"""All hops of one direction, laid out for a walk through the versions' order.

Regions are split once into what goes up (`regions.rising`); a ticket is kept with every
piece, so that whoever walks learns which edge it was. Rectangles with one start are kept apart,
for most are so and their best start needs no search. Hops that go down are laid out in the
mirrored order, where they go up too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from smena.definition.regions import Region, mirrored, rising

Single = tuple[int, int, int]
"""The start, the end of its ends, and the ticket."""
Wide = tuple[int, int, int, int]
"""The first start, the first end, the end of its ends, and the ticket."""
Triangle = tuple[int, int]
"""Where it ends, and the ticket."""

Piece = TypeVar("Piece")


class Lanes:
    """Rectangles and triangles, each under the place where a walk needs it."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.singles: dict[int, list[Single]] = {}
        """By their first end."""
        self.wides: dict[int, list[Wide]] = {}
        """By the end of their starts."""
        self.triangles: dict[int, list[Triangle]] = {}
        """By their start."""

    @property
    def empty(self) -> bool:
        return not (self.singles or self.wides or self.triangles)

    def add(self, region: Region, ticket: int) -> None:
        """Take in the hops of the region that go up."""
        pieces, triangle = rising(region)
        for piece in pieces:
            self._put(piece, ticket)
        if triangle:
            self.triangles.setdefault(triangle[0], []).append((triangle[1], ticket))

    def plus(self, other: Lanes) -> Lanes:
        """Both; neither is changed, and what only one has is not copied."""
        if other.empty:
            return self
        both = Lanes(self.size)
        both.singles = _joined(self.singles, other.singles)
        both.wides = _joined(self.wides, other.wides)
        both.triangles = _joined(self.triangles, other.triangles)
        return both

    def reversed(self) -> Lanes:
        """Every hop the other way round, in mirrored order, where it goes up again."""
        other = Lanes(self.size)
        for (a, b, c, d), ticket in self.regions():
            other._put(mirrored((c, d, a, b), self.size), ticket)
        for (start, end), ticket in self.fans():
            other.triangles.setdefault(self.size - end, []).append((self.size - start, ticket))
        return other

    def regions(self) -> Iterator[tuple[Region, int]]:
        """The rectangles as they were added."""
        for c, singles in self.singles.items():
            for a, d, ticket in singles:
                yield (a, a + 1, c, d), ticket
        for b, wides in self.wides.items():
            for a, c, d, ticket in wides:
                yield (a, b, c, d), ticket

    def fans(self) -> Iterator[tuple[tuple[int, int], int]]:
        """The triangles as spans."""
        for start, triangles in self.triangles.items():
            for end, ticket in triangles:
                yield (start, end), ticket

    def _put(self, region: Region, ticket: int) -> None:
        a, b, c, d = region
        if b - a == 1:
            self.singles.setdefault(c, []).append((a, d, ticket))
        else:
            self.wides.setdefault(b, []).append((a, c, d, ticket))


def _joined(one: Mapping[int, list[Piece]], other: Mapping[int, list[Piece]]) -> dict[int, list[Piece]]:
    return {**one, **{place: one.get(place, []) + more for place, more in other.items()}}
