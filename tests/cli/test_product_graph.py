"""`smena product graph`: pictures that agree with the paths."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from smena.definition.path import find
from smena.definition.when import World
from smena.errors import NoPath
from smena.service import graphs, products

Smena = Callable[..., subprocess.CompletedProcess[str]]

ODD = """\
schema: 1
product: odd-server
title: {en: Odd, ru: Странный}
releases:
  - {version: '1'}
  - {version: '2', withdrawn: {en: It loses files., ru: Теряет файлы.}}
  - {version: '3'}
  - {version: '4'}
upgrades:
  - {from: '*', to: '*', procedure: go}
  - {from: '4', to: '3', procedure: back, downgrade: yes, data: same}
blocked:
  - {from: '1', to: '4', name: too-far, why: {en: Too "far" <away>., ru: Слишком далеко.}}
procedures:
  go: [{notice: {text: {en: Go., ru: Иди.}}}]
  back: [{notice: {text: {en: Back., ru: Назад.}}}]
"""


NOWHERE = Path("/nowhere")
PRODUCTS = [head.product for head in products.listed(NOWHERE)]


@pytest.fixture
def odd(tmp_path: Path) -> str:
    file = tmp_path / "odd.yaml"
    file.write_text(ODD, encoding="utf-8")
    return str(file)


def pairs(product: str) -> set[tuple[str, str]]:
    graph = graphs.graph_of(product, NOWHERE)
    return {
        (graph.nodes[step.start].version, graph.nodes[end].version)
        for step in graphs.onward(graph)
        for end in step.ends
    }


def test_withdrawn_blocked_and_downward(odd: str) -> None:
    assert pairs(odd) == {("1", "3"), ("2", "3"), ("2", "4"), ("3", "4"), ("4", "3")}


@pytest.mark.parametrize("product", PRODUCTS)
def test_every_hop_of_every_path_is_drawn(product: str) -> None:
    graph = graphs.graph_of(product, NOWHERE)
    drawn = pairs(product)
    editions: list[str | None] = [*graph.definition.editions] or [None]
    for start in graph.nodes:
        for goal in graph.nodes:
            for edition in editions:
                try:
                    path = find(graph, start.version, goal.version, World(edition=edition))
                except NoPath:
                    assert (start.version, goal.version) not in drawn
                    continue
                assert {(hop.from_, hop.to) for hop in path.hops} <= drawn


def test_text(smena: Smena, odd: str) -> None:
    done = smena("product", "graph", odd)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:2] == ["1 → 3  (go)", "2 → 3, 4  (go)"]
    assert "1 ↛ 4  too-far" in done.stdout


@pytest.mark.parametrize("arguments", [["--json"], ["--format", "json"]])
def test_json(smena: Smena, odd: str, arguments: list[str]) -> None:
    drawn = json.loads(smena("product", "graph", odd, *arguments).stdout)
    assert drawn["versions"][1] == {"version": "2", "recommended": False, "withdrawn": True}
    assert drawn["upgrades"][1]["downgrade"] is True
    assert drawn["blocked"][0]["name"] == "too-far"


def test_mermaid(smena: Smena, odd: str) -> None:
    lines = smena("product", "graph", odd, "--format", "mermaid").stdout.splitlines()
    assert lines[0] == "flowchart LR"
    assert all(re.fullmatch(r'  v\d+(\["[^"]*"\]| (==>|-->|-\.->)\|"[^"]*"\| v\d+)', line) for line in lines[1:])
    assert '  v3 -.->|"back"| v2' in lines


def test_dot(smena: Smena, odd: str, tmp_path: Path) -> None:
    source = smena("product", "graph", odd, "--format", "dot").stdout
    assert source.startswith('digraph "odd-server" {\n')
    assert '  "1" -> "3" [label="go", style=bold];\n' in source
    assert source.count("{") == source.count("}")
    if shutil.which("dot"):
        subprocess.run(["dot", "-Tsvg", "-o", str(tmp_path / "odd.svg")], input=source.encode(), check=True)


def test_a_picture_has_a_limit_and_the_text_has_none(smena: Smena, tmp_path: Path) -> None:
    releases = "".join(f"  - {{version: '1.{number}'}}\n" for number in range(100))
    head, _, tail = ODD.partition("releases:\n")
    large = tmp_path / "large.yaml"
    large.write_text(
        f"{head}releases:\n{releases}{tail[tail.index('upgrades:') :]}".replace("'4'", "'1.99'")
        .replace("'3'", "'1.98'")
        .replace("'1'", "'1.0'"),
        encoding="utf-8",
    )
    done = smena("product", "graph", str(large), "--format", "dot", "--json")
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (3, "graph-too-large")
    assert smena("product", "graph", str(large)).returncode == 0
