"""One hop of a path, with everything it asks for; and the path that hops make."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from smena.definition.graph import Graph, Node
from smena.definition.model import Definition, Edge
from smena.definition.regions import touching
from smena.definition.scalars import Range
from smena.definition.values import Localized
from smena.definition.ways import Ticket, refusals
from smena.definition.when import Unknown, World, holds
from smena.text import Text


class RiskOn(msgspec.Struct, frozen=True, kw_only=True):
    """A risk of a hop, to be accepted by name."""

    name: str
    why: Localized
    url: str | None
    certain: bool
    """False: whether it applies cannot be judged yet."""


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """Software that a hop needs on the host."""

    name: str
    title: Localized | None
    versions: tuple[Range, ...]
    """Each of these ranges must have the version that is there."""
    out_of_support: bool


class Hop(msgspec.Struct, frozen=True, kw_only=True):
    """One direct upgrade."""

    from_: str
    to: str
    edge: Edge
    risks: tuple[RiskOn, ...] = ()
    software: tuple[Need, ...] = ()
    doubts: tuple[Text, ...] = ()
    """Why it does not count as recommended: conditions that cannot be judged yet."""
    unjudged: tuple[RiskOn, ...] = ()
    """Blocks that may refuse it, if what cannot be judged yet is so: to be accepted by name like a risk."""
    at_hand: bool = False
    """The files of `to` are there."""

    @property
    def procedure(self) -> str:
        return self.edge.procedure

    @property
    def recommended(self) -> bool:
        return self.edge.recommended and not self.doubts

    @property
    def downtime(self) -> str:
        return downtime(self.edge)

    def as_json(self) -> dict[str, object]:
        """Plain values for programs; sentences in the current language."""
        return {
            "from": self.from_,
            "to": self.to,
            "procedure": self.procedure,
            "risks": [risk.name for risk in self.risks],
            "reasons": {risk.name: str(risk.why) for risk in self.risks},
            "software": [_plain_need(need) for need in self.software],
            "licence": self.edge.licence,
            "data": self.edge.data,
            "downtime": self.downtime,
            "recommended": self.recommended,
            "doubts": [str(doubt) for doubt in self.doubts],
            "unjudged": [block.name for block in self.unjudged],
            "at-hand": self.at_hand,
            "note": str(self.edge.note) if self.edge.note else None,
        }


class Path(msgspec.Struct, frozen=True, kw_only=True):
    """From here to there; without hops it is there already."""

    product: str
    from_: str
    to: str
    hops: tuple[Hop, ...]

    @property
    def to_get(self) -> tuple[str, ...]:
        """The versions whose files are not at hand yet."""
        return tuple(hop.to for hop in self.hops if not hop.at_hand)

    def as_json(self) -> dict[str, object]:
        """The shape that programs are promised."""
        return {
            "product": self.product,
            "from": self.from_,
            "to": self.to,
            "hops": [hop.as_json() for hop in self.hops],
            "to-get": list(self.to_get),
        }


def make_hop(graph: Graph, start: Node, end: Node, ticket: Ticket, world: World) -> Hop:
    """The hop with the risks and the software that hold for these very two versions."""
    here = msgspec.structs.replace(world, from_=start.names, to=end.names)
    return Hop(
        from_=start.version,
        to=end.version,
        edge=ticket.edge,
        risks=tuple(_risks(graph.definition, ticket.edge, here)),
        software=tuple(_needs(graph.definition, ticket.edge, end)),
        doubts=ticket.doubts,
        unjudged=tuple(_unjudged(graph, start, end, here)),
        at_hand=end.at_hand,
    )


def downtime(edge: Edge) -> str:
    """The class of downtime: what the edge says, else what follows from its data."""
    return edge.downtime or ("seconds" if edge.data == "same" else "minutes")


def _risks(definition: Definition, edge: Edge, world: World) -> Iterator[RiskOn]:
    for name in edge.risks:
        risk = definition.risks[name]
        answer = holds(risk.when, world, definition.versions)
        if isinstance(answer, Unknown) or answer:
            yield RiskOn(name=name, why=risk.why, url=risk.url, certain=answer is True)


def _unjudged(graph: Graph, start: Node, end: Node, world: World) -> Iterator[RiskOn]:
    hop = (start.index, start.index + 1, end.index, end.index + 1)
    for block in graph.definition.blocked:
        unknown = isinstance(holds(block.when, world, graph.definition.versions), Unknown)
        if unknown and touching(hop, refusals(graph, block)):
            yield RiskOn(name=block.name, why=block.why, url=block.url, certain=False)


def _needs(definition: Definition, edge: Edge, end: Node) -> Iterator[Need]:
    """What the edge and the release it leads to ask for; where both name a software, both are right."""
    sources = [edge.software, end.release.software if end.release else {}]
    for name in dict.fromkeys(name for source in sources for name in source):
        known = definition.software.get(name)
        yield Need(
            name=name,
            title=known.title if known else None,
            versions=tuple(dict.fromkeys(source[name] for source in sources if name in source)),
            out_of_support=known is not None and known.out_of_support,
        )


def _plain_need(need: Need) -> dict[str, object]:
    return {
        "name": need.name,
        "title": str(need.title or need.name),
        "versions": list(need.versions),
        "out-of-support": need.out_of_support,
    }
