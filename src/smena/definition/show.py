"""The version graph to look at: as text, as JSON, for Mermaid and for Graphviz.

What is drawn are the hops that the definition offers, without those that a block refuses
whatever the host is like, and without those into withdrawn versions. Editions, platforms
and conditions are left to the path. Text and JSON name stretches and stay small; a picture
shows single hops, so it has a limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from smena.definition.graph import Graph, Node
from smena.definition.hop import downtime
from smena.definition.model import Edge
from smena.definition.regions import Region, Span, minus, spans_joined, spans_minus
from smena.definition.ways import offers, refusals
from smena.errors import GraphTooLarge
from smena.text import _

LIMIT = 2000
"""Hops in a picture: more than this nobody can look at."""


_MERMAID = {ord("#"): "#35;", ord("&"): "#amp;", ord('"'): "#quot;", ord("<"): "#lt;", ord(">"): "#gt;", ord("\n"): " "}


class Onward(NamedTuple):
    """Where one edge leads from one version."""

    start: int
    edge: Edge
    stretches: list[Span]

    @property
    def ends(self) -> Iterator[int]:
        return (end for low, high in self.stretches for end in range(low, high))


def onward(graph: Graph) -> Iterator[Onward]:
    """For every version in order, and every edge that leaves it, the versions that may be entered."""
    closed = [(node.index, node.index + 1) for node in graph.nodes if node.withdrawn]
    leaving: list[list[tuple[Edge, list[Span]]]] = [[] for _node in graph.nodes]
    for edge in graph.definition.upgrades:
        for start, spans in _starts(_regions(graph, edge), down=edge.downgrade).items():
            open_ = spans_minus(spans_joined(spans), closed)
            if open_:
                leaving[start].append((edge, open_))
    return (Onward(start, edge, spans) for start, edges in enumerate(leaving) for edge, spans in edges)


def as_json(graph: Graph) -> dict[str, object]:
    """Versions, edges and blocks as the definition has them, for programs; sentences in the current language."""
    known = graph.definition
    return {
        "product": known.product,
        "versions": [
            {"version": node.version, "recommended": node.recommended, "withdrawn": node.withdrawn}
            for node in graph.nodes
        ],
        "upgrades": [_plain_edge(edge) for edge in known.upgrades],
        "blocked": [
            {"from": block.from_, "to": block.to, "name": block.name, "why": str(block.why), "url": block.url}
            for block in known.blocked
        ],
    }


def as_text(graph: Graph) -> str:
    """One line for each version and edge, with the risks; then what is blocked, and what is withdrawn."""
    lines = [
        f"{graph.nodes[step.start].version} → {_named(graph, step.stretches)}  ({_terms(step.edge)})\n"
        for step in onward(graph)
    ]
    lines += [f"{one.from_} ↛ {one.to}  {one.name}: {one.why}\n" for one in graph.definition.blocked]
    withdrawn = [one for one in graph.definition.releases if one.withdrawn is not None]
    words = (_("{version} is withdrawn: {why}", version=one.version, why=one.withdrawn) for one in withdrawn)
    lines += [f"{one}\n" for one in words]
    return "".join(lines)


def as_mermaid(graph: Graph) -> str:
    """A flowchart: thick arrows convert data, dashed ones lead down."""
    lines = ["flowchart LR\n"]
    lines += [f'  v{node.index}["{_mermaid(_label(node))}"]\n' for node in graph.nodes]
    for start, end, edge in _hops(graph):
        arrow = "-.->" if edge.downgrade else "==>" if edge.data == "converted" else "-->"
        lines.append(f'  v{start} {arrow}|"{_mermaid(edge.procedure)}"| v{end}\n')
    return "".join(lines)


def as_dot(graph: Graph) -> str:
    """A directed graph: bold arrows convert data, dashed ones lead down."""
    lines = [f"digraph {_dot(graph.definition.product)} {{\n  rankdir=LR;\n"]
    lines += [f"  {_dot(node.version)} [label={_dot(_label(node))}];\n" for node in graph.nodes]
    for start, end, edge in _hops(graph):
        style = "dashed" if edge.downgrade else "bold" if edge.data == "converted" else "solid"
        ends = f"{_dot(graph.nodes[start].version)} -> {_dot(graph.nodes[end].version)}"
        lines.append(f"  {ends} [label={_dot(edge.procedure)}, style={style}];\n")
    return "".join([*lines, "}\n"])


FORMS: dict[str, Callable[[Graph], str]] = {"text": as_text, "mermaid": as_mermaid, "dot": as_dot}


def _regions(graph: Graph, edge: Edge) -> list[Region]:
    blocks = [block for block in graph.definition.blocked if not block.when.tests]
    return minus(offers(graph, edge), [hole for block in blocks for hole in refusals(graph, block)])


def _starts(regions: list[Region], *, down: bool) -> dict[int, list[Span]]:
    """The ends in the edge's direction, by version."""
    starts: dict[int, list[Span]] = {}
    for a, b, low, high in regions:
        for start in range(a, b):
            span = (low, min(high, start)) if down else (max(low, start + 1), high)
            if span[0] < span[1]:
                starts.setdefault(start, []).append(span)
    return starts


def _plain_edge(edge: Edge) -> dict[str, object]:
    return {
        "from": edge.from_,
        "to": edge.to,
        "procedure": edge.procedure,
        "data": edge.data,
        "risks": list(edge.risks),
        "software": dict(edge.software),
        "licence": edge.licence,
        "downtime": downtime(edge),
        "recommended": edge.recommended,
        "downgrade": edge.downgrade,
        "editions": list(edge.editions),
        "platforms": list(edge.platforms),
    }


def _hops(graph: Graph) -> Iterator[tuple[int, int, Edge]]:
    """Single hops, one for each pair of versions and edge, up to the limit."""
    steps = list(onward(graph))
    count = sum(high - low for step in steps for low, high in step.stretches)
    if count > LIMIT:
        raise GraphTooLarge(
            _("cannot draw a picture of {count} hops; {limit} are the limit", count=count, limit=LIMIT),
            hint=_("--format text names ranges and has no limit"),
        )
    return ((step.start, end, step.edge) for step in steps for end in step.ends)


def _named(graph: Graph, stretches: list[Span]) -> str:
    """Versions by name; of a long unbroken row only the first and the last."""
    shown: list[str] = []
    for low, high in stretches:
        names = [graph.nodes[end].version for end in (range(low, high) if high - low <= 3 else (low, high - 1))]
        shown += names if high - low <= 3 else [" … ".join(names)]
    return ", ".join(shown)


def _terms(edge: Edge) -> str:
    return "; ".join(filter(None, (edge.procedure, ", ".join(edge.risks))))


def _label(node: Node) -> str:
    return str(_("{version} (withdrawn)", version=node.version)) if node.withdrawn else node.version


def _mermaid(words: str) -> str:
    """Text between double quotes; Mermaid writes what would end it, and its own sign, as `#…;`."""
    return words.translate(_MERMAID)


def _dot(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
