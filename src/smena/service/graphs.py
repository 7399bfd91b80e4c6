"""The version graph of a product, to search and to look at."""

from __future__ import annotations

from pathlib import Path

from smena.definition.graph import Graph
from smena.definition.show import FORMS, as_json, onward
from smena.service import products

__all__ = ["FORMS", "as_json", "graph_of", "onward"]


def graph_of(product: str, home: Path) -> Graph:
    """The versions of a product, in their order."""
    return Graph(products.definition(product, home))
