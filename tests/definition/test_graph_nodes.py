"""Versions in their order: releases, what was added, builds and the releases that they belong to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smena.definition.graph import Graph
from smena.definition.ranges import matches
from smena.definition.resolve import find, knowing, resolve
from smena.errors import VersionUnknown
from support.graphs import product, release

CHAIN = product(
    [
        release("5.0", builds="5.0.*"),
        release("3.5"),
        release("4.2", builds="4.2.*"),
        release("4.7", builds="4.7.*"),
        release("4.7.2", builds="4.7.2.* | 4.7.15000..4.7.15999"),
        release("4.7.3", withdrawn="It loses files."),
    ]
)


def names(graph: Graph, text: str) -> list[str]:
    return [graph.nodes[index].version for low, high in graph.spans(text) for index in range(low, high)]


def test_versions_stand_in_order_whatever_the_order_they_are_written_in() -> None:
    assert [node.version for node in Graph(CHAIN).nodes] == ["3.5", "4.2", "4.7", "4.7.2", "4.7.3", "5.0"]
    assert [node.index for node in Graph(CHAIN).nodes] == list(range(6))


def test_a_build_stands_directly_above_its_release_whatever_its_numbers() -> None:
    graph = Graph(CHAIN, added=("4.7.15100.0", "5.0.13334.0", "6.1"))
    assert [node.version for node in graph.nodes] == (
        ["3.5", "4.2", "4.7", "4.7.2", "4.7.15100.0", "4.7.3", "5.0", "5.0.13334.0", "6.1"]
    )
    build, unknown = graph.nodes[4], graph.nodes[8]
    assert build.names == ("4.7.15100.0", "4.7.2")
    assert (unknown.release, unknown.names) == (None, ("6.1",))


def test_a_build_belongs_to_the_narrowest_range_of_builds() -> None:
    graph = Graph(CHAIN, added=("4.7.2.8", "4.7.9"))
    assert [node.names for node in graph.nodes if len(node.names) > 1] == [
        ("4.7.9", "4.7"),
        ("4.7.2.8", "4.7.2"),
    ]


def test_a_range_means_a_build_by_its_own_numbers_and_by_its_releases() -> None:
    graph = Graph(CHAIN, added=("4.7.15100.0",))
    assert names(graph, "4.7.2") == ["4.7.2", "4.7.15100.0"]
    assert names(graph, "4.7.15000..") == ["4.7.15100.0", "5.0"]
    assert names(graph, "3.*") == ["3.5"]
    assert names(graph, "6.*") == []
    assert names(graph, "*") == [node.version for node in graph.nodes]


def test_a_build_of_a_withdrawn_release_is_withdrawn() -> None:
    definition = product([release("1.0"), release("1.1", builds="1.1.*", withdrawn="It loses files.")])
    graph = Graph(definition, at_hand=("1.1.5",))
    assert [node.withdrawn for node in graph.nodes] == [False, True, True]


def test_files_at_hand_are_marked_however_the_version_is_written() -> None:
    graph = Graph(CHAIN, at_hand=("5.0.0", "4.2.7"))
    assert {node.version for node in graph.nodes if node.at_hand} == {"5.0", "4.2.7"}
    assert resolve(graph, "5.0.0").version == "5.0"


def test_releases_that_are_one_version_are_one_node() -> None:
    assert len(Graph(product("5.0 5.0.0 5.1"))) == 2


@given(
    releases=st.lists(st.sampled_from(["1.0", "1.5", "2.0", "2.1", "3.0"]), unique=True),
    added=st.lists(st.sampled_from(["0.9", "1.0.7", "1.5.9", "2.0.1", "2.99", "3.0.0", "4"]), unique=True),
    text=st.sampled_from(["1.0", "1.*", "1.0..2.0", "2..", "..2.0.*", "*", "1.5.* | 3.*", "2.0.1..2.5"]),
)
def test_spans_are_what_asking_every_version_gives(releases: list[str], added: list[str], text: str) -> None:
    definition = product([release(version, builds=f"{version}.* | {version}9..{version}99") for version in releases])
    graph = Graph(definition, added=added)
    asked = [node.version for node in graph.nodes if any(matches(name, text) for name in node.names)]
    assert names(graph, text) == asked


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["4.*"], ["4.2", "4.7", "4.7.2", "4.7.3"]),
        (["4.*", "!4.7.2.."], ["4.2", "4.7"]),
        (["!4.*"], ["3.5", "5.0"]),
        (["3.5", "5.0"], ["3.5", "5.0"]),
        (["4.2", "!*"], []),
    ],
)
def test_spans_of_a_conditions_texts(texts: list[str], found: list[str]) -> None:
    graph = Graph(CHAIN)
    spans = graph.spans_of_tests(texts)
    assert [graph.nodes[index].version for low, high in spans for index in range(low, high)] == found


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("4.7", "4.7"),
        ("4", "4.7.3"),
        ("4.*", "4.7.3"),
        ("5", "5.0"),
        ("5.0.0", "5.0"),
        ("4.7.2", "4.7.2"),
        ("3", "3.5"),
    ],
)
def test_the_exact_version_else_the_newest_with_that_prefix(text: str, version: str) -> None:
    assert resolve(Graph(CHAIN), text).version == version


def test_short_means_the_newest_even_where_it_equals_the_first() -> None:
    graph = Graph(product("7.0 7.1.0 7.1.2"))
    assert resolve(graph, "7").version == "7.1.2"
    assert resolve(graph, "7.0").version == "7.0"
    assert resolve(graph, "7.1").version == "7.1.2"


def test_who_is_about_to_enter_gets_no_withdrawn_version_by_a_prefix() -> None:
    graph = Graph(CHAIN)
    assert resolve(graph, "4", entering=True).version == "4.7.2"
    assert resolve(graph, "4.7.3", entering=True).version == "4.7.3"
    only = Graph(product([release("1.0", withdrawn="Old.")]))
    assert resolve(only, "1", entering=True).version == "1.0"


def test_versions_of_other_schemes_are_found_as_they_are_meant() -> None:
    graph = Graph(product("1.2.0-rc.1 1.2.0 1.3.0", versions="semver"))
    assert resolve(graph, "1.2").version == "1.2.0"
    assert resolve(graph, "1.3.0+build7").version == "1.3.0"
    graph = Graph(product("1.0rc1 1.0 1.0.post1", versions="pep440"))
    assert resolve(graph, "1.0-RC1").version == "1.0rc1"
    assert resolve(graph, "1").version == "1.0.post1"


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("4.5", "4.2, 4.7"),
        ("9.9", "5.0"),
        ("1.0", "3.5"),
        ("4.7.x", "4.7"),
        ("newest", "5.0"),
        ("4,7", "4.7"),
        ("", "5.0"),
    ],
)
def test_an_unknown_version_is_told_with_the_nearest(text: str, near: str) -> None:
    with pytest.raises(VersionUnknown) as caught:
        resolve(Graph(CHAIN), text)
    assert near in str(caught.value.why[0])
    assert str(caught.value.hint) == "smena product show thing"


def test_a_long_unknown_version_is_cut() -> None:
    with pytest.raises(VersionUnknown) as caught:
        resolve(Graph(CHAIN), "9" * 10_000)
    assert len(str(caught.value)) < 200


def test_no_version_at_all() -> None:
    with pytest.raises(VersionUnknown, match="no version 1"):
        resolve(Graph(product("")), "1")


def test_a_build_of_a_release_becomes_known_when_it_is_asked_for() -> None:
    graph = Graph(CHAIN)
    wider = knowing(graph, "5.0.13334.0", "4.7", "9.9", "x")
    assert [node.version for node in wider.nodes if node not in graph.nodes] == ["5.0.13334.0"]
    assert find(wider, "9.9") is None
    assert knowing(graph, "4.7", "9.9") is graph
