"""The version graph to look at: as text, as JSON, for Mermaid and for Graphviz.

What is drawn are the hops that the definition offers, without those that a block refuses
whatever the host is like. Editions, platforms and conditions are left to `smena path`.
Text and JSON name ranges and stay small; a picture shows single hops, so it has a limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from smena.errors import GraphTooLarge
from smena.service import products
from smena.text import _

if TYPE_CHECKING:
    from smena.definition.graph import Graph
    from smena.definition.model import Edge
    from smena.definition.regions import Region

LIMIT = 2000
"""Hops in a picture: more than this nobody can look at."""


class Onward(NamedTuple):
    """Where one edge leads from one version."""

    start: int
    edge: Edge
    ends: list[int]


def graph_of(product: str, home: Path) -> Graph:
    """The versions of a product, in their order."""
    from smena.definition.graph import Graph

    return Graph(products.definition(product, home))


def onward(graph: Graph) -> Iterator[Onward]:
    """For every version in order, and every edge that leaves it, the versions that may be entered."""
    drawn = [(edge, regions) for edge in graph.definition.upgrades if (regions := _regions(graph, edge))]
    for start in range(len(graph)):
        for edge, regions in drawn:
            ends = sorted({end for region in regions for end in _ends(region, start, down=edge.downgrade)})
            enterable = [end for end in ends if not graph.nodes[end].withdrawn]
            if enterable:
                yield Onward(start, edge, enterable)


def as_json(graph: Graph) -> dict[str, object]:
    """Versions, edges and blocks as the definition has them, for programs."""
    known = graph.definition
    return {
        "product": known.product,
        "versions": [
            {"version": node.version, "recommended": node.recommended, "withdrawn": node.withdrawn}
            for node in graph.nodes
        ],
        "upgrades": [
            {
                "from": edge.from_,
                "to": edge.to,
                "procedure": edge.procedure,
                "data": edge.data,
                "risks": list(edge.risks),
                "licence": edge.licence,
                "recommended": edge.recommended,
                "downgrade": edge.downgrade,
                "editions": list(edge.editions),
                "platforms": list(edge.platforms),
            }
            for edge in known.upgrades
        ],
        "blocked": [
            {"from": block.from_, "to": block.to, "name": block.name, "why": str(block.why), "url": block.url}
            for block in known.blocked
        ],
    }


def as_text(graph: Graph) -> str:
    """One line a version and edge: where it leads."""
    lines = [
        f"{graph.nodes[step.start].version} → {_named(graph, step.ends)}  ({step.edge.procedure})\n"
        for step in onward(graph)
    ]
    lines += [
        f"{block.from_} ↛ {block.to}  {block.name}: {block.why}\n"  # as the definition writes it
        for block in graph.definition.blocked
    ]
    return "".join(lines)


def as_mermaid(graph: Graph) -> str:
    lines = ["flowchart LR\n"]
    lines += [f'  v{node.index}["{_mermaid(node.version)}"]\n' for node in graph.nodes]
    for start, end, edge in _hops(graph):
        arrow = "-.->" if edge.downgrade else "==>" if edge.data == "converted" else "-->"
        lines.append(f'  v{start} {arrow}|"{_mermaid(edge.procedure)}"| v{end}\n')
    return "".join(lines)


def as_dot(graph: Graph) -> str:
    lines = [f"digraph {_dot(graph.definition.product)} {{\n  rankdir=LR;\n"]
    lines += [f"  {_dot(node.version)};\n" for node in graph.nodes]
    for start, end, edge in _hops(graph):
        style = "dashed" if edge.downgrade else "bold" if edge.data == "converted" else "solid"
        ends = f"{_dot(graph.nodes[start].version)} -> {_dot(graph.nodes[end].version)}"
        lines.append(f"  {ends} [label={_dot(edge.procedure)}, style={style}];\n")
    return "".join([*lines, "}\n"])


FORMS: dict[str, Callable[[Graph], str]] = {"text": as_text, "mermaid": as_mermaid, "dot": as_dot}


def _regions(graph: Graph, edge: Edge) -> list[Region]:
    from smena.definition.regions import minus
    from smena.definition.ways import offers, refusals

    blocks = [block for block in graph.definition.blocked if not block.when.tests]
    return minus(offers(graph, edge), [hole for block in blocks for hole in refusals(graph, block)])


def _ends(region: Region, start: int, *, down: bool) -> range:
    first, last, low, high = region
    if not first <= start < last:
        return range(0)
    return range(low, min(high, start)) if down else range(max(low, start + 1), high)


def _hops(graph: Graph) -> Iterator[tuple[int, int, Edge]]:
    """Single hops, one for each pair of versions and edge, up to the limit."""
    steps = list(onward(graph))
    count = sum(len(step.ends) for step in steps)
    if count > LIMIT:
        raise GraphTooLarge(
            _("cannot draw a picture of {count} hops; {limit} are the limit", count=count, limit=LIMIT),
            hint=_("--format text names ranges and has no limit"),
        )
    return ((step.start, end, step.edge) for step in steps for end in step.ends)


def _named(graph: Graph, ends: list[int]) -> str:
    """Versions by name; of a long unbroken row only the first and the last."""
    rows: list[list[int]] = []
    for end in ends:
        if rows and rows[-1][-1] == end - 1:
            rows[-1].append(end)
        else:
            rows.append([end])
    shown = []
    for row in rows:
        names = [graph.nodes[end].version for end in row]
        shown += names if len(names) <= 3 else [f"{names[0]} … {names[-1]}"]
    return ", ".join(shown)


def _mermaid(words: str) -> str:
    return words.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")


def _dot(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
