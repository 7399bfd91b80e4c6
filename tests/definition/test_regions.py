"""Rectangles of hops, against the hops written out one by one."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from smena.definition.lanes import Lanes
from smena.definition.regions import Region, meet, minus, mirrored, product, rising, spans_joined, spans_minus, touching

SIZE = 7
SPAN = st.tuples(st.integers(0, SIZE - 1), st.integers(1, SIZE)).filter(lambda span: span[0] < span[1])
SPANS = st.lists(SPAN, max_size=4)
REGION = st.tuples(SPAN, SPAN).map(lambda pair: (*pair[0], *pair[1]))
REGIONS = st.lists(REGION, max_size=4)


def hops(*regions: Region) -> set[tuple[int, int]]:
    return {(start, end) for a, b, c, d in regions for start in range(a, b) for end in range(c, d)}


def places(*spans: tuple[int, int]) -> set[int]:
    return {place for low, high in spans for place in range(low, high)}


@given(REGIONS, REGIONS)
def test_minus_and_meet(regions: list[Region], others: list[Region]) -> None:
    assert hops(*minus(regions, others)) == hops(*regions) - hops(*others)
    assert hops(*meet(regions, others)) == hops(*regions) & hops(*others)


@given(REGION, REGIONS)
def test_touching(region: Region, others: list[Region]) -> None:
    assert touching(region, others) == [other for other in others if hops(region) & hops(other)]


@given(SPANS, SPANS)
def test_spans(spans: list[tuple[int, int]], holes: list[tuple[int, int]]) -> None:
    joined = spans_joined(spans)
    assert places(*joined) == places(*spans)
    assert all(before[1] < after[0] for before, after in itertools.pairwise(joined))
    assert places(*spans_minus(spans, holes)) == places(*spans) - places(*holes)
    assert hops(*product(spans, holes)) == {(one, other) for one in places(*spans) for other in places(*holes)}


def risen(region: Region) -> set[tuple[int, int]]:
    return {(start, end) for start, end in hops(region) if start < end}


@given(REGION)
def test_rising_is_the_part_that_goes_up(region: Region) -> None:
    rectangles, triangle = rising(region)
    assert all(piece[1] <= piece[2] for piece in rectangles)
    whole = sum(len(hops(piece)) for piece in rectangles)
    found = hops(*rectangles)
    if triangle:
        fan = {(start, end) for start in range(*triangle) for end in range(start + 1, triangle[1])}
        whole += len(fan)
        found |= fan
    assert found == risen(region)
    assert whole == len(found)


@given(REGIONS)
def test_lanes_keep_every_hop_and_turn_it_round(regions: list[Region]) -> None:
    lanes = Lanes(SIZE)
    for ticket, region in enumerate(regions):
        lanes.add(region, ticket)
    forward = _all(lanes)
    assert forward == {(start, end, ticket) for ticket, region in enumerate(regions) for start, end in risen(region)}
    last = SIZE - 1
    assert _all(lanes.reversed()) == {(last - end, last - start, ticket) for start, end, ticket in forward}
    more = Lanes(SIZE)
    more.add((0, 3, 1, SIZE), 99)
    assert _all(lanes.plus(more)) == forward | _all(more)
    assert _all(lanes) == forward


@given(REGION)
def test_mirrored_twice_is_the_same(region: Region) -> None:
    assert mirrored(mirrored(region, SIZE), SIZE) == region
    last = SIZE - 1
    assert hops(mirrored(region, SIZE)) == {(last - start, last - end) for start, end in hops(region)}


def _all(lanes: Lanes) -> set[tuple[int, int, int]]:
    found = {(start, end, ticket) for region, ticket in lanes.regions() for start, end in hops(region)}
    for (low, high), ticket in lanes.fans():
        found |= {(start, end, ticket) for start in range(low, high) for end in range(start + 1, high)}
    return found
