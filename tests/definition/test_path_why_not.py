"""Why there is no path: every reason by its name, how far one gets, and the one next command."""

from __future__ import annotations

import time

import pytest

from smena.definition.graph import Graph
from smena.definition.model import Definition
from smena.definition.path import find
from smena.definition.when import World
from smena.errors import NoPath
from support.graphs import block, edge, product, release


def refusal(definition: Definition, start: str, goal: str, world: World | None = None) -> tuple[list[str], str]:
    with pytest.raises(NoPath) as caught:
        find(Graph(definition), start, goal, world)
    assert caught.value.exit == 3
    return [str(why) for why in caught.value.why], str(caught.value.hint)


def test_a_missing_edge_and_the_nearest_version() -> None:
    why, hint = refusal(product("1 2 3 4", [edge("1", "2"), edge("3", "4")]), "1", "4")
    assert why == [
        "no upgrade from 2 towards 4 is described",
        "the nearest version that can be reached is 2",
        "4 can be reached from 3",
    ]
    assert hint == "smena path thing 1 2"


def test_nothing_leads_on_at_all() -> None:
    why, hint = refusal(product("1 2"), "1", "2")
    assert why == ["no upgrade from 1 towards 2 is described", "no upgrade leads to 2"]
    assert hint == "smena product graph thing"


def test_a_block_by_name_with_reason_and_link() -> None:
    blocks = (block("3.*", "4.7.*", url="https://example.org/far"), block("3.*", "4.*", "closed"))
    why, hint = refusal(product("3.5 4.7", [edge("3.*", "4.*")], blocked=blocks), "3.5", "4.7")
    assert why == [
        "3.5 → 4.7.* is blocked by “too-far”: too-far. (https://example.org/far)",
        "3.5 → 4.* is blocked by “closed”: closed.",
        "no upgrade leads to 4.7",
    ]
    assert hint == "smena product graph thing"


def test_a_block_that_stands_where_nothing_is_described_is_named_too() -> None:
    why, _hint = refusal(product("3.5 4.7", blocked=(block("3.*", "4.7.*"),)), "3.5", "4.7")
    assert why[0] == "3.5 → 4.7.* is blocked by “too-far”: too-far."


def test_a_block_whose_condition_does_not_hold_is_not_named() -> None:
    blocks = (block("1", "3", tests={"platform": ["windows"]}), block("2", "3", "other"))
    definition = product("1 2 3", [edge("1", "2"), edge("2", "3")], blocked=blocks)
    why, _hint = refusal(definition, "1", "3", World(platform="linux"))
    assert why[0] == "2 → 3 is blocked by “other”: other."
    assert "too-far" not in " ".join(why)


def test_every_dead_end_is_named_the_nearest_first() -> None:
    edges = [edge("1", "2..4"), edge("3", "5"), edge("4", "5", editions=("pro",))]
    definition = product("1 2 3 4 5 6", edges, blocked=(block("3", "5"),), editions=("team", "pro"))
    why, hint = refusal(definition, "1", "5", World(edition="team"))
    assert why == [
        "4 → 5 is only for pro",
        "3 → 5 is blocked by “too-far”: too-far.",
        "no upgrade from 2 towards 5 is described",
        "the nearest version that can be reached is 4",
        "no upgrade leads to 5",
    ]
    assert hint == "smena path thing 1 4 --edition team"


def test_an_edge_that_leads_only_past_the_goal() -> None:
    why, _hint = refusal(product("1 2 3", [edge("1", "3")]), "1", "2")
    assert why == ["from 1 upgrades lead only past 2: to 3", "no upgrade leads to 2"]


def test_a_withdrawn_stop() -> None:
    releases = [release("1"), release("2", withdrawn="It loses files."), release("3")]
    why, _hint = refusal(product(releases, [edge("1", "2"), edge("2", "3")]), "1", "3")
    assert why == ["2 is withdrawn: It loses files.", "3 can be reached from 2"]


def test_a_withdrawn_goal() -> None:
    releases = [release("1"), release("2"), release("3", withdrawn="It loses files.")]
    why, hint = refusal(product(releases, [edge("*", "*")]), "1", "3")
    assert why == ["3 is withdrawn: It loses files.", "the nearest version that can be reached is 2"]
    assert hint == "smena path thing 1 2"


def test_a_way_down_is_a_rollback() -> None:
    why, hint = refusal(product("3.5 4.7", [edge("*", "*")]), "4.7", "3.5")
    assert why == [
        "3.5 is older than 4.7, and upgrades only go up",
        "the way back is a rollback to a restore point",
    ]
    assert hint == "smena rollback INSTANCE"


def test_a_way_down_that_is_blocked_or_ends_half_way() -> None:
    edges = [edge("4", "2..3", downgrade=True), edge("2", "1", downgrade=True)]
    definition = product("1 2 3 4", edges, blocked=(block("2", "1", "never"),))
    why, hint = refusal(definition, "4", "1")
    assert why == [
        "1 is older than 4, and upgrades only go up",
        "the way back is a rollback to a restore point",
        "2 → 1 is blocked by “never”: never.",
        "the nearest version that can be reached is 2",
    ]
    assert hint == "smena path thing 4 2"


def test_long_lists_are_cut() -> None:
    versions = " ".join(f"1.{number}" for number in range(30))
    edges = [edge("1.0", f"1.{number}") for number in range(1, 20)] + [
        edge(f"1.{2 * n}", "1.29") for n in range(10, 14)
    ]
    why, _hint = refusal(product(versions, edges), "1.0", "1.29")
    assert why[:5] == [f"no upgrade from 1.{number} towards 1.29 is described" for number in (19, 18, 17, 16, 15)]
    assert why[5:] == [
        "14 more versions that can be reached lead no further",
        "the nearest version that can be reached is 1.19",
        "1.29 can be reached from 1.26, 1.24, 1.22, 1.20",
    ]


def test_neighbours_are_drawn_together() -> None:
    why, _hint = refusal(product("1 2 3 4 5 6 7 8", [edge("2..4", "8"), edge("6..7", "8")]), "1", "8")
    assert why[-1] == "8 can be reached from 7, 6, 4 … 2"


def test_a_refusal_over_thousands_of_versions_is_quick() -> None:
    versions = " ".join(f"{number}" for number in range(1, 3001))
    edges = [
        edge(f"{number}", f"{number + 1}..{number + 9}") for number in range(1, 3000) if number not in range(2000, 2010)
    ]
    graph = Graph(product(versions, edges))
    began = time.process_time()
    with pytest.raises(NoPath) as caught:
        find(graph, "1", "3000")
    assert time.process_time() - began < 5
    assert "the nearest version that can be reached is 2008" in " ".join(map(str, caught.value.why))
