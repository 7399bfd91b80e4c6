"""Small version graphs written in a line, and the plainest search through one: every pair of versions, every edge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from smena.definition.condition import Condition
from smena.definition.graph import Graph, Node
from smena.definition.model import Block, Definition, Edge, Edition, Release, Risk
from smena.definition.ranges import matches
from smena.definition.scalars import Id, Range, Version
from smena.definition.values import Localized
from smena.definition.when import Unknown, World, holds

Tests = Mapping[str, Sequence[str]]
Cost = tuple[int, int, int, int, int, int]
"""Hops down, not recommended, hops, in doubt; stops not recommended, not at hand."""


def said(words: str) -> Localized:
    return Localized(en=words, ru=f"по-русски: {words}")


def when(tests: Tests) -> Condition:
    return Condition({name: tuple(texts) for name, texts in tests.items()})


def release(version: str, **more: Any) -> Release:
    withdrawn = more.pop("withdrawn", None)
    return Release(version=Version(version), withdrawn=said(withdrawn) if withdrawn else None, **more)


def edge(start: str, end: str, procedure: str = "go", **more: Any) -> Edge:
    return Edge(from_=Range(start), to=Range(end), procedure=Id(procedure), **more)


def block(start: str, end: str, name: str = "too-far", tests: Tests | None = None, **more: Any) -> Block:
    return Block(from_=Range(start), to=Range(end), name=Id(name), why=said(f"{name}."), when=when(tests or {}), **more)


def risk(tests: Tests | None = None, words: str = "It is risky.") -> Risk:
    return Risk(why=said(words), when=when(tests or {}))


def product(releases: str | Sequence[Release], edges: Sequence[Edge] = (), **more: Any) -> Definition:
    """A definition that is a graph and little else; releases may be given as words."""
    listed = tuple(release(word) for word in releases.split()) if isinstance(releases, str) else tuple(releases)
    editions = {Id(name): Edition(title=said(name)) for name in more.pop("editions", ())}
    known: dict[str, Any] = {"procedures": {one.procedure: () for one in edges}, "risks": {}, **more}
    return Definition(
        schema=1,
        product=Id("thing"),
        title=said("Thing"),
        releases=listed,
        upgrades=tuple(edges),
        editions=editions,
        **known,
    )


class Pair(NamedTuple):
    """One allowed hop, by one edge."""

    start: int
    end: int
    edge: Edge
    cost: Cost


def pairs(graph: Graph, world: World) -> Iterator[Pair]:
    """Every allowed hop, asked one by one."""
    for start in graph.nodes:
        for end in graph.nodes:
            for one in graph.definition.upgrades:
                right_way = end.index < start.index if one.downgrade else end.index > start.index
                if right_way and not end.withdrawn and _in(graph, start, one.from_) and _in(graph, end, one.to):
                    doubtful = _doubtful(graph, start, end, one, world)
                    if doubtful is not None:
                        yield Pair(start.index, end.index, one, _cost(one, end, doubtful))


def best(graph: Graph, world: World, start: int) -> dict[int, Cost]:
    """The least cost of getting to every version that can be reached."""
    hops = list(pairs(graph, world))
    known: dict[int, Cost] = {start: (0,) * 6}
    for _round in graph.nodes:
        for hop in hops:
            if hop.start in known:
                cost = add(known[hop.start], hop.cost)
                known[hop.end] = min(known.get(hop.end, cost), cost)
    return known


def add(one: Cost, other: Cost) -> Cost:
    a, b, c, d, e, f = (x + y for x, y in zip(one, other, strict=True))
    return a, b, c, d, e, f


def _in(graph: Graph, node: Node, text: str) -> bool:
    return any(matches(name, text, graph.definition.versions) for name in node.names)


def _doubtful(graph: Graph, start: Node, end: Node, one: Edge, world: World) -> bool | None:
    """None: refused."""
    here = msgspec.structs.replace(world, from_=start.names, to=end.names)
    for allowed, known in ((one.editions, world.edition), (one.platforms, world.platform)):
        if allowed and known is not None and known not in allowed:
            return None
    doubtful = bool((one.editions and world.edition is None) or (one.platforms and world.platform is None))
    for each in graph.definition.blocked:
        if _in(graph, start, each.from_) and _in(graph, end, each.to):
            answer = holds(each.when, here, graph.definition.versions)
            if answer is True:
                return None
            doubtful = doubtful or isinstance(answer, Unknown)
    answers = [holds(graph.definition.risks[name].when, here, graph.definition.versions) for name in one.risks]
    return doubtful or any(isinstance(answer, Unknown) for answer in answers)


def _cost(one: Edge, end: Node, doubtful: bool) -> Cost:
    plain = doubtful or not one.recommended
    return one.downgrade, plain, 1, doubtful, not end.recommended, not end.at_hand
