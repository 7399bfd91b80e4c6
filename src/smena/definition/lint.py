"""What a look at the graph as a whole finds: nothing of it stops a definition from being read,
but a vendor will want to know.

`dead-end`, `stranded`, `not-entered`: versions that people cannot leave, from which they never get
to the newest, or that nobody gets to. `cycle`, `edge-not-up`: ways that lead round or nowhere.
`overlap`: two edges that offer the same hop on different terms. `range-empty`: a range without a known
release. `licence-without-keys`, `keys-without-realm`: keys that the gate cannot ask, or could as well not.
`unused-risk`, `unused-procedure`, `unused-software`.
"""

from __future__ import annotations

from collections.abc import Iterator

from smena.definition.checks import SoftwareThere
from smena.definition.finding import Finding
from smena.definition.graph import Graph
from smena.definition.lint_edges import look_at_edges
from smena.definition.lint_keys import look_at_keys
from smena.definition.lint_ways import look_at_ways
from smena.definition.model import Block, Definition, Edge
from smena.text import _


def lint_graph(definition: Definition) -> list[Finding]:
    """Every finding; the definition has no mistakes (its ranges can be read, its names exist)."""
    graph = Graph(definition)
    keys = look_at_keys(definition)
    return [*look_at_ways(graph), *look_at_edges(graph), *_empty_ranges(graph), *_unused(definition), *keys]


def _empty_ranges(graph: Graph) -> Iterator[Finding]:
    definition = graph.definition
    all_of_them: list[tuple[str, Edge | Block]] = [
        *((f"upgrades[{number}]", edge) for number, edge in enumerate(definition.upgrades)),
        *((f"blocked[{number}]", block) for number, block in enumerate(definition.blocked)),
    ]
    for field, written in all_of_them:
        for end, text in (("from", written.from_), ("to", written.to)):
            if not graph.spans(text):
                what = _("no known release is in {range}", range=text)
                yield Finding(
                    name="range-empty", severity="warning", text=what, line=written.line, field=f"{field}.{end}"
                )


def _unused(definition: Definition) -> Iterator[Finding]:
    edges = definition.upgrades
    risks = {name for edge in edges for name in edge.risks}
    for name, risk in definition.risks.items():
        if name not in risks:
            text = _("no upgrade has the risk {name}", name=name)
            yield Finding(name="unused-risk", severity="warning", text=text, line=risk.line, field=f"risks.{name}")
    procedures = {edge.procedure for edge in edges}
    for name, steps in definition.procedures.items():
        if name not in procedures:
            text = _("no upgrade uses the procedure {name}", name=name)
            line = steps[0].line if steps else 0
            yield Finding(name="unused-procedure", severity="warning", text=text, line=line, field=f"procedures.{name}")
    needed = set(_software(definition))
    for name, software in definition.software.items():
        if name not in needed:
            text = _("nothing needs the software {name}", name=name)
            yield Finding(
                name="unused-software", severity="warning", text=text, line=software.line, field=f"software.{name}"
            )


def _software(definition: Definition) -> Iterator[str]:
    """Everything that an edge, a release or a check asks for."""
    yield from (name for edge in definition.upgrades for name in edge.software)
    yield from (name for release in definition.releases for name in release.software)
    for check in definition.before:
        if isinstance(check.question, SoftwareThere):
            yield check.question.name
