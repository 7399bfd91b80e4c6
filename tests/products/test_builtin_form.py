"""The built-in definitions are without mistakes, small, and say everything in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from smena.definition.load import examine
from smena.definition.ranges import matches
from support.builtin import NAMES, builtin, file_of, raw

CYRILLIC = re.compile("[а-яё]", re.I)
QUOTED = re.compile("«[^»]*»")
SAME_IN_BOTH = re.compile(r"[\w .,()/-]+\Z", re.ASCII)
"""Names of products need no translation."""


def sentences(node: Any, place: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every {en, ru} of a file, and where it stands."""
    if isinstance(node, dict):
        if set(node) == {"en", "ru"}:
            yield place, node
        for key, value in node.items():
            yield from sentences(value, f"{place}.{key}")
    elif isinstance(node, list):
        for at, value in enumerate(node):
            yield from sentences(value, f"{place}[{at}]")


def test_the_three_products_are_there() -> None:
    assert NAMES == ["comindware-platform", "loginom-desktop", "loginom-server"]


@pytest.mark.parametrize("name", NAMES)
def test_no_mistake_and_no_finding(name: str) -> None:
    definition, mistakes, findings = examine(file_of(name).read_bytes(), name)
    assert [str(mistake.sentence()) for mistake in mistakes] == []
    assert [(finding.line, str(finding.text)) for finding in findings] == []
    assert definition is not None
    assert definition.product == name


@pytest.mark.parametrize("name", NAMES)
def test_small_enough_to_be_read_by_a_person(name: str) -> None:
    assert file_of(name).stat().st_size <= 60 * 1024


@pytest.mark.parametrize("name", NAMES)
def test_every_sentence_is_translated(name: str) -> None:
    for place, text in sentences(raw(name)):
        if ".support.subjects." in place:
            continue  # the vendor reads Russian: the mail has the same subject in both
        assert not CYRILLIC.search(QUOTED.sub("", text["en"])), place
        assert CYRILLIC.search(text["ru"]) or (text["en"] == text["ru"] and SAME_IN_BOTH.match(text["ru"])), place


@pytest.mark.parametrize("name", NAMES)
def test_reasons_and_orders_are_whole_sentences(name: str) -> None:
    for place, text in sentences(raw(name)):
        if place.endswith((".why", ".text", ".note", ".get", ".undo", ".about")):
            assert all(words.endswith(".") and words[0] == words[0].upper() for words in text.values()), place


@pytest.mark.parametrize("name", NAMES)
def test_every_release_is_one_of_its_own_builds(name: str) -> None:
    for release in builtin(name).releases:
        assert release.builds is not None
        assert matches(release.version, release.builds)


@pytest.mark.parametrize("name", NAMES)
def test_no_build_belongs_to_two_releases(name: str) -> None:
    releases = builtin(name).releases
    for build in ("3.5.0.1", "3.5.1075.9", "3.5.1100.0", "4.2.278.0", "4.7.1.5", "4.7.2.7", "4.7.9.0", "5.0.13334.0",
                  "6.0.3", "6.4.9", "6.5.0.2", "6.5.1", "6.5.7", "7.0.1", "7.1.0.44"):  # fmt: skip
        owners = [release.version for release in releases if matches(build, release.builds or "")]
        assert len(owners) <= 1, build


def test_a_measured_build_is_its_release() -> None:
    owners = {
        release.version: [build for build in ("3.5.1001.0", "3.5.1090.0", "4.2.278.0", "4.7.0.9", "5.0.13334.0")
                          if matches(build, release.builds or "")]
        for release in builtin("comindware-platform").releases
    }  # fmt: skip
    assert {version: found for version, found in owners.items() if found} == {
        "3.5": ["3.5.1001.0"],
        "3.5.1076": ["3.5.1090.0"],
        "4.2": ["4.2.278.0"],
        "4.7": ["4.7.0.9"],
        "5.0": ["5.0.13334.0"],
    }
