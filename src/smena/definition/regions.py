"""Sets of hops as rectangles over the versions' order: from [a, b) to [c, d).

An edge between ranges stays one rectangle however many versions lie in it; a block is
a rectangle cut out. Hops go up, so of a rectangle only the part above the diagonal is
meant: `rising` splits that part into rectangles that lie clear of the diagonal and at most one
triangle on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Span = tuple[int, int]
"""Versions from the first index up to, not with, the second."""
Region = tuple[int, int, int, int]
"""Hops from the versions [a, b) to the versions [c, d)."""


def product(starts: Iterable[Span], ends: Sequence[Span]) -> list[Region]:
    return [(a, b, c, d) for a, b in starts for c, d in ends]


def touching(region: Region, others: Iterable[Region]) -> list[Region]:
    """Those of the others that share a hop with the region."""
    a, b, c, d = region
    return [other for other in others if other[0] < b and a < other[1] and other[2] < d and c < other[3]]


def minus(regions: Iterable[Region], holes: Iterable[Region]) -> list[Region]:
    """What is left of the regions outside all holes."""
    left = list(regions)
    for hole in holes:
        left = [piece for region in left for piece in _around(region, hole)]
    return left


def meet(regions: Iterable[Region], others: Sequence[Region]) -> list[Region]:
    """What the regions share with the others (which do not overlap each other)."""
    return [_shared(region, other) for region in regions for other in touching(region, others)]


def rising(region: Region) -> tuple[list[Region], Span | None]:
    """The hops of the region that go up: rectangles whose starts lie below all ends, and a triangle.

    The triangle [x, y) means every hop from a lower to a higher version in it.
    """
    a, b, c, d = region
    if b <= c:
        return [region], None
    low, high = max(a, c), min(b, d)
    rectangles = []
    if a < c:
        rectangles.append((a, c, c, d))
    if low < high < d:
        rectangles.append((low, high, high, d))
    return rectangles, (low, high) if high - low > 1 else None


def mirrored(region: Region, size: int) -> Region:
    """The same hops where the newest version comes first: what goes down goes up there."""
    a, b, c, d = region
    return size - b, size - a, size - d, size - c


def spans_minus(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """Spans without what lies in the holes."""
    left = list(spans)
    for low, high in holes:
        left = [
            piece
            for start, end in left
            for piece in ((start, min(end, low)), (max(start, high), end))
            if piece[0] < piece[1]
        ]
    return left


def spans_joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """In order, apart from each other."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif start < end:
            joined.append((start, end))
    return tuple(joined)


def _shared(one: Region, other: Region) -> Region:
    return max(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), min(one[3], other[3])


def _around(region: Region, hole: Region) -> list[Region]:
    """The region without the hole: the strips before and after it, then what is beside it."""
    if not touching(region, [hole]):
        return [region]
    a, b, c, d = region
    from_low, from_high, to_low, to_high = _shared(region, hole)
    pieces = (
        (a, from_low, c, d),
        (from_high, b, c, d),
        (from_low, from_high, c, to_low),
        (from_low, from_high, to_high, d),
    )
    return [piece for piece in pieces if piece[0] < piece[1] and piece[2] < piece[3]]
