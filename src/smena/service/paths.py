"""How to get from one version to another. Asked without a host: what only a host can tell stays in doubt, in words."""

from __future__ import annotations

from pathlib import Path as Folder
from typing import TYPE_CHECKING

from smena.service.graphs import graph_of

if TYPE_CHECKING:
    from smena.definition.graph import Graph
    from smena.definition.hop import Path


def find(graph: Graph, from_: str, to: str, *, edition: str | None = None, platform: str | None = None) -> Path:
    """The best path; raises with every reason when there is none."""
    from smena.definition.path import find as find_path
    from smena.definition.when import World

    return find_path(graph, from_, to, World(edition=edition, platform=platform))


def versions(product: str, home: Folder) -> list[str]:
    """The versions that a definition knows, the newest first, for completion."""
    return [node.version for node in reversed(graph_of(product, home).nodes)]
