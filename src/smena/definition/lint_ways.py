"""Versions that people cannot leave or never get to, in every edition and on every platform.

Conditions that only a host can answer are taken as they may be: a way counts while it is possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from smena.definition.finding import Finding
from smena.definition.graph import Graph, Node
from smena.definition.model import Definition
from smena.definition.reach import entered, leading, leaving
from smena.definition.sweep import FAR, Board, walk
from smena.definition.ways import Open, Ways, ways
from smena.definition.when import World
from smena.text import Text, _

Trouble = tuple[str, int]
"""The finding's name, and the version or edge that it is about."""


def look_at_ways(graph: Graph) -> Iterator[Finding]:
    """Every trouble once, with those it concerns where it does not concern all."""
    if not graph.nodes:
        return
    shape = ways(graph)
    worlds = list(_worlds(graph.definition))
    concerned: dict[Trouble, list[str]] = {}
    for world in worlds:
        allowed = shape.open(world)
        for trouble in (*_versions(graph, shape, allowed), *_circles(shape, allowed)):
            concerned.setdefault(trouble, []).append("/".join(filter(None, (world.edition, world.platform))))
    for (name, place), whom in sorted(concerned.items()):
        yield _finding(graph, name, place, "" if len(whom) == len(worlds) else ", ".join(whom))


def _worlds(definition: Definition) -> Iterator[World]:
    """The editions and platforms between which some edge makes a difference."""
    edges = definition.upgrades
    editions = list(definition.editions) if any(edge.editions for edge in edges) else [None]
    platforms = [name for name in ("linux", "windows") if getattr(definition.instance, name) is not None]
    distinct = platforms if any(edge.platforms for edge in edges) else [None]
    for edition, platform in product(editions or [None], distinct or [None]):
        yield World(edition=edition, platform=platform)


def _versions(graph: Graph, shape: Ways, allowed: Open) -> Iterator[Trouble]:
    goal = newest(graph)
    if goal is None:
        return
    leads = leading(shape, allowed, goal.index)
    leaves = leaving(shape, allowed, len(graph) - 1)
    comes = entered(shape, allowed)
    for node in graph.nodes:
        if not leads[node.index]:
            yield "stranded" if leaves[node.index] else "dead-end", node.index
        if node.index and not node.withdrawn and not comes[node.index]:
            yield "not-entered", node.index


def newest(graph: Graph) -> Node | None:
    """What everybody should be able to get to."""
    return next((node for node in reversed(graph.nodes) if not node.withdrawn), None)


def _circles(shape: Ways, allowed: Open) -> Iterator[Trouble]:
    """Edges that go down to where upgrades lead up again."""
    size = len(shape.costs.tolls)
    edges = shape.graph.definition.upgrades
    down = allowed.lines[1]
    pieces = [((a, b), (c, d), ticket) for (a, b, c, d), ticket in down.regions()]
    pieces += [(span, span, ticket) for span, ticket in down.fans()]
    for starts, ends, ticket in pieces:
        if allowed.prices[ticket] < FAR and _leads_up(
            shape, allowed, range(size - ends[1], size - ends[0]), range(size - starts[1], size - starts[0])
        ):
            yield "cycle", edges.index(allowed.tickets[ticket].edge)


def _leads_up(shape: Ways, allowed: Open, starts: Sequence[int], ends: Sequence[int]) -> bool:
    """Whether some upgrades lead from one of these versions to one of those, all of which may be entered."""
    tolls = shape.costs.tolls
    board = Board(tolls, shape.costs.bits)
    for place in starts:
        if tolls[place] < FAR:
            board.values[place] = len(tolls) - 1 - place
    walk(allowed.lines[0], allowed.prices, board, starts[0], ends[-1])
    return any(board.arrived[place] and tolls[place] < FAR for place in ends)


def _finding(graph: Graph, name: str, place: int, whom: str) -> Finding:
    if name == "cycle":
        edge = graph.definition.upgrades[place]
        text = _("{start} → {end} leads down, and upgrades lead up again: a circle", start=edge.from_, end=edge.to)
        return _warning(name, text, whom, edge.line, f"upgrades[{place}]")
    node = graph.nodes[place]
    goal = newest(graph)
    texts = {
        "dead-end": _("no upgrade leads on from {version}", version=node.version),
        "not-entered": _("no upgrade leads to {version}", version=node.version),
        "stranded": _(
            "upgrades from {version} never lead to {goal}", version=node.version, goal=goal.version if goal else ""
        ),
    }
    number = next(index for index, release in enumerate(graph.definition.releases) if release is node.release)
    return _warning(name, texts[name], whom, graph.definition.releases[number].line, f"releases[{number}]")


def _warning(name: str, text: Text, whom: str, line: int, field: str) -> Finding:
    told = _("{what} (only {whom})", what=text, whom=whom) if whom else text
    return Finding(name=name, severity="warning", text=told, line=line, field=field)
