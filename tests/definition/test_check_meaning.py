"""Every mistake is named with its place, its field, what is wrong and what would be right: `cases/mistakes.yaml`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec
import pytest
import yaml

from smena.definition.alphabets import mixed
from smena.definition.checks import AFTER, BEFORE, Confirm
from smena.definition.load import examine
from smena.definition.references import REFERS
from smena.definition.scalars import Id
from smena.definition.steps import KINDS

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "mistakes.yaml").read_text(encoding="utf-8"))

HEAD = "schema: 1\nproduct: demo\ntitle: {en: Demo, ru: Демо}\n"


def findings(text: str) -> list[tuple[str, str, int, str]]:
    found = examine((HEAD + text).encode(), "demo.yaml")
    assert [str(mistake.sentence()) for mistake in found.mistakes] == []
    return [(finding.name, finding.severity, finding.line, finding.field) for finding in found.findings]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_mistakes(case: dict[str, Any]) -> None:
    found = examine(case["definition"].encode(), "f")
    assert [str(mistake.sentence()) for mistake in found.mistakes] == ["f:" + says for says in case["says"]]
    assert (found.definition is None) == bool(case["says"])


def test_cases_have_names_of_their_own() -> None:
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names)) > 30


@pytest.mark.parametrize("kind", [*KINDS.values(), *BEFORE.values(), *AFTER.values()])
def test_every_name_in_a_step_or_check_refers_to_something(kind: type[msgspec.Struct]) -> None:
    """A new field of type `Id` must say what it refers to."""
    if kind is Confirm:
        return  # its name is new: people accept it
    fields = {field.encode_name for field in msgspec.structs.fields(kind) if _is_name(field.type)}
    assert fields == set(REFERS.get(kind, {}))


def _is_name(kind: object) -> bool:
    return kind is Id or (get_origin(kind) is tuple and Id in get_args(kind))


def test_a_path_of_two_alphabets_is_shown_with_the_character() -> None:
    text = "instance:\n  windows:\n    paths:\n      config: 'C:\\ProgramData\\сomindware\\Config'\n"
    found = examine((HEAD + text).encode(), "demo.yaml").findings
    assert [(finding.name, finding.line, finding.field) for finding in found] == [
        ("mixed-alphabets", 7, "instance.windows.paths.config")
    ]
    assert str(found[0].text) == (
        "“сomindware” mixes alphabets: U+0441 CYRILLIC SMALL LETTER ES at character 16; as it should be: comindware"
    )


def test_discovery_may_look_for_misspelt_folders() -> None:
    assert findings("instance: {windows: {paths: {}, discover: {files: ['C:/сomindware/{name}.yml']}}}\n") == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("/srv/comindware", None),
        ("/srv/Документы Word/файл.txt", None),
        ("/srv/отчёт-2024", None),
        ("/srv/${name}ка", None),
        ("/srv/кomindware", "кomindware"),
        ("/srv/базa", "базa"),
        ("/srv/αbc", "αbc"),
    ],
)
def test_alphabets_mix_only_within_a_word(text: str, word: str | None) -> None:
    found = mixed(text)
    assert (found.word if found else None) == word


def test_a_reference_that_one_platform_lacks_is_a_warning() -> None:
    text = """instance:
  linux: {paths: {data: /var/x}, services: [{name: server}]}
  windows: {paths: {}, services: [{name: server}]}
procedures:
  everywhere:
    - keep: {paths: [data]}
    - {keep: {paths: [data]}, when: {platform: linux}}
    - {keep: {paths: [data]}, when: {os-family: [debian, rpm]}}
    - owner: {paths: ['${paths.data}'], owner: root}
  linux-only:
    - keep: {paths: [data]}
upgrades:
  - {from: '1', to: '2', procedure: everywhere}
  - {from: '1', to: '2', procedure: linux-only, platforms: [linux]}
releases: [{version: '1'}, {version: '2'}]
"""
    missing = [finding for finding in findings(text) if finding[0].endswith("missing")]
    assert missing == [
        ("reference-missing", "warning", 9, "procedures.everywhere[0].keep.paths[0]"),
        ("lookup-missing", "warning", 12, "procedures.everywhere[3].owner.paths[0]"),
    ]


def test_families_that_lack_a_value_are_a_warning() -> None:
    text = "instance:\n  linux:\n    paths: {}\n    os-family: {debian: {owner: a, sites: b}, rpm: {owner: c}}\n"
    assert findings(text) == [("family-incomplete", "warning", 5, "instance.linux.os-family.rpm")]


def test_what_lists_of_products_show_stands_first() -> None:
    assert findings("room: 1 MB\nabout: {en: a, ru: б}\n") == [("head-scattered", "warning", 5, "about")]


def test_conditions_have_one_spelling_of_flags() -> None:
    text = "risks:\n  a: {why: {en: a, ru: б}, when: {fact.sso: yes, fact.old: [no, '!yes', 'yes'], edition: []}}\n"
    found = examine((HEAD + text.replace(", edition: []", "")).encode(), "demo.yaml").definition
    assert found
    risk = next(iter(found.risks.values()))
    assert risk.when.tests == {"fact.sso": ("true",), "fact.old": ("false", "!yes", "yes")}


def test_a_mistake_can_be_read_in_an_editor() -> None:
    """`file:line:column:` first, so that editors and terminals can jump there."""
    found = examine((HEAD + "rooom: 1 MB\n").encode(), "dir/my file.yaml").mistakes[0]
    assert re.match(r"dir/my file\.yaml:4:1: ", str(found.sentence()))
    assert (found.file, found.line, found.column, found.field, str(found.right)) == (
        "dir/my file.yaml",
        4,
        1,
        "rooom",
        "room",
    )


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 240 + ")" * 240,
        "[[",
        "x{9999999999}",
        "(?P<1>a)",
        "a**",
        "\\",
        "(?i",
        "\\8",
        "[a--b]",
        "(?<=a+)b",
        "a{2,1}",
    ],
)
def test_no_expression_breaks_the_reading(expression: str) -> None:
    """What Python can compile may stay, everything else is a mistake: nested ones, too, that exhaust its compiler."""
    text = HEAD + f"log-errors: [{json.dumps(expression)}]\n"
    found = examine(text.encode(), "demo.yaml")
    assert [mistake.field for mistake in found.mistakes] in ([], ["log-errors[0]"])


def test_a_long_chain_of_paths_is_no_mistake() -> None:
    """Chains are walked without recursion, and only what is written counts for the length."""
    chain = "".join(f"      p{number}: '${{paths.p{number + 1}}}/x'\n" for number in range(3000))
    assert findings(f"instance:\n  linux:\n    paths:\n{chain}      p3000: /srv\n") == []
