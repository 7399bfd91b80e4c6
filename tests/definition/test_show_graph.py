"""The graph drawn: the same hops as the search takes, and nothing in a name can break a picture."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smena.definition.graph import Graph
from smena.definition.show import LIMIT, as_dot, as_json, as_mermaid, as_text, onward
from smena.definition.when import World
from smena.errors import GraphTooLarge
from smena.text import speaking
from support.graphs import block, edge, pairs, product, release, risk

RANGES = st.sampled_from(["1", "2", "3", "4", "2..3", "..2", "3..", "*"])
EDGES = st.lists(st.builds(lambda a, b, down: edge(a, b, downgrade=down), RANGES, RANGES, st.booleans()), max_size=5)
BLOCKS = st.lists(st.builds(block, RANGES, RANGES), max_size=2)
ODD = 'a"b#c<d>&e\\f'


@given(EDGES, BLOCKS, st.booleans())
def test_what_is_drawn_is_what_is_allowed(edges: list[object], blocks: list[object], gone: bool) -> None:
    releases = [release("1"), release("2"), release("3", withdrawn="Bad." if gone else None), release("4")]
    graph = Graph(product(releases, edges, blocked=tuple(blocks)))  # type: ignore[arg-type]
    drawn = sorted((step.start, end, step.edge.from_, step.edge.to) for step in onward(graph) for end in step.ends)
    allowed = sorted((hop.start, hop.end, hop.edge.from_, hop.edge.to) for hop in pairs(graph, World()))
    assert drawn == allowed
    assert as_mermaid(graph).count("|") == 2 * len(drawn)
    assert as_dot(graph).count("->") == len(drawn)


def sample() -> Graph:
    releases = [
        release("1"),
        release("2"),
        release("3"),
        release("4"),
        release("5"),
        release("6", withdrawn="It loses files."),
    ]
    edges = [edge("1..4", "*", risks=("r", "s")), edge("5", "4", "back", downgrade=True, data="same")]
    return Graph(product(releases, edges, blocked=(block("1", "2"),), risks={"r": risk(), "s": risk()}))


def test_text_names_rows_by_their_ends() -> None:
    assert as_text(sample()) == (
        "1 → 3, 4, 5  (go; r, s)\n"
        "2 → 3, 4, 5  (go; r, s)\n"
        "3 → 4, 5  (go; r, s)\n"
        "4 → 5  (go; r, s)\n"
        "5 → 4  (back)\n"
        "1 ↛ 2  too-far: too-far.\n"
        "6 is withdrawn: It loses files.\n"
    )
    long = as_text(Graph(product(" ".join(map(str, range(1, 10))), [edge("1", "*")])))
    assert long == "1 → 2 … 9  (go)\n"


def test_json_speaks_the_language_of_who_asks() -> None:
    with speaking("ru"):
        shown = as_json(sample())
    assert shown["blocked"] == [{"from": "1", "to": "2", "name": "too-far", "why": "по-русски: too-far.", "url": None}]
    assert shown["upgrades"] == [
        {
            "from": start,
            "to": end,
            "procedure": procedure,
            "data": data,
            "risks": risks,
            "software": {},
            "licence": False,
            "downtime": downtime,
            "recommended": False,
            "downgrade": down,
            "editions": [],
            "platforms": [],
        }
        for start, end, procedure, data, risks, downtime, down in [
            ("1..4", "*", "go", "converted", ["r", "s"], "minutes", False),
            ("5", "4", "back", "same", [], "seconds", True),
        ]
    ]
    versions = shown["versions"]
    assert isinstance(versions, list)
    assert versions[-1] == {"version": "6", "recommended": False, "withdrawn": True}


def test_mermaid_escapes_what_would_end_a_label() -> None:
    lines = as_mermaid(Graph(product("1 2", [edge("1", "2", ODD)]))).splitlines()
    assert lines == ["flowchart LR", '  v0["1"]', '  v1["2"]', '  v0 ==>|"a#quot;b#35;c#lt;d#gt;#amp;e\\f"| v1']


def test_withdrawn_versions_are_marked_in_pictures() -> None:
    assert '  v5["6 (withdrawn)"]\n' in as_mermaid(sample())
    assert '  "6" [label="6 (withdrawn)"];\n' in as_dot(sample())


def test_dot_escapes_what_would_end_a_name() -> None:
    lines = as_dot(Graph(product("1 2", [edge("1", "2", ODD)]))).splitlines()
    assert lines[-2] == '  "1" -> "2" [label="a\\"b#c<d>&e\\\\f", style=bold];'


def test_a_picture_has_a_limit_and_the_text_has_none() -> None:
    graph = Graph(product(" ".join(map(str, range(1, 100))), [edge("*", "*")]))
    for draw in (as_mermaid, as_dot):
        with pytest.raises(GraphTooLarge, match=f"{LIMIT} are the limit"):
            draw(graph)
    assert as_text(graph).count("\n") == 98
