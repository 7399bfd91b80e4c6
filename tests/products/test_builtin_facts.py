"""docs/facts.md: every place that it names exists and says what is claimed; nothing stands without a row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from support.builtin import NAMES, raw

FACTS = Path(__file__).parents[2] / "docs" / "facts.md"
CODE = re.compile(r"`([^`]+)`")


class Row(NamedTuple):
    product: str
    sentence: str
    unchecked: bool
    places: tuple[str, ...]
    says: tuple[str, ...]


def rows() -> Iterator[Row]:
    product = ""
    for line in FACTS.read_text("utf-8").splitlines():
        if line.startswith("## "):
            product = line[3:]
        elif line.startswith("| ") and not line.startswith(("| sentence", "| ---")):
            sentence, unchecked, places, says = (cell.strip() for cell in line[1:-1].split("|"))
            yield Row(product, sentence, unchecked == "†", tuple(CODE.findall(places)), tuple(CODE.findall(says)))


def found(node: Any, place: str) -> list[Any]:
    """Everything that a place of the table means."""
    if not place:
        return [node]
    if place.startswith("["):
        pick, rest = place[1:].split("]", 1)
        items = [item for item in (node if isinstance(node, list) else ()) if picked(item, pick)]
        return [end for item in items for end in found(item, rest.removeprefix("."))]
    name = re.split(r"[.\[]", place, maxsplit=1)[0]
    if not isinstance(node, dict) or name not in node:
        return []
    return found(node[name], place[len(name) :].removeprefix("."))


def picked(item: Any, pick: str) -> bool:
    """`[kind]`: an entry that has this key; `[key=value]`: one whose field (of a field) says this."""
    name, equals, value = pick.partition("=")
    if not equals:
        return isinstance(item, dict) and name in item
    first, _dot, rest = name.partition(".")
    if rest and isinstance(item, dict) and first in item:
        return picked(item[first], f"{rest}={value}")
    return isinstance(item, dict) and item.get(name) == value


def texts(node: Any) -> Iterator[str]:
    """Every text in a node, its keys too."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)
    else:
        yield str(node)


ROWS = [row for row in rows() if row.product in NAMES]


def test_the_table_is_read() -> None:
    assert len(ROWS) > 100
    assert {row.product for row in ROWS} == set(NAMES)
    assert all(row.places for row in ROWS)


def test_a_place_that_is_not_there_is_found_out() -> None:
    definition = raw("loginom-server")
    assert found(definition, "procedures.move-to-7[carry].carry.include")
    assert not found(definition, "procedures.move-to-7[carry].carry.nothing")
    assert not found(definition, "procedures.move-to-8[carry]")
    assert not found(definition, "upgrades[to=8.*]")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.product}: {row.sentence[:60]}")
def test_every_place_exists_and_says_it(row: Row) -> None:
    nodes = {place: found(raw(row.product), place) for place in row.places}
    assert [place for place, ends in nodes.items() if not ends] == []
    written = [text for ends in nodes.values() for end in ends for text in texts(end)]
    assert [words for words in row.says if not any(words in text for text in written)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_risk_procedure_and_need_has_its_sentence(name: str) -> None:
    definition = raw(name)
    named = " ".join(f"{place} {' '.join(row.says)}" for row in ROWS if row.product == name for place in row.places)
    known = [
        *definition["risks"],
        *definition["procedures"],
        *definition.get("software", {}),
        *(block["name"] for block in definition.get("blocked", ())),
        *(service["name"] for service in definition.get("external", ())),
        *(check["confirm"]["name"] for check in definition["before"] if "confirm" in check),
        *definition.get("editions", {}),
    ]
    assert [word for word in known if word not in named] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_edge_has_its_sentence(name: str) -> None:
    definition = raw(name)
    places = [place for row in ROWS if row.product == name for place in row.places if place.startswith("upgrades[")]
    reached = [id(edge) for place in places for edge in found(definition, place.split("]")[0] + "]")]
    assert [edge for edge in definition["upgrades"] if id(edge) not in reached] == []
