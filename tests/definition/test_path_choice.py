"""What a path is made of, and which of several is chosen: one case for each line of the order in costs.py."""

from __future__ import annotations

import pytest

from smena.definition.graph import Graph
from smena.definition.hop import Hop, Path
from smena.definition.model import Definition, Software
from smena.definition.path import find
from smena.definition.scalars import Range
from smena.definition.when import World
from smena.errors import EditionUnknown, NoPath, VersionUnknown
from smena.text import speaking
from support.graphs import block, edge, product, release, risk, said


def stops(graph: Graph | Definition, start: str, goal: str, world: World | None = None) -> list[str]:
    path = find(graph if isinstance(graph, Graph) else Graph(graph), start, goal, world)
    return [hop.to for hop in path.hops]


def only(path: Path) -> Hop:
    (hop,) = path.hops
    return hop


# --- which path ---------------------------------------------------------------


def test_fewest_hops() -> None:
    assert stops(product("1 2 3 4", [edge("*", "*")]), "1", "4") == ["4"]


def test_recommended_hops_before_fewest() -> None:
    edges = [edge("1", "4"), edge("1", "2", recommended=True), edge("2", "4", recommended=True)]
    assert stops(product("1 2 3 4", edges), "1", "4") == ["2", "4"]


def test_only_as_many_hops_that_are_not_recommended_as_must_be() -> None:
    edges = [edge("1", "2"), edge("2", "4"), edge("1", "3"), edge("3", "4", recommended=True)]
    assert stops(product("1 2 3 4", edges), "1", "4") == ["3", "4"]


def test_newest_stops_from_the_goal_backwards() -> None:
    edges = [edge("1.*", "2.*"), edge("2.*", "3.*"), edge("3.*", "4.0")]
    assert stops(product("1.0 2.0 2.1 3.0 3.1 4.0", edges), "1.0", "4.0") == ["2.1", "3.1", "4.0"]


def test_files_at_hand_before_newest_stops() -> None:
    definition = product("1.0 2.0 2.1 3.0", [edge("1.0", "2.*"), edge("2.*", "3.0")])
    assert stops(Graph(definition), "1.0", "3.0") == ["2.1", "3.0"]
    assert stops(Graph(definition, at_hand=("2.0",)), "1.0", "3.0") == ["2.0", "3.0"]
    path = find(Graph(definition, at_hand=("2.0",)), "1.0", "3.0")
    assert path.to_get == ("3.0",)


def test_fewest_hops_before_files_at_hand() -> None:
    definition = product("1 2 3 4", [edge("1", "2"), edge("2", "3"), edge("3", "4"), edge("1", "4")])
    assert stops(Graph(definition, at_hand=("2", "3")), "1", "4") == ["4"]


def test_recommended_releases_before_files_at_hand() -> None:
    releases = [release("1.0"), release("2.0", recommended=True), release("2.1"), release("3.0")]
    definition = product(releases, [edge("1.0", "2.*"), edge("2.*", "3.0")])
    assert stops(Graph(definition, at_hand=("2.1",)), "1.0", "3.0") == ["2.0", "3.0"]


def test_an_added_version_is_a_stop_like_any_other() -> None:
    definition = product("1.0 2.0 3.0", [edge("1.0", "2.*"), edge("2.*", "3.0")])
    assert stops(Graph(definition, at_hand=("2.0.7",)), "1.0", "3.0") == ["2.0.7", "3.0"]


def test_doubt_makes_the_other_way_better() -> None:
    edges = [edge("1", "2", risks=("r",)), edge("1", "3"), edge("2..3", "4")]
    definition = product("1 2 3 4", edges, risks={"r": risk({"fact.x": ["1"]})})
    assert stops(definition, "1", "4") == ["3", "4"]
    definition = product(
        "1 2 3 4", [edge("1", "3", risks=("r",)), edge("1", "2"), edge("2..3", "4")], risks=definition.risks
    )
    assert stops(definition, "1", "4") == ["2", "4"]
    assert stops(definition, "1", "4", World(facts={"x": "1"})) == ["3", "4"]


def test_a_doubtful_recommendation_counts_for_nothing() -> None:
    edges = [
        edge("1", "3", risks=("r",), recommended=True),
        edge("1", "2", recommended=True),
        edge("2", "3", recommended=True),
    ]
    definition = product("1 2 3", edges, risks={"r": risk({"fact.x": ["1"]})})
    assert stops(definition, "1", "3") == ["2", "3"]
    assert stops(definition, "1", "3", World(facts={"x": "0"})) == ["3"]


def test_a_way_down_is_taken_only_where_nothing_leads_up() -> None:
    edges = [edge("1", "4"), edge("4", "3", downgrade=True), edge("1", "2"), edge("2", "3")]
    assert stops(product("1 2 3 4", edges), "1", "3") == ["2", "3"]
    assert stops(product("1 2 3 4", edges[:2]), "1", "3") == ["4", "3"]


def test_a_downgrade_edge_leads_down_only() -> None:
    definition = product("1 2", [edge("*", "*", downgrade=True)])
    assert stops(definition, "2", "1") == ["1"]
    with pytest.raises(NoPath):
        find(Graph(definition), "1", "2")


# --- what refuses a hop ---------------------------------------------------------


def test_a_block_refuses_what_an_edge_allows() -> None:
    definition = product("3.5 4.2 4.7", [edge("*", "*")], blocked=(block("3.*", "4.7.*"),))
    assert stops(definition, "3.5", "4.7") == ["4.2", "4.7"]


def test_a_block_inside_a_line_of_updates() -> None:
    definition = product("6.0 6.1 6.2 6.3 6.4", [edge("6.*", "6.*")], blocked=(block("6.1..6.2", "6.3..6.4"),))
    assert stops(definition, "6.0", "6.4") == ["6.4"]
    assert stops(definition, "6.1", "6.2") == ["6.2"]
    with pytest.raises(NoPath):
        find(Graph(definition), "6.1", "6.4")


@pytest.mark.parametrize(("facts", "found"), [({"x": "1"}, ["2", "3"]), ({"x": "0"}, ["3"])])
def test_a_block_with_a_condition(facts: dict[str, str], found: list[str]) -> None:
    definition = product("1 2 3", [edge("*", "*")], blocked=(block("1", "3", tests={"fact.x": ["1"]}),))
    assert stops(definition, "1", "3", World(facts=facts)) == found


def test_a_block_that_nobody_can_judge_leaves_a_doubt() -> None:
    definition = product("1 3", [edge("*", "*", recommended=True)], blocked=(block("1", "3", tests={"fact.x": ["1"]}),))
    hop = only(find(Graph(definition), "1", "3"))
    assert not hop.recommended
    assert [str(doubt) for doubt in hop.doubts] == ["whether “too-far” refuses it depends on fact.x"]
    assert [(one.name, one.certain) for one in hop.unjudged] == [("too-far", False)]
    assert only(find(Graph(definition), "1", "3", World(facts={"x": "0"}))).unjudged == ()


def test_a_block_by_the_condition_of_versions() -> None:
    blocks = (block("*", "*", tests={"from": ["1.*", "!1.1"], "to": ["3"]}),)
    definition = product("1.0 1.1 2 3", [edge("*", "*")], blocked=blocks)
    assert stops(definition, "1.1", "3") == ["3"]
    assert stops(definition, "1.0", "3") == ["2", "3"]


def test_a_withdrawn_release_can_be_left_and_not_entered() -> None:
    definition = product(
        [release("1"), release("2", withdrawn="It loses files."), release("3")], [edge("1", "2"), edge("2", "3")]
    )
    assert stops(definition, "2", "3") == ["3"]
    with pytest.raises(NoPath, match="no path leads from 1 to 3"):
        find(Graph(definition), "1", "3")


def test_editions_and_platforms() -> None:
    edges = [edge("1", "2", "a", editions=("team",)), edge("1", "2", "b", editions=("pro",), platforms=("linux",))]
    graph = Graph(product("1 2", edges, editions=("team", "pro", "home")))
    assert only(find(graph, "1", "2", World(edition="team"))).procedure == "a"
    assert only(find(graph, "1", "2", World(edition="pro", platform="linux"))).procedure == "b"
    for world in (World(edition="home"), World(edition="pro", platform="windows")):
        with pytest.raises(NoPath):
            find(graph, "1", "2", world)
    doubts = only(find(graph, "1", "2")).doubts
    assert [str(doubt) for doubt in doubts] == ["only for the editions team, and the edition is not known"]


@pytest.mark.parametrize(("edition", "why"), [("taem", "did you mean team?"), ("x", "its editions are team, pro")])
def test_an_unknown_edition(edition: str, why: str) -> None:
    graph = Graph(product("1 2", [edge("1", "2")], editions=("team", "pro")))
    with pytest.raises(EditionUnknown) as caught:
        find(graph, "1", "2", World(edition=edition))
    assert [str(reason) for reason in caught.value.why] == [why]


def test_a_product_without_editions() -> None:
    with pytest.raises(EditionUnknown) as caught:
        find(Graph(product("1 2")), "1", "2", World(edition="team"))
    assert [str(reason) for reason in caught.value.why] == ["it is not sold in editions"]


# --- where it begins and ends ---------------------------------------------------


def test_nothing_to_do() -> None:
    graph = Graph(product([release("5.0", builds="5.0.*"), release("5.1")], [edge("*", "*")]))
    assert find(graph, "5.0", "5.0").hops == ()
    assert find(graph, "5.0.13334.0", "5.0").hops == ()


def test_a_measured_build_is_its_release_on_the_way() -> None:
    definition = product([release("4.7", builds="4.7.*"), release("5.0", builds="5.0.*")], [edge("4.7", "5.0")])
    graph = Graph(definition)
    assert stops(graph, "4.7.15000.0", "5.0") == ["5.0"]
    assert stops(graph, "4.7.15000.0", "5.0.13334.0") == ["5.0.13334.0"]
    with pytest.raises(VersionUnknown):
        find(graph, "4.6.1", "5.0")


def test_a_measured_build_that_no_release_knows_is_a_node_of_its_own() -> None:
    graph = Graph(product("4.2 5.0", [edge("4.*", "5.0")]), added=("4.5.77",))
    assert stops(graph, "4.5.77", "5.0") == ["5.0"]


# --- what a hop says ------------------------------------------------------------


def rich() -> Definition:
    software = {
        "java": Software(title=said("Java"), out_of_support=True),
        "net": Software(title=said(".NET")),
    }
    releases = [release("1"), release("2", software={"java": Range("17.0.5.."), "net": Range("6.*")})]
    edges = [
        edge(
            "1",
            "2",
            risks=("always", "never", "maybe"),
            software={"java": Range("17..")},
            licence=True,
            note=said("Mind the gap."),
        )
    ]
    risks = {"always": risk({"from": ["1"]}), "never": risk({"edition": ["pro"]}), "maybe": risk({"fact.x": ["1"]})}
    return product(releases, edges, software=software, risks=risks, editions=("team", "pro"))


def test_a_hop_says_all_that_it_asks_for() -> None:
    hop = only(find(Graph(rich()), "1", "2", World(edition="team")))
    assert [(one.name, one.certain) for one in hop.risks] == [("always", True), ("maybe", False)]
    assert [(need.name, need.versions, need.out_of_support) for need in hop.software] == [
        ("java", ("17..", "17.0.5.."), True),
        ("net", ("6.*",), False),
    ]
    assert (hop.edge.licence, hop.downtime, hop.at_hand) == (True, "minutes", False)
    assert [str(doubt) for doubt in hop.doubts] == ["whether the risk “maybe” applies depends on fact.x"]


def test_as_json_in_the_language_of_who_asks() -> None:
    path = find(Graph(rich()), "1", "2", World(edition="team", facts={"x": "0"}))
    with speaking("ru"):
        shown = path.as_json()
    assert shown == {
        "product": "thing",
        "from": "1",
        "to": "2",
        "hops": [
            {
                "from": "1",
                "to": "2",
                "procedure": "go",
                "risks": ["always"],
                "reasons": {"always": "по-русски: It is risky."},
                "software": [
                    {
                        "name": "java",
                        "title": "по-русски: Java",
                        "versions": ["17..", "17.0.5.."],
                        "out-of-support": True,
                    },
                    {"name": "net", "title": "по-русски: .NET", "versions": ["6.*"], "out-of-support": False},
                ],
                "licence": True,
                "data": "converted",
                "downtime": "minutes",
                "recommended": False,
                "doubts": [],
                "unjudged": [],
                "at-hand": False,
                "note": "по-русски: Mind the gap.",
            }
        ],
        "to-get": ["2"],
    }


@pytest.mark.parametrize(
    ("fields", "downtime"),
    [({}, "minutes"), ({"data": "same"}, "seconds"), ({"data": "same", "downtime": "hours"}, "hours")],
)
def test_the_class_of_downtime(fields: dict[str, str], downtime: str) -> None:
    assert only(find(Graph(product("1 2", [edge("1", "2", **fields)])), "1", "2")).downtime == downtime
