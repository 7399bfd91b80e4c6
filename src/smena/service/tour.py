"""A walk past everything that smena knows: each product's graph, and the path from its oldest version to its newest."""

from __future__ import annotations

from pathlib import Path as Folder
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


def sights(home: Folder) -> list[Sight]:
    """All products whose definitions can be read."""
    return [_sight(head, home) for head in products.listed(home) if not head.broken]


def _sight(head: Head, home: Folder) -> Sight:
    graph = graphs.graph_of(head.product, home)
    return Sight(head, graph, find(graph, graph.nodes[0].version, graph.nodes[-1].version))
