"""How to get from one version to another. Asked without a host: what only a host can tell stays in doubt, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smena.service import products

if TYPE_CHECKING:
    from smena.definition.hop import Path


def find(product: str, from_: str, to: str, *, edition: str | None = None, platform: str | None = None) -> Path:
    """The best path; raises with every reason when there is none."""
    from smena.definition.graph import Graph
    from smena.definition.path import find as find_path
    from smena.definition.when import World

    graph = Graph(products.definition(product))
    return find_path(graph, from_, to, World(edition=edition, platform=platform))


def versions(product: str) -> list[str]:
    """The versions that a definition knows, the newest first, for completion."""
    from smena.definition.graph import Graph

    return [node.version for node in reversed(Graph(products.definition(product)).nodes)]
