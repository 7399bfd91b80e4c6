"""The services' reader of settings: what it reads it reads as YAML does, the rest it refuses with the line."""

from __future__ import annotations

import pytest
import yaml

from smena.demo.standin.program.standin_product import markup, settings
from smena.demo.standin.program.standin_product.refusal import Refusal

READ = [
    "a: 1",
    "a: 1\r\nb: 2\r\n",
    "\ufeffa: 1\n",
    "a: b # comment",
    "a: b#c",
    "# only\n\na: 'it''s' # x",
    'a: "tab\\t, quote \\", \\u044f"',
    "mq.server: localhost:9092",
    "path: C:\\ProgramData\\x",
    "---\na:\n  b:\n    c: 1\n  d: 2\ne: 3",
    "'quoted key': 1\n\"second one\": 2",
    "ключ: значение",
    "a:\nb: ''",
    "url: http://x:1/#y",
]


@pytest.mark.parametrize("text", READ)
def test_read_like_yaml(text: str) -> None:
    whole = yaml.load(text.lstrip("\ufeff"), yaml.BaseLoader)
    found = settings.parse(text.encode(), "x.yml")
    for key, value in whole.items():
        assert found[key] == (value if isinstance(value, str) else "")


def test_nested_names_are_dotted() -> None:
    assert settings.parse(b"a:\n  b:\n    c: 1\n  d: 2\ne: 3", "x.yml") == {
        "a": "",
        "a.b": "",
        "a.b.c": "1",
        "a.d": "2",
        "e": "3",
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\na: 2", 2),
        ("a:\n  b: 1\n  b: 2", 3),
        ("a: [1, 2]", 1),
        ("a: {b: 1}", 1),
        ("a: |\n  text", 1),
        ("a: &x 1", 1),
        ("a: *x", 1),
        ("\ta: 1", 1),
        ("- a", 1),
        ("just text", 1),
        ("a: 'open", 1),
        ('a: "open', 1),
        ("a: 'closed' more", 1),
        ("<<<<<<< ours\na: 1", 1),
        ("a: 1\n=======\n", 2),
    ],
)
def test_refused_with_the_line(text: str, line: int) -> None:
    with pytest.raises(Refusal, match=f"x.yml, line {line}"):
        settings.parse(text.encode(), "x.yml")


def test_another_encoding_is_refused() -> None:
    with pytest.raises(Refusal, match="not UTF-8"):
        settings.parse("имя: значение".encode("cp1251"), "x.yml")


def test_xml_in_its_declared_encoding() -> None:
    content = '<?xml version="1.0" encoding="windows-1251"?><a><add key="имя" value="значение"/></a>'.encode("cp1251")
    assert markup.named(markup.elements(content, "x"), "add", "key", "value") == {"имя": "значение"}


@pytest.mark.parametrize("content", [b"", b"<a>", b"<a></b>", b"\xff", b"<a b=1/>"])
def test_xml_that_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(Refusal, match=r"x\.config"):
        markup.elements(content, "x.config")
