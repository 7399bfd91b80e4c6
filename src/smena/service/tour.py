"""A walk past everything that smena knows: each product's graph, and the path from its oldest version to its newest."""

from __future__ import annotations

from typing import NamedTuple

from smena.definition.graph import Graph
from smena.definition.head import Head
from smena.definition.hop import Path
from smena.definition.path import find
from smena.service import graphs, products


class Sight(NamedTuple):
    """One product."""

    head: Head
    graph: Graph
    path: Path

    def as_json(self) -> dict[str, object]:
        return {"graph": graphs.as_json(self.graph), "path": self.path.as_json()}


def sights() -> list[Sight]:
    """All products."""
    return [_sight(head) for head in products.listed()]


def _sight(head: Head) -> Sight:
    graph = graphs.graph_of(head.product)
    return Sight(head, graph, find(graph, graph.nodes[0].version, graph.nodes[-1].version))
