"""Whatever is handed in: a definition, or an error of the family `BadContent` with its reasons, in bounded time."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from smena.definition.head import head
from smena.definition.load import examine, load
from smena.definition.model import Definition
from smena.errors import BadContent
from smena.intake.folder import built_in

GOOD = [path.read_bytes() for path in built_in()] + [
    (Path(__file__).parent / "cases" / "twelve.yaml").read_bytes(),
]
TREES: list[Any] = [yaml.safe_load(data) for data in GOOD]

some = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def survives(data: bytes) -> None:
    """The law."""
    begin = time.process_time()
    head(data)
    found = examine(data, "fuzz.yaml")
    assert time.process_time() - begin < 5
    assert (found.definition is None) == bool(found.mistakes)
    for mistake in found.mistakes:
        assert mistake.line >= 1
        assert str(mistake.sentence()).startswith("fuzz.yaml:")
    for finding in found.findings:
        assert str(finding.text)
    if found.mistakes:
        with pytest.raises(BadContent) as caught:
            load(data, "fuzz.yaml")
        assert caught.value.why
    else:
        assert isinstance(found.definition, Definition)


@some
@given(st.binary(max_size=2000))
def test_any_bytes(data: bytes) -> None:
    survives(data)


@some
@given(st.text(alphabet="abc:-?[]{}&*!|>'\"%@`#, \n\t$.é", max_size=300))
def test_any_signs_of_yaml(text: str) -> None:
    survives(text.encode())


WORDS = ["schema", "product", "title", "en", "ru", "instance", "linux", "paths", "upgrades", "from", "to", "procedure"]
WORDS += ["procedures", "risks", "when", "stop", "room", "before", "after", "releases", "version", "${name}", "1.0"]
words = st.sampled_from(WORDS) | st.text(max_size=10)
scalars = words | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False)
trees = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=5))


@some
@given(trees)
def test_any_tree(tree: Any) -> None:
    survives(as_yaml(tree))


@pytest.mark.slow
@some
@given(st.data())
def test_a_good_definition_with_one_subtree_replaced(data: st.DataObject) -> None:
    tree = data.draw(st.sampled_from(TREES))
    survives(as_yaml(replaced(tree, data)))


def replaced(tree: Any, data: st.DataObject) -> Any:
    """The tree with something else at a random place."""
    if not isinstance(tree, dict | list) or not tree or data.draw(st.integers(0, 5)) == 0:
        return data.draw(scalars | trees)
    if isinstance(tree, dict):
        key = data.draw(st.sampled_from(sorted(tree, key=str)))
        if data.draw(st.integers(0, 3)) == 0:
            return {**{other: value for other, value in tree.items() if other != key}, data.draw(words): tree[key]}
        return {**tree, key: replaced(tree[key], data)}
    at = data.draw(st.integers(0, len(tree) - 1))
    return [*tree[:at], replaced(tree[at], data), *tree[at + 1 :]]


@some
@given(st.data())
def test_a_good_definition_with_bytes_changed(data: st.DataObject) -> None:
    """Cut out a piece, and put something in."""
    good = data.draw(st.sampled_from(GOOD))
    at = data.draw(st.integers(0, len(good)))
    length = data.draw(st.integers(0, 40))
    survives(
        good[:at]
        + data.draw(st.binary(max_size=8) | st.sampled_from([b"  ", b"\n", b"- ", b"&a ", b"{"]))
        + good[at + length :]
    )


@some
@given(st.data())
def test_lines_in_another_order(data: st.DataObject) -> None:
    lines = data.draw(st.sampled_from(GOOD)).splitlines(keepends=True)
    assume(len(lines) > 2)
    at, to = data.draw(st.integers(0, len(lines) - 1)), data.draw(st.integers(0, len(lines) - 1))
    lines[at], lines[to] = lines[to], lines[at]
    survives(b"".join(lines))


def as_yaml(tree: Any) -> bytes:
    text: str = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False)
    return text.encode("utf-8", "replace")
