"""What editing and merging rely on, each shown by the smallest case that would break it."""

from __future__ import annotations

import pytest

from smena.edit.document import Ways
from smena.edit.format import Format, Kind
from smena.edit.lines_file import EnvDocument
from smena.edit.masks import Masks, Veil
from smena.edit.merge import merge
from smena.edit.show import unified
from smena.edit.source import read_source
from smena.edit.tree import Node
from smena.errors import CannotEdit

ENV = Format("env", "f")


class Careless(EnvDocument):
    """Proposes to write the value over the whole file, and only then how it is right."""

    def _set_ways(self, node: Node, value: str) -> Ways:
        yield [(0, len(self.source.text), f"{node.key[0]}={value}\n")]
        yield from super()._set_ways(node, value)


class Hopeless(Careless):
    def _set_ways(self, node: Node, value: str) -> Ways:
        yield next(iter(super()._set_ways(node, value)))


def test_a_proposal_that_touches_anything_else_is_not_taken() -> None:
    data = b"A=1\nB=2\n"
    assert Careless(read_source(ENV, data)).set(("B",), "3").data == b"A=1\nB=3\n"
    with pytest.raises(CannotEdit):
        Hopeless(read_source(ENV, data)).set(("B",), "3")


@pytest.mark.parametrize(
    ("kind", "base", "ours", "new"),
    [
        ("yaml", b"port: {}", b"db.name: {}", b"# a comment\n\ndb: {}\n# a comment\n\nport: {}"),
        ("env", b"A=1\n", b"B=2\nA=1\n", b"A=1\nA=1\n"),  # diff3 alone would add a line each time
    ],
)
def test_merging_again_moves_no_line(kind: Kind, base: bytes, ours: bytes, new: bytes) -> None:
    form = Format(kind, "f")
    once = merge(form, base, ours, new).outcome()
    assert merge(form, base, once, new).outcome() == once


def test_a_file_saved_in_another_encoding_comes_out_in_that_of_the_default() -> None:
    form = Format("xml", "f.config")
    text = '<?xml version="1.0" encoding="{}"?>\n<!-- комментарий -->\n<a>\n  <name>{}</name>\n  <c/>\n{}</a>\n'
    base, new = text.format("utf-8", "old", ""), text.format("utf-8", "old", "  <b/>\n")
    ours = text.format("windows-1251", "ours", "")
    result = merge(form, base.encode(), ours.encode("cp1251"), new.encode()).outcome()
    assert result.decode() == text.format("utf-8", "ours", "  <b/>\n")


def test_a_comment_that_the_encoding_lacks_does_not_stop_a_merge() -> None:
    form, text = Format("xml", "f"), '<?xml version="1.0" encoding="{}"?>\n<a>\n{}  <b c="{}"/>\n</a>\n'
    base = new = text.format("us-ascii", "", "1")
    ours = text.format("utf-8", "  <!-- наше -->\n", "2")
    new = new.replace("</a>", "<d/></a>")
    result = merge(form, base.encode(), ours.encode(), new.encode()).outcome().decode("ascii")
    assert '<b c="2"/>' in result
    assert "<d/>" in result


def test_a_comment_of_the_old_default_is_not_taken_for_the_administrators() -> None:
    form = Format("yaml", "f")
    base, new = b"# old words\na: 1\nb: 1\n", b"# new words\na: 1\nb: 2\n"
    assert merge(form, base, b"# old words\na: 2\nb: 1\n", new).outcome() == b"# new words\na: 2\nb: 2\n"
    noted = merge(form, base, b"# old words\n# new\na: 2\nb: 1\n", new).outcome()
    assert noted == b"# new words\n# new\na: 2\nb: 2\n"


def test_a_short_secret_is_covered_at_its_place() -> None:
    """Too short to be looked for elsewhere, and on a line that says nothing of a secret."""
    form, masks = Format("xml", "f"), Masks(keys=("a/licence/@serial",))
    shown = unified(form, b'<a><licence serial="4711"/></a>', b'<a><licence serial="4712"/></a>', masks=masks)
    assert '-<a><licence serial="***"/></a>' in shown
    assert "471" not in shown


def test_a_private_key_is_covered_in_any_text() -> None:
    text = "x\n-----BEGIN EC PRIVATE KEY-----\nMHcCAQ\nEEIB\n-----END EC PRIVATE KEY-----\ny\n"
    shown = Veil(Masks()).text(text)
    assert "MHc" not in shown
    assert "EEIB" not in shown
    assert shown.endswith("\ny\n")


def test_the_same_key_twice_in_an_environment_file_has_its_last_value() -> None:
    document = EnvDocument(read_source(ENV, b"A=1\nB=2\nA=3\n"))
    assert document.get(("A",)) == "3"
    assert document.set(("A",), "4").data == b"A=1\nB=2\nA=4\n"
