"""The linter: each finding where it belongs, and none where all is well."""

from __future__ import annotations

import pytest

from smena.definition.checks import BeforeCheck, SoftwareThere
from smena.definition.finding import Finding
from smena.definition.lint import lint_graph
from smena.definition.model import Definition, InstanceSpec, Keys, PlatformSpec, Software
from smena.definition.scalars import Id, Range
from support.builtin import NAMES, builtin
from support.graphs import block, edge, product, release, risk, said


def found(definition: Definition, *names: str) -> list[tuple[str, str, str]]:
    """Name, field and words of the findings with these names, of all when none is given."""
    findings = lint_graph(definition)
    return [(one.name, one.field, str(one.text)) for one in findings if not names or one.name in names]


def test_a_good_graph_has_no_findings() -> None:
    edges = [edge("1.*", "1.*", "update", data="same"), edge("1.*", "2.*"), edge("2.*", "2.*", "update", data="same")]
    assert found(product("1.0 1.1 2.0 2.1", edges)) == []
    assert found(product("")) == []
    assert found(product("1")) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_built_in_products_have_no_findings(name: str) -> None:
    assert found(builtin(name)) == []


def test_a_dead_end() -> None:
    definition = product("1 2 3", [edge("1", "2..3")])
    assert found(definition) == [("dead-end", "releases[1]", "no upgrade leads on from 2")]


def test_what_only_the_newest_may_be() -> None:
    releases = [release("1"), release("2"), release("3", withdrawn="It loses files.")]
    assert found(product(releases, [edge("1", "2")]), "dead-end") == [
        ("dead-end", "releases[2]", "no upgrade leads on from 3")
    ]
    assert found(product(releases, [edge("1", "2"), edge("3", "2", downgrade=True)]), "dead-end", "stranded") == []


def test_stranded() -> None:
    definition = product("1 2 3 4", [edge("1", "2"), edge("2", "3", editions=()), edge("1", "4")])
    assert found(definition) == [
        ("dead-end", "releases[2]", "no upgrade leads on from 3"),
        ("stranded", "releases[1]", "upgrades from 2 never lead to 4"),
    ]


def test_for_some_editions_only() -> None:
    edges = [edge("1", "2", editions=("team",)), edge("2", "3"), edge("1", "3", platforms=("windows",))]
    definition = product(
        "1 2 3",
        edges,
        editions=("team", "pro"),
        instance=InstanceSpec(linux=PlatformSpec(paths={}), windows=PlatformSpec(paths={})),
    )
    assert found(definition, "dead-end", "not-entered") == [
        ("dead-end", "releases[0]", "no upgrade leads on from 1 (only pro/linux)"),
        ("not-entered", "releases[1]", "no upgrade leads to 2 (only pro/linux, pro/windows)"),
    ]


def test_a_version_that_nobody_gets_to() -> None:
    releases = [release("1"), release("2"), release("3", withdrawn="It loses files."), release("4")]
    assert found(product(releases, [edge("1..3", "4")])) == [("not-entered", "releases[1]", "no upgrade leads to 2")]


def test_a_block_may_strand_people() -> None:
    definition = product("1 2", [edge("*", "*")], blocked=(block("1", "2"),))
    assert [name for name, _field, _text in found(definition)] == ["dead-end", "not-entered"]
    maybe = product("1 2", [edge("*", "*")], blocked=(block("1", "2", tests={"fact.x": ["1"]}),))
    assert found(maybe) == []


def test_a_circle() -> None:
    edges = [edge("1", "2"), edge("2", "3"), edge("3", "1", downgrade=True)]
    assert found(product("1 2 3", edges)) == [
        ("cycle", "upgrades[2]", "3 → 1 leads down, and upgrades lead up again: a circle")
    ]
    assert found(product("1 2 3", [edge("*", "*"), edge("*", "*", downgrade=True)]), "cycle") == [
        ("cycle", "upgrades[1]", "* → * leads down, and upgrades lead up again: a circle")
    ]


def test_a_way_down_that_is_no_circle() -> None:
    edges = [edge("1", "3"), edge("3", "2", downgrade=True)]
    assert found(product("1 2 3", edges), "cycle") == []
    releases = [release("1", withdrawn="Old."), release("2"), release("3")]
    assert found(product(releases, [edge("1", "3"), edge("3", "1", downgrade=True)]), "cycle") == []


def test_a_circle_of_two_editions_is_none() -> None:
    edges = [edge("1", "2", editions=("team",)), edge("2", "1", downgrade=True, editions=("pro",))]
    assert found(product("1 2", edges, editions=("team", "pro")), "cycle") == []


@pytest.mark.parametrize(
    ("start", "end", "down", "fine"),
    [
        ("4.2", "4.7", False, True),
        ("5.0.*", "5.0.*", False, True),
        ("4.2", "4.2", False, False),
        ("4.7", "4.2", False, False),
        ("5.0.*", "4.7.*", False, False),
        ("4.7", "4.2", True, True),
        ("5.0.*", "5.0.*", True, True),
        ("4.2", "4.7", True, False),
        ("*", "..4.2", False, True),
    ],
)
def test_an_edge_must_lead_its_way(start: str, end: str, down: bool, fine: bool) -> None:
    findings = lint_graph(product("4.2 4.7 5.0", [edge(start, end, downgrade=down, line=7)]))
    wrong = [one for one in findings if one.name == "edge-not-up"]
    assert (wrong == []) == fine
    assert all((one.severity, one.field, one.line) == ("mistake", "upgrades[0]", 7) for one in wrong)


def overlaps(*edges: object, **more: object) -> list[str]:
    definition = product("1.0 2.0 3.0", list(edges), **more)  # type: ignore[arg-type]
    return [text for _name, _field, text in found(definition, "overlap")]


def test_edges_that_overlap_with_different_procedures() -> None:
    assert overlaps(edge("1.*", "2.*", "a"), edge("1.0..2.0", "2.0..3.0", "b")) == [
        "1.0..2.0 → 2.0..3.0 overlaps upgrades[0] (1.* → 2.*), and they differ in procedure"
    ]
    assert overlaps(edge("1.*", "2.*", "a"), edge("1.5", "2.7", "b")) != []
    assert overlaps(edge("1.*", "2.*", "a", recommended=True), edge("1.0", "2.0", "b")) != []
    assert overlaps(edge("*", "*", "a"), edge("*", "*", "b"), edge("*", "*", "c")) != []


def test_edges_that_overlap_on_different_terms() -> None:
    known = {"r": risk()}
    assert overlaps(edge("1.*", "2.*", data="same"), edge("1.0", "2.0", risks=("r",), licence=True), risks=known) == [
        "1.0 → 2.0 overlaps upgrades[0] (1.* → 2.*), and they differ in data, risks, licence, downtime"
    ]
    assert overlaps(edge("1.*", "2.*"), edge("1.0", "2.0", risks=("r",), recommended=True), risks=known) == []


def test_edges_that_do_not_overlap() -> None:
    assert overlaps(edge("1.*", "2.*", "a"), edge("2.*", "3.*", "b")) == []
    assert overlaps(edge("1.*", "2.*", "a"), edge("1.*", "3.*", "b")) == []
    assert overlaps(edge("1.*", "2.*", "a"), edge("1.*", "2.*", "a")) == []
    assert overlaps(edge("1.*", "2.*", "a", editions=("x",)), edge("1.*", "2.*", "b", editions=("y",))) == []
    assert overlaps(edge("1.*", "2.*", "a", platforms=("linux",)), edge("*", "*", "b", platforms=("windows",))) == []
    assert overlaps(edge("1..2", "1..2", "a"), edge("2..3", "1..2", "b", downgrade=True)) == []
    assert overlaps(edge("1..2", "2", "a"), edge("2..3", "2..3", "b")) == []


def test_ranges_without_a_known_release() -> None:
    definition = product("1 2", [edge("1", "2"), edge("0.*", "2")], blocked=(block("1", "9.."),))
    assert found(definition) == [
        ("range-empty", "upgrades[1].from", "no known release is in 0.*"),
        ("range-empty", "blocked[0].to", "no known release is in 9.."),
    ]


def test_what_nothing_uses() -> None:
    software = {
        Id(name): Software(title=said(name), line=5) for name in ("by-edge", "by-release", "by-check", "by-none")
    }
    definition = product(
        [release("1"), release("2", software={"by-release": Range("1")})],
        [edge("1", "2", risks=("used",), software={"by-edge": Range("1")})],
        risks={"used": risk(), "idle": risk()},
        procedures={"go": (), "stay": ()},
        software=software,
        before=(BeforeCheck(kind="software", question=SoftwareThere(name=Id("by-check"))),),
    )
    assert found(definition) == [
        ("unused-risk", "risks.idle", "no upgrade has the risk idle"),
        ("unused-procedure", "procedures.stay", "no upgrade uses the procedure stay"),
        ("unused-software", "software.by-none", "nothing needs the software by-none"),
    ]
    (last,) = (one for one in lint_graph(definition) if one.name == "unused-software")
    assert last == Finding(name=last.name, severity="warning", text=last.text, line=5, field="software.by-none")


def test_licence_keys_of_which_nothing_is_said() -> None:
    edges = [edge("1", "2", licence=True), edge("2", "3")]
    words = "1 → 2 needs new licence keys, but there is no “keys”"
    assert found(product("1 2 3", edges)) == [("licence-without-keys", "upgrades[0].licence", words)]
    assert found(product("1 2 3", edges, keys=Keys(kinds=("own",)))) == []


def test_keys_of_which_it_is_not_said_whose() -> None:
    keys = Keys(kinds=("guardant", "software"))
    assert found(product("1", keys=keys)) == [
        ("keys-without-realm", "keys", "no “realm”: licences of any vendor count")
    ]
    assert found(product("1", keys=Keys(kinds=("guardant", "own")))) == []
    assert found(product("1", keys=Keys(kinds=("software",), realm="00"))) == []
    assert found(product("1", keys=keys, demo=True)) == []
