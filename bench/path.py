"""How long the path search takes, and how it grows: 1,000, 10,000 and 100,000 versions, five edges each.

The way from the oldest version to the newest is asked for, through everything. "graph" is
putting the versions in order, "shape" laying out the edges: both happen once after loading.
In the same run, at 1,000 versions, the naive way: every range written out as pairs, then
Dijkstra over them. Both must find a way of the same cost. Times are processor time, for others
work on the machine too. No test: the numbers depend on the machine.
"""

from __future__ import annotations

import itertools
import random
import sys
from collections.abc import Callable
from heapq import heappop, heappush
from time import process_time
from typing import TypeVar

from smena.definition.graph import Graph
from smena.definition.hop import Path
from smena.definition.model import Definition, Edge, Release
from smena.definition.path import find
from smena.definition.ranges import matches
from smena.definition.scalars import Id, Range, Version
from smena.definition.values import Localized
from smena.definition.ways import ways

SIZES = (1_000, 10_000, 100_000)
NAIVE = 1_000
TARGET_MS = 50.0
GROWTH = 20.0
"""Ten times the versions may take this many times as long."""
ROUNDS = 7

T = TypeVar("T")
Cost = tuple[int, int]
"""Hops that are not recommended, hops."""


def generated(size: int, seed: int = 7) -> Definition:
    """Versions `0.0.0 … 0.0.9, 0.1.0 …`, and for each of them five edges such as vendors write."""
    chance = random.Random(seed)
    names = [f"{number // 100}.{number // 10 % 10}.{number % 10}" for number in range(size)]
    edges = [edge for place in range(size) for edge in _edges(names, place, chance)]
    return Definition(
        schema=1,
        product=Id("generated"),
        title=Localized(en="generated", ru="сгенерировано"),
        releases=tuple(Release(version=Version(name)) for name in names),
        upgrades=tuple(edges),
    )


def _edges(names: list[str], place: int, chance: random.Random) -> list[Edge]:
    """To one version, to a line, from the versions before, from line to line, and inside a line."""

    def other(distance: int) -> str:
        return names[max(0, min(len(names) - 1, place + distance))]

    def line(name: str) -> str:
        return name.rpartition(".")[0] + ".*"

    here = names[place]
    ranges = [
        (here, other(chance.randint(1, 10))),
        (here, line(other(chance.randint(1, 40)))),
        (f"{other(-chance.randint(1, 300))}..{here}", other(chance.randint(1, 5))),
        (line(here), line(other(chance.randint(10, 20)))),
        (f"{line(here)}..{here}", f"{here}..{line(here)}"),
    ]
    return [
        Edge(from_=Range(start), to=Range(end), procedure=Id("p"), recommended=chance.random() < 0.6)
        for start, end in ranges
    ]


def naive(definition: Definition) -> Cost:
    """The cost of the best way, by writing out every pair."""
    names = [str(release.version) for release in definition.releases]
    following: list[dict[int, int]] = [{} for _name in names]
    for edge in definition.upgrades:
        starts = [place for place, name in enumerate(names) if matches(name, edge.from_)]
        ends = [place for place, name in enumerate(names) if matches(name, edge.to)]
        for start in starts:
            for end in ends:
                if end > start:
                    following[start][end] = min(following[start].get(end, 1), not edge.recommended)
    best: dict[int, Cost] = {}
    queue: list[tuple[Cost, int]] = [((0, 0), 0)]
    while queue:
        cost, here = heappop(queue)
        if here not in best:
            best[here] = cost
            for end, plain in following[here].items():
                heappush(queue, ((cost[0] + plain, cost[1] + 1), end))
    return best[len(names) - 1]


def timed(action: Callable[[], T], rounds: int = 1) -> tuple[T, float]:
    """The result, and the milliseconds of the quickest round."""
    best = float("inf")
    for _round in range(rounds):
        start = process_time()
        result = action()
        best = min(best, process_time() - start)
    return result, best * 1000


def measured(definition: Definition) -> tuple[Path, float]:
    """One line of the table; the path and its milliseconds."""
    size = len(definition.releases)
    graph, ordering = timed(lambda: Graph(definition))
    _shape, laying = timed(lambda: ways(graph))
    path, finding = timed(lambda: find(graph, graph.nodes[0].version, graph.nodes[-1].version), ROUNDS)
    target = f"<= {TARGET_MS:g} ms" if size == 10_000 else ""
    counts = f"{size:>9,} {len(definition.upgrades):>9,}"
    print(f"{counts} {ordering:>10.1f} {laying:>10.1f} {finding:>9.2f} {len(path.hops):>6} {target:>10}")
    return path, finding


def main() -> int:
    print(f"{'versions':>9} {'edges':>9} {'graph ms':>10} {'shape ms':>10} {'path ms':>9} {'hops':>6} {'target':>10}")
    found = {size: measured(generated(size)) for size in SIZES}
    print()
    for small, large in itertools.pairwise(SIZES):
        growth = found[large][1] / found[small][1]
        print(f"{small:,} -> {large:,} versions: {growth:.1f} times the time (target <= {GROWTH:g})")
    cost, slow = timed(lambda: naive(generated(NAIVE)))
    path, quick = found[NAIVE]
    agree = cost == (sum(not hop.recommended for hop in path.hops), len(path.hops))
    print(f"pairs written out at {NAIVE:,}: {slow:.0f} ms, {slow / quick:.0f} times the path search")
    print(f"both ways cost the same: {agree}")
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
