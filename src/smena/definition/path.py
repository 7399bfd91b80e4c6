"""The best chain of hops from one version to another.

What "best" means is said in `costs.py`, how it is found in `sweep.py`. What the conditions
need to know of an instance comes in as a `World`; where nobody has looked at a host yet, they
are in doubt, and the path says so hop by hop.
"""

from __future__ import annotations

import difflib

from smena.definition.graph import Graph, Node
from smena.definition.hop import Path, make_hop
from smena.definition.model import Definition
from smena.definition.resolve import knowing, resolve
from smena.definition.sweep import FAR, Board, search
from smena.definition.ways import ways
from smena.definition.when import World
from smena.definition.why import no_path
from smena.errors import EditionUnknown
from smena.text import Text, _, plain


def find(graph: Graph, from_: str, to: str, world: World | None = None) -> Path:
    """The best path; raises VersionUnknown, EditionUnknown, or NoPath with every reason."""
    world = world or World()
    judge_edition(graph.definition, world.edition)
    graph = knowing(graph, from_, to)
    start, goal = resolve(graph, from_), resolve(graph, to, entering=True)
    product = graph.definition.product
    if _is_there(start, goal):
        return Path(product=product, from_=start.version, to=goal.version, hops=())
    shape = ways(graph)
    allowed = shape.open(world)
    board = Board(shape.costs.tolls, shape.costs.bits)
    search(allowed.lines, allowed.prices, board, start.index, goal.index)
    if board.values[goal.index] >= FAR:
        raise no_path(graph, start, goal, world)
    hops = tuple(
        make_hop(graph, graph.nodes[before], graph.nodes[after], allowed.tickets[ticket], world)
        for before, after, ticket in board.way(goal.index)
    )
    return Path(product=product, from_=start.version, to=goal.version, hops=hops)


def judge_edition(definition: Definition, edition: str | None) -> None:
    """Refuse an edition that the product is not sold in."""
    if edition is None or edition in definition.editions:
        return
    names = list(definition.editions)
    close = difflib.get_close_matches(edition[:64], names, n=1)
    why: Text = _("it is not sold in editions")
    if close:
        why = _("did you mean {edition}?", edition=close[0])
    elif names:
        why = _("its editions are {editions}", editions=", ".join(names))
    raise EditionUnknown(
        _("{product} has no edition {edition}", product=definition.product, edition=edition[:64]),
        why=[why],
        hint=plain(f"smena product show {definition.product}"),
    )


def _is_there(start: Node, goal: Node) -> bool:
    """A build is its release: who runs 5.0.13334.0 and wants 5.0 has it."""
    return start is goal or (start.release is not None and start.release.version == goal.version)
