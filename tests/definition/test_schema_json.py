"""The JSON Schema for editors says of a file what the reader says of its form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from smena.definition.checks import AFTER, BEFORE
from smena.definition.model import Edge
from smena.definition.schema import field_docs, json_schema
from smena.definition.steps import KINDS
from smena.intake.folder import built_in

HERE = Path(__file__).parent
HEAD = "schema: 1\nproduct: demo\ntitle: {en: Demo, ru: Демо}\n"
CASES = {case["name"]: case for case in yaml.safe_load((HERE / "cases" / "mistakes.yaml").read_text(encoding="utf-8"))}
OF_FORM = [
    "a list where the definition is wanted",
    "plain words",
    "missing fields",
    "unknown schema",
    "schema that is no number",
    "unknown field with a near one",
    "unknown field with none near",
    "misspelt field is read all the same",
    "wrong kinds of values",
    "empty values",
    "one value where a list is wanted",
    "choices",
    "scalars",
    "package patterns",
    "translations",
    "steps",
    "checks",
    "conditions",
]


class Editor(yaml.SafeLoader):
    """Reads YAML as editors do: in version 1.2, where a day is a text."""


Editor.yaml_implicit_resolvers = {
    sign: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def complaints(text: str) -> list[str]:
    tree = as_json(yaml.load(text, Editor))
    return [error.json_path for error in Draft202012Validator(json_schema()).iter_errors(tree)]


def as_json(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {str(key): as_json(value) for key, value in tree.items()}
    return [as_json(item) for item in tree] if isinstance(tree, list) else tree


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("path", built_in(), ids=lambda path: path.parent.name)
def test_built_in_definitions_fit(path: Path) -> None:
    assert complaints(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if not case["says"]])
def test_what_the_reader_takes_fits(name: str) -> None:
    assert complaints(CASES[name]["definition"]) == []


@pytest.mark.parametrize("name", OF_FORM)
def test_mistakes_of_form_do_not_fit(name: str) -> None:
    assert CASES[name]["says"]
    assert complaints(CASES[name]["definition"])


def test_twelve_mistakes_do_not_fit() -> None:
    assert complaints(
        (HERE / "cases" / "twelve.yaml")
        .read_text(encoding="utf-8")
        .replace("  old: {why: {en: older", "  older: {why: {en: older")
    )


@pytest.mark.parametrize(
    "text",
    [
        "procedures: {go: [{stop: null}]}",
        "procedures: {go: [{stop: {}, when: {platform: linux}, title: {en: a, ru: б}}]}",
        "releases: [{version: 4.20, released: 2024-05-01, recommended: yes}]",
        "room: 5 MB\nx-note: [1, 2]\nrisks: {x-later: 1}",
        "risks: {a: {why: {en: a, ru: б}, when: {fact.users: 5, setting.sso: true, edition: [a, '!b']}}}",
    ],
)
def test_forms_that_are_allowed(text: str) -> None:
    assert complaints(HEAD + text) == []


@pytest.mark.parametrize(
    "text",
    [
        "procedures: {go: [{stop: {}, start: {}}]}",
        "procedures: {go: [{when: {platform: linux}}]}",
        "procedures: {go: [{stop: [a]}]}",
        "before: [{http: {url: 'http://x'}}]",
        "risks: {a: {why: {en: a}}}",
        "risks: {A: {why: {en: a, ru: б}}}",
        "instance: {roles: {rubbish: []}}",
    ],
)
def test_forms_that_are_not(text: str) -> None:
    assert complaints(HEAD + text)


def test_every_kind_is_offered_and_explained() -> None:
    defs = json_schema()["$defs"]
    for table, entry in ((KINDS, "Step"), (BEFORE, "BeforeCheck"), (AFTER, "AfterCheck")):
        assert set(table) <= set(defs[entry]["properties"])
    assert all("description" in schema for schema in defs.values())


def test_fields_are_explained_by_what_stands_below_them() -> None:
    assert field_docs(Edge)["licence"] == "New licence keys are needed before it."


def test_the_file_for_editors_is_new() -> None:
    """Made anew by scripts/definition_schema.py."""
    file = HERE.parent.parent / "docs" / "definition.schema.json"
    assert json.loads(file.read_text(encoding="utf-8")) == json_schema()
