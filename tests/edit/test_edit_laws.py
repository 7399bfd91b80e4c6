"""Laws of editing and merging that hold for every file of every kind with keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from smena.edit.diff3 import merged, regions
from smena.edit.document import Document
from smena.edit.documents import edit, parse
from smena.edit.format import KEYED, Format, Kind
from smena.edit.merge import merge
from smena.edit.resolutions import NEW, OURS
from smena.edit.source import lines_of
from smena.edit.tree import LEAF, related
from smena.errors import BadContent, CannotEdit

LAW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

NAMES = st.sampled_from(["port", "db.name", "db", "site", "имя"])
WORDS = st.sampled_from(["80", "443", "yes", "", "C:\\data", "a b", "it's", 'say "x"', "#1", "данные", "${x}", "a: b"])
SCALARS = WORDS.filter(bool) | st.text(
    st.characters(codec="cp1251", exclude_categories=["C", "Z"]), min_size=1, max_size=9
)


class Look:
    """How a file is written: drawn once for a file, so that its lines vary but the file is of one hand."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.newline = draw(st.sampled_from(["\n", "\r\n"]))
        self.mark = draw(st.sampled_from([b"", b"\xef\xbb\xbf"]))
        self.indent = draw(st.sampled_from(["  ", "    "]))
        self.quote = draw(st.sampled_from(["", '"', "'"]))
        self.comments = draw(st.sampled_from([(), ("# комментарий",), ("# a comment", "")]))
        self.last = draw(st.booleans())

    def written(self, lines: list[str]) -> bytes:
        text = self.newline.join(lines) + (self.newline if self.last and lines else "")
        return bytes(self.mark + text.encode())


def _yaml_scalar(look: Look, value: str) -> str:
    if look.quote == "'":
        return "'" + value.replace("'", "''") + "'"
    if look.quote == "" and value.isalnum():
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def yaml_lines(look: Look, model: Mapping[str, Any], depth: str = "") -> list[str]:
    lines: list[str] = []
    for name, value in model.items():
        lines += [depth + comment if comment else "" for comment in look.comments]
        if isinstance(value, dict) and value:
            lines += [f"{depth}{name}:  # раздел", *yaml_lines(look, value, depth + look.indent)]
        elif isinstance(value, list) and value:
            lines += [f"{depth}{name}:", *(f"{depth}- {_yaml_scalar(look, item)}" for item in value)]
        elif isinstance(value, str):
            lines.append(f"{depth}{name}: {_yaml_scalar(look, value)}")
        else:
            lines.append(f"{depth}{name}: {'{}' if isinstance(value, dict) else '[]'}")
    return lines


def _xml_escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def xml_lines(look: Look, model: Mapping[str, Any], depth: str = "") -> list[str]:
    lines: list[str] = []
    for name, value in model.items():
        lines += [f"{depth}<!-- {comment[2:]} -->" if comment else "" for comment in look.comments]
        tag = name.replace(".", "-")
        if isinstance(value, dict) and value:
            inner = xml_lines(look, value, depth + look.indent)
            lines += [f'{depth}<{tag} kind="{len(value) % 2}">', *inner, f"{depth}</{tag}>"]
        elif isinstance(value, list):
            inner = [f"{depth}{look.indent}<value>{_xml_escaped(item)}</value>" for item in value]
            lines += [f"{depth}<{tag}>", *inner, f"{depth}</{tag}>"]
        elif isinstance(value, str) and look.quote:
            lines.append(f"{depth}<add key='{tag}'{look.quote and ' '}value=\"{_xml_escaped(value)}\"/>")
        else:
            lines.append(f"{depth}<{tag}>{_xml_escaped(str(value or ''))}</{tag}>")
    return lines


def env_lines(look: Look, model: Mapping[str, Any]) -> list[str]:
    lines: list[str] = []
    for name, value in model.items():
        value = str(value).replace("\n", " ")
        key = {"имя": "NAME"}.get(name, name.upper().replace(".", "_"))
        lines += look.comments
        if look.quote == "'" and "'" not in value:
            lines.append(f"export {key}='{value}'")
        else:
            escaped = "".join("\\" + sign if sign in '\\"$`' else sign for sign in value)
            lines.append(f'{key}="{escaped}"')
    return lines


def ini_lines(look: Look, model: Mapping[str, Any]) -> list[str]:
    sections = {name: value for name, value in model.items() if isinstance(value, dict)}
    lines = [f"{name} = {value}" for name, value in model.items() if isinstance(value, str)]
    for name, inner in sections.items():
        lines += [*look.comments, f"[{name}]"]
        lines += [f"{key}={value}" for key, value in inner.items() if isinstance(value, str)]
    return lines


def _lines(kind: Kind, look: Look, model: Mapping[str, Any]) -> list[str]:
    if kind == "yaml":
        return yaml_lines(look, model)
    if kind == "xml":
        return ['<?xml version="1.0" encoding="utf-8"?>', "<top>", *xml_lines(look, model, look.indent), "</top>"]
    return env_lines(look, model) if kind == "env" else ini_lines(look, model)


MODELS = st.dictionaries(
    NAMES,
    st.recursive(
        SCALARS | st.lists(SCALARS, max_size=3),
        lambda inner: st.dictionaries(NAMES, inner, max_size=3),
        max_leaves=6,
    ),
    max_size=4,
)


@st.composite
def files(draw: Callable[[st.SearchStrategy[Any]], Any], kind: Kind) -> bytes:
    look = Look(draw)
    return look.written(_lines(kind, look, draw(MODELS)))


@st.composite
def three(draw: Callable[[st.SearchStrategy[Any]], Any], kind: Kind) -> tuple[bytes, bytes, bytes]:
    """Three files of one family: mostly of one look, so that merging by line gets its chance too."""
    look = Look(draw)
    looks = [look if draw(st.booleans()) else Look(draw) for _ in range(3)]
    start = draw(MODELS)
    models = [start, *({**start, **draw(MODELS)} if draw(st.booleans()) else draw(MODELS) for _ in range(2))]
    base, ours, new = (one.written(_lines(kind, one, model)) for one, model in zip(looks, models, strict=True))
    return base, ours, new


kinds = pytest.mark.parametrize("kind", KEYED)


def _form(kind: Kind) -> Format:
    return Format(kind, f"test.{kind}")


def _told(document: Document) -> dict[tuple[str, ...], object]:
    return {node.key: node.same for node in document.entries()}


@kinds
@LAW
@given(data=st.data())
def test_no_edit_means_identical_bytes(kind: Kind, data: st.DataObject) -> None:
    written = data.draw(files(kind))
    document = parse(_form(kind), written)
    assert document.data == written
    same = {document.name(node.key): node.value for node in document.entries() if node.value is not None}
    assume(len(same) == len(document.entries()))
    for node in document.entries():
        assert document.set(node.key, node.value or "").data == written


@kinds
@LAW
@given(data=st.data())
def test_what_is_set_is_read_back_and_nothing_else_changes(kind: Kind, data: st.DataObject) -> None:
    written = data.draw(files(kind))
    document = parse(_form(kind), written)
    scalars = [node for node in document.entries() if node.style not in ("block", "flow") and node.value is not None]
    scalars = [node for node in scalars if kind != "xml" or node.key[-1].startswith("@val") or node.key[-1] == "text()"]
    assume(scalars)
    node = data.draw(st.sampled_from(scalars))
    value = data.draw(SCALARS)
    edited = document.set(node.key, value)
    assert edited.get(node.key) == value
    text, start, end = document.source.text, *node.span
    quotes = 1 if kind == "env" and node.style else 0
    assert edited.source.text.startswith(text[: start - quotes])
    assert edited.source.text.endswith(text[end + quotes :])
    others = {key: same for key, same in _told(document).items() if key != node.key}
    assert {key: same for key, same in _told(edited).items() if key != node.key} == others
    assert edited.source.mark == document.source.mark


@kinds
@LAW
@given(data=st.data())
def test_what_is_inserted_can_be_removed_again(kind: Kind, data: st.DataObject) -> None:
    written = data.draw(files(kind))
    document = parse(_form(kind), written)
    name = {"xml": "top/fresh/@v", "env": "FRESH"}.get(kind, "fresh.key")
    value = data.draw(SCALARS)
    added = document.insert(document.place(name), value)
    key = added.key(name)
    assert key is not None
    assert added.get(key) == value
    assert set(added.data.split(b"\n")) >= set(written.rstrip(b"\r\n").split(b"\n")[:-1]) or kind == "xml"
    gone = added.remove(key)
    assert gone.key(name) is None
    assert {k: v for k, v in _told(gone).items() if not related(k, key)} == {
        k: v for k, v in _told(document).items() if not related(k, key)
    }
    assert edit(_form(kind), added.data, {name: value}) == added.data  # what is so already stays


@kinds
@LAW
@given(data=st.data())
def test_whoever_changed_nothing_leaves_the_other_as_it_is(kind: Kind, data: st.DataObject) -> None:
    base, other, _ = data.draw(three(kind))
    assert merge(_form(kind), base, base, other).result == other
    assert merge(_form(kind), base, other, base).result == other
    assert merge(_form(kind), base, other, other).result == other


@kinds
@LAW
@given(data=st.data())
def test_no_value_of_the_administrator_is_lost(kind: Kind, data: st.DataObject) -> None:
    base, ours, new = data.draw(three(kind))
    form = _form(kind)
    answer = merge(form, base, ours, new)
    told = [parse(form, one) for one in (base, ours, new)]
    conflicts = [told[1].key(one.key) or told[2].key(one.key) or () for one in answer.conflicts]
    assert (answer.result is None) == bool(conflicts)
    answer = merge(form, base, ours, new, resolutions={one.key: OURS for one in answer.conflicts})
    assert answer.result is not None
    result = parse(form, answer.result)
    _judge(told[0], told[1], told[2], result)


def _judge(base: Document, ours: Document, new: Document, result: Document) -> None:
    """What only one side changed is as that side has it; here conflicts are settled for the administrator."""
    before, mine, theirs, after = map(_told, (base, ours, new, result))
    for key, value in mine.items():
        node = ours.find(key)
        if node is not None and node.shape != LEAF and base.find(key) is not None:
            continue  # something that was emptied: what was taken out of it is judged below
        if before.get(key) != value and ours.get(key) is not None:
            assert result.find(key) is not None, key
            assert after.get(key) == value, key
    for key, value in after.items():
        assert value in (mine.get(key), theirs.get(key)) or any(related(key, other) for other in {**mine, **theirs})
    for key in before:
        gone_by_us = ours.find(key) is None and theirs.get(key) == before[key]
        if gone_by_us and not any(related(key, other) for other in mine):
            assert result.find(key) is None, key


@kinds
@LAW
@given(data=st.data())
def test_merging_what_is_merged_changes_nothing(kind: Kind, data: st.DataObject) -> None:
    base, ours, new = data.draw(three(kind))
    known = data.draw(st.booleans())
    form = _form(kind)
    first = merge(form, base if known else None, ours, new)
    choice = data.draw(st.sampled_from([OURS, NEW]))
    chosen = {one.key: choice for one in first.conflicts}
    first = merge(form, base if known else None, ours, new, resolutions=chosen)
    assert first.result is not None
    again = merge(form, base if known else None, first.result, new, resolutions=chosen)
    assert again.result == first.result


@kinds
@LAW
@given(data=st.data())
def test_without_a_base_every_differing_value_is_carried_and_listed(kind: Kind, data: st.DataObject) -> None:
    _, ours, new = data.draw(three(kind))
    form = _form(kind)
    answer = merge(form, None, ours, new)
    assert answer.unknown_base
    assert not answer.conflicts
    assert answer.result is not None
    mine, result = parse(form, ours), parse(form, answer.result)
    listed = [mine.key(change.key) for change in answer.carried]
    theirs = _told(parse(form, new))
    for key, value in _told(mine).items():
        if mine.get(key) is None:  # a section without entries
            continue  # a section without entries
        assert _told(result).get(key) == value
        if theirs.get(key) != value:
            assert any(one is not None and related(one, key) for one in listed)


LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\n"]), max_size=8)


@settings(max_examples=200, deadline=None)
@given(LINES, LINES, LINES)
def test_diff3_is_the_same_from_both_sides(base: list[str], ours: list[str], new: list[str]) -> None:
    one, other = list(regions(base, ours, new)), list(regions(base, new, ours))
    swap = {"ours": "new", "new": "ours"}
    assert [(p.base, p.ours, p.new, p.verdict) for p in one] == [
        (p.base, p.new, p.ours, swap.get(p.verdict, p.verdict)) for p in other
    ]
    for side, lines in (("base", base), ("ours", ours), ("new", new)):
        assert [line for part in one for line in getattr(part, side)] == lines
    assert merged(list(regions(base, base, new))) == new
    assert merged(list(regions(base, ours, base))) == ours


@LAW
@given(LINES, LINES, LINES, st.sampled_from(["\n", "\r\n"]))
def test_lines_keep_mark_and_line_ends(base: list[str], ours: list[str], new: list[str], newline: str) -> None:
    written = [b"\xef\xbb\xbf" + "".join(lines).replace("\n", newline).encode() for lines in (base, ours, new)]
    form = Format("text", "site.conf")
    answer = merge(form, written[0], written[1], written[2])
    answer = merge(form, *written, resolutions={one.key: OURS for one in answer.conflicts})
    assert answer.result is not None
    assert answer.result.startswith(b"\xef\xbb\xbf")
    assert all(line.endswith(newline) for line in lines_of(answer.result[3:].decode()))


@pytest.mark.parametrize("kind", [*KEYED, "text"])
@LAW
@given(data=st.data())
def test_any_bytes_are_read_or_refused(kind: Kind, data: st.DataObject) -> None:
    """Never a crash: what cannot be used is refused with its line."""
    signs = "a: -[]{}<>&!'\"=\\\n\r#%|?*/@`\t"
    junk = data.draw(st.binary(max_size=60) | st.text(signs, max_size=60).map(str.encode))
    refused = None
    try:
        answer = merge(_form(kind), None, junk, junk)
        assert answer.result == junk
    except BadContent as error:
        refused = error
    assert refused is None or (refused.why and not isinstance(refused, CannotEdit))
