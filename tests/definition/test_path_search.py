"""The search against the plainest one there is: every pair, every edge, again and again until nothing changes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smena.definition.graph import Graph
from smena.definition.hop import Path
from smena.definition.path import find
from smena.definition.when import World
from smena.errors import NoPath
from support.graphs import Cost, add, best, block, edge, pairs, product, release, risk

VERSIONS = ["1.0", "1.1", "1.2", "2.0", "2.1", "3.0", "3.1", "4.0"]
RANGES = [
    "1.0",
    "1.2",
    "2.1",
    "3.0",
    "1.*",
    "2.*",
    "3.*",
    "1.1..2.0",
    "2.0..3.*",
    "..2.0",
    "2.1..",
    "1.2 | 3.*",
    "*",
    "*",
]
FLAG = st.sampled_from([False, False, True])
CONDITIONS: list[dict[str, list[str]]] = [
    {},
    {},
    {"fact.known": ["yes"]},
    {"fact.known": ["!yes"]},
    {"fact.other": ["yes"]},
    {"from": ["1.*", "!1.1"]},
    {"to": ["2.*"], "fact.other": ["yes"]},
    {"from": ["1.2", "3.*"], "to": ["!3.1"], "fact.known": ["yes"]},
]
WHEN = st.sampled_from(CONDITIONS)

RELEASES = st.lists(
    st.builds(
        lambda version, recommended, withdrawn: release(
            version, recommended=recommended, withdrawn="Bad." if withdrawn else None, builds=f"{version}.*"
        ),
        st.sampled_from(VERSIONS),
        FLAG,
        st.sampled_from([False, False, False, True]),
    ),
    min_size=3,
    unique_by=lambda one: one.version,
)
EDGES = st.lists(
    st.builds(
        lambda start, end, recommended, editions, risks: edge(
            start, end, recommended=recommended, editions=editions, risks=risks
        ),
        st.sampled_from(RANGES),
        st.sampled_from(RANGES),
        FLAG,
        st.sampled_from([(), (), (), ("team",), ("pro",)]),
        st.sampled_from([(), (), ("a",), ("b",), ("a", "b")]),
    ),
    min_size=1,
    max_size=6,
)
DOWN = st.lists(
    st.builds(lambda start, end: edge(start, end, downgrade=True), st.sampled_from(RANGES), st.sampled_from(RANGES)),
    max_size=2,
)
BLOCKS = st.lists(
    st.builds(
        lambda start, end, tests: block(start, end, tests=tests),
        st.sampled_from(RANGES[:-2]),
        st.sampled_from(RANGES),
        WHEN,
    ),
    max_size=2,
)
WORLDS = st.builds(
    lambda edition, facts: World(edition=edition, facts=facts),
    st.sampled_from([None, "team", "pro"]),
    st.sampled_from([{}, {"known": "yes"}, {"known": "no", "other": "yes"}]),
)


@st.composite
def graphs(draw: st.DrawFn, *, down: bool = False) -> Graph:
    definition = product(
        draw(RELEASES),
        draw(EDGES) + (draw(DOWN) if down else []),
        blocked=tuple(draw(BLOCKS)),
        risks={"a": risk(draw(WHEN)), "b": risk(draw(WHEN))},
        editions=("team", "pro"),
    )
    here = draw(st.lists(st.sampled_from([*VERSIONS, "1.1.7", "2.1.3", "3.5"]), max_size=4, unique=True))
    return Graph(definition, added=("3.0.9",) if draw(FLAG) else (), at_hand=here)


def asked(graph: Graph, world: World) -> Iterator[tuple[int, int, Path | None]]:
    for start in graph.nodes:
        for goal in graph.nodes:
            if start.index != goal.index and (start.release is None or start.release.version != goal.version):
                try:
                    yield start.index, goal.index, find(graph, start.version, goal.version, world)
                except NoPath:
                    yield start.index, goal.index, None


def cost_of(graph: Graph, world: World, path: Path) -> Cost:
    whole: Cost = (0,) * 6
    for hop in path.hops:
        ends = [graph.called(version) for version in (hop.from_, hop.to)]
        start, end = (node.index for node in ends if node is not None)
        candidates = [
            one.cost for one in pairs(graph, world) if (one.start, one.end) == (start, end) and one.edge == hop.edge
        ]
        assert candidates, f"{hop.from_} → {hop.to} is not allowed by {hop.edge}"
        whole = add(whole, candidates[0])
    return whole


@settings(max_examples=150)
@given(graphs(), WORLDS)
def test_the_path_is_the_best_there_is(graph: Graph, world: World) -> None:
    for start, goal, path in asked(graph, world):
        known = best(graph, world, start)
        assert (path is not None) == (goal in known)
        if path is not None:
            assert cost_of(graph, world, path) == known[goal]
            assert [path.hops[0].from_, path.hops[-1].to] == [graph.nodes[start].version, graph.nodes[goal].version]


@settings(max_examples=100)
@given(graphs(down=True), WORLDS)
def test_the_path_is_the_best_there_is_with_ways_down(graph: Graph, world: World) -> None:
    for start, goal, path in asked(graph, world):
        known = best(graph, world, start)
        assert (path is not None) == (goal in known)
        if path is not None:
            assert cost_of(graph, world, path) == known[goal]


@settings(max_examples=60)
@given(graphs(), WORLDS)
def test_of_equal_paths_the_one_with_the_newest_stops(graph: Graph, world: World) -> None:
    hops = list(pairs(graph, world))
    for start, goal, path in asked(graph, world):
        if path is None:
            continue
        known = best(graph, world, start)
        stops = [hop.from_ for hop in reversed(path.hops)]
        place = goal
        for stop in stops:
            equal = [
                hop.start
                for hop in hops
                if hop.end == place and hop.start in known and add(known[hop.start], hop.cost) == known[place]
            ]
            place = max(equal)
            assert graph.nodes[place].version == stop


@settings(max_examples=60)
@given(graphs(down=True), WORLDS)
def test_every_refusal_tells_how_far_one_gets(graph: Graph, world: World) -> None:
    for start in graph.nodes:
        known = best(graph, world, start.index)
        for goal in graph.nodes[start.index + 1 :]:
            if goal.index in known:
                continue
            with pytest.raises(NoPath) as caught:
                find(graph, start.version, goal.version, world)
            words = " ".join(str(why) for why in caught.value.why)
            between = [place for place in known if start.index < place < goal.index]
            if between:
                nearest = graph.nodes[max(between)].version
                assert f"the nearest version that can be reached is {nearest}" in words
                assert str(caught.value.hint).startswith(f"smena path thing {start.version} {nearest}")
            assert "nearest" in words or not between
            leads = [
                one.version for one in graph.nodes if one is not goal and goal.index in best(graph, world, one.index)
            ]
            if not goal.withdrawn:
                assert ("can be reached from" in words) == bool(leads)
                assert len(caught.value.why) >= 2
