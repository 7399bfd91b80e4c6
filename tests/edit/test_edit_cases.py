"""Edits of real shapes, case by case: `cases/edits.yaml`, `cases/bad.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from smena.edit.documents import edit, parse
from smena.edit.format import Format
from smena.edit.source import MAX_BYTES
from smena.errors import BadContent, CannotEdit

CASES = Path(__file__).parent / "cases"


def _load(name: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = yaml.safe_load((CASES / name).read_text("utf-8"))
    return cases


def _written(case: dict[str, Any], text: str) -> bytes:
    encoding = case.get("encoding", "utf-8")
    if case.get("line-ends") == "crlf":
        text = text.replace("\n", "\r\n")
    return (("\ufeff" if case.get("mark") else "") + text).encode(encoding)


def _form(case: dict[str, Any]) -> Format:
    unknown = case.get("undeclared") or case["kind"] == "xml"
    return Format(case["kind"], f"test.{case['kind']}", "" if unknown else case.get("encoding", ""))


EDITS = _load("edits.yaml")


@pytest.mark.parametrize("case", EDITS, ids=[case["name"] for case in EDITS])
def test_edit(case: dict[str, Any]) -> None:
    before, after = _written(case, case["before"]), _written(case, case["after"])
    put, remove = case.get("put", {}), case.get("remove", [])
    once = edit(_form(case), before, put, remove)
    assert once.decode("utf-8", "backslashreplace") == after.decode("utf-8", "backslashreplace")
    assert edit(_form(case), once, put, remove) == once
    document = parse(_form(case), once)
    assert {name: document.get(document.place(name)) for name in put} == put


@pytest.mark.parametrize("case", _load("bad.yaml"), ids=lambda case: f"{case['kind']}: {case['problem']}")
def test_bad_content_names_its_line(case: dict[str, Any]) -> None:
    form = Format(case["kind"], "bad.file", case.get("encoding", ""))
    with pytest.raises(BadContent) as caught:
        parse(form, case["text"].encode())
    assert "bad.file" in str(caught.value)
    assert case["problem"] in str(caught.value.why[0])
    assert str(caught.value.why[0]).startswith(f"line {case['line']}:")
    assert caught.value.hint is not None


@pytest.mark.parametrize("kind", ["yaml", "xml"])
def test_what_is_too_large_or_too_deep_is_refused_at_once(kind: Any) -> None:
    deep = {"yaml": b"[" * 500_000, "xml": b"<a>" * 500_000}[kind]
    for data in (deep, b" " * (MAX_BYTES + 1)):
        with pytest.raises(BadContent):
            parse(Format(kind, "f"), data)


@pytest.mark.parametrize(
    ("form", "data"),
    [(Format("yaml", "f"), b"a: \xff\xfe"), (Format("xml", "f"), b'<?xml version="1.0"?>\n<a>\xcf</a>')],
)
def test_bytes_that_are_not_the_encoding_are_refused(form: Format, data: bytes) -> None:
    with pytest.raises(BadContent):
        parse(form, data)


@pytest.mark.parametrize(
    ("form", "data", "name", "value"),
    [
        (Format("yaml", "f"), b"a:\n  b: 1\n", "a", "x"),
        (Format("yaml", "f"), b"a:\n- b\n", "a", "x"),
        (Format("yaml", "f"), b"a: 1\n", "a", "\ud800"),
        (Format("xml", "f"), b"<a><b/>text<c/></a>", "a/content()", "x"),
        (Format("xml", "f"), b"<a b='1'/>", "a/@b", "\0"),
        (Format("xml", "f"), b"<a b='1'/>", "//none/@b", "1"),
        (Format("xml", "f"), b"<a b='1'/>", "other/@b", "1"),
        (Format("env", "f"), b"A=1\n", "A B", "x"),
        (Format("ini", "f"), b"[a]\nb=1\n", "a.b", "one\ntwo"),
        (Format("ini", "f", "ascii"), b"[a]\nb=1\n", "a.b", "я"),
    ],
)
def test_what_cannot_be_written_is_refused_without_telling_the_value(
    form: Format, data: bytes, name: str, value: str
) -> None:
    with pytest.raises(CannotEdit) as caught:
        edit(form, data, {name: value})
    assert caught.value.why
    assert value not in [str(why) for why in caught.value.why] + [str(caught.value)]


def test_one_name_for_two_keys_is_refused() -> None:
    document = parse(Format("yaml", "f"), b"db.name: 1\ndb:\n  name: 2\n")
    with pytest.raises(BadContent):
        document.key("db.name")
    assert document.get(("db.name",)) == "1"
    assert document.get(("db", "name")) == "2"


def test_positions_are_characters_and_lines_are_lines() -> None:
    text = "# 😀 ещё\r\nключ: 'знач😀ение' # c\r\nдругой: 2\r\n"
    document = parse(Format("yaml", "f"), b"\xef\xbb\xbf" + text.encode())
    first, second = document.entries()
    assert document.source.text[slice(*first.span)] == "'знач😀ение'"
    assert document.raw(second) == "другой: 2"
    assert (document.line(first), document.line(second)) == (2, 3)
