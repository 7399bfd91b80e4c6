"""Edges that cannot be right by themselves or beside each other, judged by their ranges.

Ranges, not known versions: tomorrow's build falls into the same overlap. Which of two
edges that are equally good and offer the same hop is taken is not promised, so they should agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from smena.definition.finding import Finding
from smena.definition.graph import Graph
from smena.definition.hop import downtime
from smena.definition.model import Edge
from smena.definition.ranges import Versions, read_range
from smena.text import _


class _Drawn(NamedTuple):
    """An edge with its ranges read."""

    number: int
    edge: Edge
    starts: Versions
    ends: Versions


def look_at_edges(graph: Graph) -> Iterator[Finding]:
    """Edges that lead nowhere, and pairs that offer the same hop on different terms."""
    definition = graph.definition
    drawn = [
        _Drawn(number, edge, read_range(edge.from_, definition.versions), read_range(edge.to, definition.versions))
        for number, edge in enumerate(definition.upgrades)
    ]
    yield from (_not_up(one) for one in drawn if not _offers(one.starts, one.ends, one.edge))
    yield from _overlaps(drawn)


def _offers(starts: Versions, ends: Versions, edge: Edge) -> bool:
    """Whether there can be a hop in the edge's direction at all."""
    if starts.empty or ends.empty:
        return False
    low, high = (ends, starts) if edge.downgrade else (starts, ends)
    return (*low.intervals[0][0], 0) < high.intervals[-1][1]


def _not_up(drawn: _Drawn) -> Finding:
    edge = drawn.edge
    names = {"start": edge.from_, "end": edge.to}
    if edge.downgrade:
        text = _("{start} → {end} is marked as a downgrade, but does not lead down", **names)
    else:
        text = _("{start} → {end} does not lead up (a way down is marked with “downgrade: yes”)", **names)
    return Finding(name="edge-not-up", severity="mistake", text=text, line=edge.line, field=f"upgrades[{drawn.number}]")


def _overlaps(drawn: list[_Drawn]) -> Iterator[Finding]:
    """Each edge with the first one before it that it contradicts; only neighbours in the order are compared."""
    active: list[_Drawn] = []
    for one in sorted((one for one in drawn), key=lambda one: one.starts.intervals[0][0]):
        active = [other for other in active if other.starts.intervals[-1][1] > one.starts.intervals[0][0]]
        against = next((other for other in active if _terms(one, other) and _share(one, other)), None)
        active.append(one)
        if against is not None:
            earlier, later = sorted((one, against), key=lambda each: each.number)
            yield _overlap(earlier, later)


def _share(one: _Drawn, other: _Drawn) -> bool:
    """Whether both offer one hop to the same people."""
    edge, beside = one.edge, other.edge
    for_whom = ((edge.editions, beside.editions), (edge.platforms, beside.platforms))
    if edge.downgrade != beside.downgrade or any(a and b and not {*a} & {*b} for a, b in for_whom):
        return False
    return _offers(one.starts.meet(other.starts), one.ends.meet(other.ends), edge)


def _terms(one: _Drawn, other: _Drawn) -> list[str]:
    """The fields in which they differ. Beside the procedure none matters where one is recommended: it is taken."""
    edge, beside = one.edge, other.edge
    if edge.procedure == beside.procedure and edge.recommended != beside.recommended:
        return []
    pairs = {
        "procedure": (edge.procedure, beside.procedure),
        "data": (edge.data, beside.data),
        "risks": ({*edge.risks}, {*beside.risks}),
        "software": (edge.software, beside.software),
        "licence": (edge.licence, beside.licence),
        "downtime": (downtime(edge), downtime(beside)),
    }
    return [name for name, (mine, other_s) in pairs.items() if mine != other_s]


def _overlap(earlier: _Drawn, later: _Drawn) -> Finding:
    text = _(
        "{start} → {end} overlaps upgrades[{number}] ({other_start} → {other_end}), and they differ in {terms}",
        start=later.edge.from_,
        end=later.edge.to,
        number=earlier.number,
        other_start=earlier.edge.from_,
        other_end=earlier.edge.to,
        terms=", ".join(_terms(earlier, later)),
    )
    return Finding(
        name="overlap", severity="warning", text=text, line=later.edge.line, field=f"upgrades[{later.number}]"
    )
