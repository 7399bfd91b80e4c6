"""What a person means by a version: the exact one, else the newest with that prefix.

The exact name is compared as text: `7` is the newest 7.x even though `7` and `7.0` are
one version, for that is what somebody means who writes `7`.
"""

from __future__ import annotations

import difflib
from bisect import bisect_left

from smena.definition.graph import Graph, Node, newest_first
from smena.definition.versions import Unreadable, bounds
from smena.errors import VersionUnknown
from smena.text import Text, _, plain

_SEARCHED = 1000
"""So many names are compared with a misspelt one."""
_SHOWN = 64


def resolve(graph: Graph, text: str, *, entering: bool = False) -> Node:
    """The version that is meant; raises VersionUnknown with the nearest names.

    Who is about to enter it gets a withdrawn one only by its full name, or where there is no other.
    """
    found = find(graph, text, entering=entering)
    if found is None:
        raise _unknown(graph, text)
    return found


def find(graph: Graph, text: str, *, entering: bool = False) -> Node | None:
    """Like `resolve`, with None for an unknown version."""
    exact = graph.called(text)
    if exact is not None:
        return exact
    newest = _newest(graph, text.removesuffix(".*"), entering=entering)
    if newest is not None:
        return newest
    try:
        return graph.equal_to(graph.key(text))
    except Unreadable:
        return None


def knowing(graph: Graph, *texts: str) -> Graph:
    """A graph that also knows these versions, if they are builds of its releases; else this very one."""
    more = [text for text in texts if find(graph, text) is None and _is_build(graph, text)]
    return Graph(graph.definition, (*graph.added, *more), graph.at_hand) if more else graph


def _newest(graph: Graph, prefix: str, *, entering: bool) -> Node | None:
    try:
        spans = graph.within([bounds(prefix, graph.definition.versions)])
    except Unreadable:
        return None
    enterable = (i for i in newest_first(spans) if not (entering and graph.nodes[i].withdrawn))
    index = next(enterable, next(iter(newest_first(spans)), None))
    return None if index is None else graph.nodes[index]


def _is_build(graph: Graph, text: str) -> bool:
    try:
        return graph.release_of(graph.key(text)) is not None
    except Unreadable:
        return False


def _unknown(graph: Graph, text: str) -> VersionUnknown:
    product = graph.definition.product
    if graph.nodes:
        why: Text = _("the nearest known versions are {versions}", versions=", ".join(_nearest(graph, text)))
    else:
        why = _("no version of it is known at all")
    return VersionUnknown(
        _("{product} has no version {version}", product=product, version=text[:_SHOWN]),
        why=[why],
        hint=plain(f"smena product show {product}"),
    )


def _nearest(graph: Graph, text: str) -> list[str]:
    """Its neighbours in the order; for what is no version at all, the names most like it."""
    try:
        place = bisect_left(graph.keys, graph.key(text))
    except Unreadable:
        names = [node.version for node in graph.nodes[-_SEARCHED:]]
        return difflib.get_close_matches(text[:_SHOWN], names, cutoff=0.4) or names[-3:]
    return [node.version for node in graph.nodes[max(0, place - 1) : place + 1]]
