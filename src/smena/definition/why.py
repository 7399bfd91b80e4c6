"""Why there is no path: where each way ends and what ends it, and what can be done instead.

A way ends at a version that can be reached and that no allowed hop leaves towards the goal.
Each such version is named with what stands there: a block by its name, an edge that is
for others, a withdrawn version, or that nothing is described at all. Then comes how far one
gets, and from where one would get there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from smena.definition.graph import Graph, Node, newest_first
from smena.definition.model import Block, Edge
from smena.definition.reach import leading, leaving, reachable
from smena.definition.regions import Region, Span, touching
from smena.definition.ways import misfits, refusals, ways
from smena.definition.when import World, holds, without_versions
from smena.errors import NoPath
from smena.text import Text, _, plain

_SHOWN = 5
"""So many dead ends are explained, and so many stretches of versions named."""

Refusing = list[tuple[Block, list[Region]]]


class Question(NamedTuple):
    """What was asked."""

    graph: Graph
    start: Node
    goal: Node
    world: World

    @property
    def down(self) -> bool:
        return self.goal.index < self.start.index

    @property
    def backwards(self) -> range:
        """The versions from the goal back to where it starts."""
        step = 1 if self.down else -1
        return range(self.goal.index, self.start.index + step, step)

    def towards(self, place: int) -> Span:
        """What lies beyond this version, up to the goal."""
        return (self.goal.index, place) if self.down else (place + 1, self.goal.index + 1)


def no_path(graph: Graph, start: Node, goal: Node, world: World) -> NoPath:
    """The refusal, with every reason."""
    asked = Question(graph, start, goal, world)
    shape = ways(graph)
    allowed = shape.open(world)
    reached = reachable(shape, allowed, start.index)
    between = [place for place in asked.backwards if reached[place] and place != goal.index]
    nearest = between[0] if between[0] != start.index else None
    why = list(_about_goal(asked))
    if not goal.withdrawn:
        leaves = leaving(shape, allowed, goal.index, down=asked.down)
        why += _about_ways(asked, [place for place in between if not leaves[place]])
    why += _how_far(asked, nearest)
    why += _from_where(asked, leading(shape, allowed, goal.index))
    names = {"product": graph.definition.product, "start": start.version, "goal": goal.version}
    return NoPath(_("{product}: no path leads from {start} to {goal}", **names), why=why, hint=_hint(asked, nearest))


def _about_goal(asked: Question) -> Iterator[Text]:
    start, goal = asked.start.version, asked.goal.version
    if asked.down:
        yield _("{goal} is older than {start}, and upgrades only go up", goal=goal, start=start)
        yield _("the way back is a rollback to a restore point")
    if asked.goal.withdrawn:
        yield _withdrawn(asked.goal)


def _about_ways(asked: Question, ends: list[int]) -> Iterator[Text]:
    """What stands at each dead end, the nearest to the goal first."""
    definition = asked.graph.definition
    refusing = [
        (block, refusals(asked.graph, block))
        for block in definition.blocked
        if holds(without_versions(block.when), asked.world, definition.versions) is True
    ]
    for place in ends[:_SHOWN]:
        yield from _obstacles(asked, place, refusing)
    if len(ends) > _SHOWN:
        yield _("{count} more versions that can be reached lead no further", count=len(ends) - _SHOWN)


def _obstacles(asked: Question, place: int, refusing: Refusing) -> Iterator[Text]:
    here = asked.graph.nodes[place].version
    edges = [(edge, inside) for edge in _edges_from(asked, place) if (inside := _inside(asked, edge, place))]
    targets = [(asked.goal.index, asked.goal.index + 1), *(span for _edge, spans in edges for span in spans)]
    blocks = [block for block, regions in refusing if _refuses(place, targets, regions)]
    others = [edge for edge, _spans in edges if misfits(edge, asked.world) is None]
    gone = {
        newest: asked.graph.nodes[newest]
        for edge, spans in edges
        if edge not in others and (newest := _only_withdrawn(asked.graph, spans)) is not None
    }
    yield from (_blocked(here, block) for block in blocks)
    yield from (_for_others(here, edge) for edge in others)
    yield from (_withdrawn(node) for node in gone.values())
    if not (blocks or others or gone or asked.down):
        yield _nothing_described(asked, place)


def _edges_from(asked: Question, place: int) -> Iterator[Edge]:
    for edge in asked.graph.definition.upgrades:
        starts = asked.graph.spans(edge.from_)
        if edge.downgrade == asked.down and any(first <= place < last for first, last in starts):
            yield edge


def _inside(asked: Question, edge: Edge, place: int) -> list[Span]:
    """What the edge offers on the way to the goal."""
    low, high = asked.towards(place)
    clipped = ((max(first, low), min(last, high)) for first, last in asked.graph.spans(edge.to))
    return [(first, last) for first, last in clipped if first < last]


def _refuses(place: int, targets: Iterable[Span], regions: list[Region]) -> bool:
    return any(touching((place, place + 1, *target), regions) for target in targets)


def _only_withdrawn(graph: Graph, spans: list[Span]) -> int | None:
    """The newest version of these, if none of them may be entered."""
    if all(graph.nodes[place].withdrawn for place in newest_first(spans)):
        return next(iter(newest_first(spans)))
    return None


def _blocked(here: str, block: Block) -> Text:
    names = {"version": here, "range": block.to, "block": block.name, "why": block.why}
    if block.url is None:
        return _("{version} → {range} is blocked by “{block}”: {why}", **names)
    return _("{version} → {range} is blocked by “{block}”: {why} ({url})", **names, url=block.url)


def _for_others(here: str, edge: Edge) -> Text:
    for_whom = ", ".join((*edge.editions, *edge.platforms))
    return _("{version} → {range} is only for {others}", version=here, range=edge.to, others=for_whom)


def _withdrawn(node: Node) -> Text:
    why = node.release.withdrawn if node.release else None
    return _("{version} is withdrawn: {why}", version=node.version, why=why)


def _nothing_described(asked: Question, place: int) -> Text:
    here, goal = asked.graph.nodes[place].version, asked.goal.version
    past = [
        edge.to
        for edge in _edges_from(asked, place)
        if any(last > asked.goal.index + 1 for _first, last in asked.graph.spans(edge.to))
    ]
    if past:
        ranges = ", ".join(dict.fromkeys(past))
        return _("from {version} upgrades lead only past {goal}: to {ranges}", version=here, goal=goal, ranges=ranges)
    return _("no upgrade from {version} towards {goal} is described", version=here, goal=goal)


def _how_far(asked: Question, nearest: int | None) -> Iterator[Text]:
    if nearest is not None:
        yield _("the nearest version that can be reached is {version}", version=asked.graph.nodes[nearest].version)


def _from_where(asked: Question, leads: list[bool]) -> Iterator[Text]:
    """Where one would have to be; of no interest for a withdrawn goal, and below it for who wants to go down."""
    goal = asked.goal
    first = goal.index if asked.down else 0
    chosen = [lead and place >= first and place != goal.index for place, lead in enumerate(leads)]
    stretches = list(_stretches(asked.graph, chosen))
    if goal.withdrawn or (asked.down and not stretches):
        return
    if stretches:
        more = ["…"] if len(stretches) > _SHOWN else []
        yield _(
            "{goal} can be reached from {versions}", goal=goal.version, versions=", ".join(stretches[:_SHOWN] + more)
        )
    else:
        yield _("no upgrade leads to {goal}", goal=goal.version)


def _stretches(graph: Graph, chosen: list[bool]) -> Iterator[str]:
    """The chosen versions, the newest first; neighbours drawn together as `4.7.3 … 4.2`."""
    place = len(chosen) - 1
    while place >= 0:
        if chosen[place]:
            first = place
            while place > 0 and chosen[place - 1]:
                place -= 1
            ends = (graph.nodes[first].version, graph.nodes[place].version)
            yield ends[0] if first == place else (", " if first == place + 1 else " … ").join(ends)
        place -= 1


def _hint(asked: Question, nearest: int | None) -> Text:
    product = asked.graph.definition.product
    if nearest is not None:
        goal, world = asked.graph.nodes[nearest].version, asked.world
        edition = f" --edition {world.edition}" if world.edition else ""
        platform = f" --platform {world.platform}" if world.platform else ""
        return plain(f"smena path {product} {asked.start.version} {goal}{edition}{platform}")
    if asked.down:
        return _("smena rollback INSTANCE")
    return plain(f"smena product graph {product}")
