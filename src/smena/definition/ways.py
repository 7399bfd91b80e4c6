"""Which hops the definition allows in a given world, and what each costs.

The shape of the graph (the regions of its edges, without what blocks refuse) does not depend
on the world and is laid out once. Editions, platforms and conditions are looked at for
every question; where the answer is not known the hop stays allowed but counts as not
recommended, with the doubt in words.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from smena.definition.condition import Condition
from smena.definition.costs import Costs
from smena.definition.graph import Graph
from smena.definition.lanes import Lanes
from smena.definition.model import Block, Edge
from smena.definition.regions import Region, meet, minus, mirrored, product, touching
from smena.definition.sweep import FAR
from smena.definition.when import Unknown, World, holds, without_versions
from smena.text import Text, _

Lines = tuple[Lanes, Lanes]
"""What goes up, and what goes down (in mirrored order)."""


class Ticket(NamedTuple):
    """What a piece of the graph stands for: an edge, and what is doubtful about it."""

    edge: Edge
    doubts: tuple[Text, ...] = ()


class Shade(NamedTuple):
    """Hops that a condition refuses, or throws doubt on."""

    regions: list[Region]
    doubt: Text | None
    """None: it refuses them."""


class Open(NamedTuple):
    """Everything that is allowed in one world."""

    lines: Lines
    prices: list[int]
    """By ticket; FAR: not in this world."""
    tickets: list[Ticket]


class Ways:
    """The shape of a graph, laid out once; `open` asks it for a world."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.costs = Costs(graph)
        edges, blocks = graph.definition.upgrades, graph.definition.blocked
        refused = [hole for block in blocks if not block.when.tests for hole in refusals(graph, block)]
        self._depending = [(block, refusals(graph, block)) for block in blocks if block.when.tests]
        self._regions = [_without(offers(graph, edge), refused) for edge in edges]
        self._tickets = [Ticket(edge) for edge in edges]
        self._prices = [self.costs.price(edge) for edge in edges]
        self._asked = [number for number, edge in enumerate(edges) if self._depends(number, edge)]
        self._lines = Lanes(len(graph)), Lanes(len(graph))
        for number, regions in enumerate(self._regions):
            self._lay(self._lines, regions, number, edges[number])

    def open(self, world: World) -> Open:
        """What is allowed in this world."""
        answer = Open((Lanes(len(self.graph)), Lanes(len(self.graph))), self._prices.copy(), self._tickets.copy())
        blocks = [shade for pair in self._depending if (shade := self._block_shade(*pair, world))]
        risks = {
            name: shade
            for name, risk in self.graph.definition.risks.items()
            if (shade := self._risk_shade(name, risk.when, world))
        }
        for number in self._asked:
            shades = blocks + [risks[name] for name in self._tickets[number].edge.risks if name in risks]
            self._ask(answer, number, world, shades)
        up, down = self._lines
        return answer._replace(lines=(up.plus(answer.lines[0]), down.plus(answer.lines[1])))

    def _ask(self, answer: Open, number: int, world: World, shades: list[Shade]) -> None:
        """Give an edge its price in this world, and new tickets to those of its parts that differ from the whole."""
        edge, whole = self._tickets[number].edge, self._regions[number]
        answer.prices[number] = FAR
        general = misfits(edge, world)
        if general is None:
            return
        for regions, doubts in _parted([(whole, general)], shades):
            ticket, price = Ticket(edge, doubts), self.costs.price(edge, doubtful=bool(doubts))
            if regions == whole:
                answer.tickets[number], answer.prices[number] = ticket, price
            else:
                self._lay(answer.lines, regions, len(answer.tickets), edge)
                answer.tickets.append(ticket)
                answer.prices.append(price)

    def _depends(self, number: int, edge: Edge) -> bool:
        """Whether the world has a say in this edge."""
        risks = self.graph.definition.risks
        return bool(
            edge.editions
            or edge.platforms
            or any(risks[name].when.tests for name in edge.risks if name in risks)
            or any(touching(region, holes) for region in self._regions[number] for _block, holes in self._depending)
        )

    def _lay(self, lines: Lines, regions: list[Region], number: int, edge: Edge) -> None:
        up, down = lines
        for region in regions:
            if edge.downgrade:
                down.add(mirrored(region, len(self.graph)), number)
            else:
                up.add(region, number)

    def _block_shade(self, block: Block, holes: list[Region], world: World) -> Shade | None:
        answer = self._holds(block.when, world)
        if isinstance(answer, Unknown):
            names = ", ".join(answer.names)
            return Shade(holes, _("whether “{block}” refuses it depends on {names}", block=block.name, names=names))
        return Shade(holes, None) if answer else None

    def _risk_shade(self, name: str, when: Condition, world: World) -> Shade | None:
        """Only a risk that nobody can judge yet changes what is recommended; one that applies is accepted by name."""
        answer = self._holds(when, world)
        if not isinstance(answer, Unknown):
            return None
        doubt = _("whether the risk “{risk}” applies depends on {names}", risk=name, names=", ".join(answer.names))
        everywhere = [(0, len(self.graph), 0, len(self.graph))]
        return Shade(meet(everywhere, tested(self.graph, when)), doubt)

    def _holds(self, when: Condition, world: World) -> bool | Unknown:
        return holds(without_versions(when), world, self.graph.definition.versions)


@lru_cache(maxsize=4)
def ways(graph: Graph) -> Ways:
    """The shape of a graph; kept, because several questions are asked of one graph."""
    return Ways(graph)


def offers(graph: Graph, edge: Edge) -> list[Region]:
    """The hops that an edge means, in whatever direction."""
    return product(graph.spans(edge.from_), graph.spans(edge.to))


def refusals(graph: Graph, block: Block) -> list[Region]:
    """The hops that a block means, if its condition holds."""
    return meet(product(graph.spans(block.from_), graph.spans(block.to)), tested(graph, block.when))


def tested(graph: Graph, when: Condition) -> list[Region]:
    """The hops for which the tests of `from` and `to` hold."""
    anything = ((0, len(graph)),)
    starts, ends = (
        graph.spans_of_tests(when.tests[name]) if name in when.tests else anything for name in ("from", "to")
    )
    return product(starts, ends)


def misfits(edge: Edge, world: World) -> tuple[Text, ...] | None:
    """What is doubtful about an edge for this edition and platform; None: it is not for them."""
    doubts: list[Text] = []
    if edge.editions and world.edition is None:
        doubts.append(
            _("only for the editions {editions}, and the edition is not known", editions=", ".join(edge.editions))
        )
    elif edge.editions and world.edition not in edge.editions:
        return None
    if edge.platforms and world.platform is None:
        names = ", ".join(edge.platforms)
        doubts.append(_("only for {platforms}, and the platform is not known", platforms=names))
    elif edge.platforms and world.platform not in edge.platforms:
        return None
    return tuple(doubts)


def _without(regions: list[Region], holes: list[Region]) -> list[Region]:
    return [piece for region in regions for piece in minus([region], touching(region, holes))]


def _parted(
    cells: list[tuple[list[Region], tuple[Text, ...]]], shades: list[Shade]
) -> list[tuple[list[Region], tuple[Text, ...]]]:
    """The cells cut up by the shades: what is refused is gone, what is doubtful has its doubts."""
    for regions, doubt in shades:
        outside = [(minus(whole, regions), doubts) for whole, doubts in cells]
        inside = [(meet(whole, regions), (*doubts, doubt)) for whole, doubts in cells] if doubt else []
        cells = [cell for cell in outside + inside if cell[0]]
    return cells
