"""What makes one way better than another, as one whole number.

Each line decides only where those above it are equal; the better way has
1. fewer hops down,
2. fewer hops that are not recommended (or whose conditions cannot be judged),
3. fewer hops,
4. fewer hops in doubt,
5. fewer stops at releases that are not recommended,
6. fewer stops whose files are not at hand,
7. newer stops, compared from the goal backwards.
docs/adr/0011-path-in-version-order.md says why in this order.

Every line is a field of the number, wide enough for as many hops as there are versions; a
line that makes no difference in this graph gets no field, for small numbers are quicker. The
lowest field is the place from the newest of the version that a value belongs to.
"""

from __future__ import annotations

from smena.definition.graph import Graph
from smena.definition.model import Edge
from smena.definition.sweep import FAR


class Costs:
    """The weights for one graph."""

    def __init__(self, graph: Graph) -> None:
        edges, nodes = graph.definition.upgrades, graph.nodes
        self.bits = len(nodes).bit_length() + 1
        self._used = 1
        self._not_here = self._field(any(node.at_hand for node in nodes))
        self._not_advised = self._field(any(node.recommended for node in nodes))
        self._doubt = self._field(True)
        self._hop = self._field(True)
        self._plain = self._field(any(edge.recommended for edge in edges))
        self._down = self._field(any(edge.downgrade for edge in edges))
        last = len(nodes) - 1
        self.tolls = [
            FAR
            if node.withdrawn
            else (not node.recommended) * self._not_advised + (not node.at_hand) * self._not_here + last - node.index
            for node in nodes
        ]
        """What entering each version costs."""

    def price(self, edge: Edge, *, doubtful: bool = False) -> int:
        """What a hop by this edge costs."""
        plain = doubtful or not edge.recommended
        return self._hop + plain * self._plain + doubtful * self._doubt + edge.downgrade * self._down

    def _field(self, matters: bool) -> int:
        """The weight of the next field; 0 where it makes no difference."""
        if not matters:
            return 0
        weight = 1 << self.bits * self._used
        self._used += 1
        return weight
