"""Bytes to nodes: places, what is refused, and that nothing takes long or much memory."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import pytest

from smena.definition.mistake import Enough, Mistakes
from smena.definition.nodes import Fields, Items, Node, Scalar, dotted, find
from smena.definition.parse import DEPTH, NODES, SIZE, parse


def read(data: bytes) -> tuple[Node | None, list[str]]:
    mistakes = Mistakes("f")
    try:
        root = parse(data, mistakes)
    except Enough:
        root = None
    return root, [str(mistake.sentence()) for mistake in mistakes.all]


def as_builtins(node: Node | None) -> object:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [as_builtins(item) for item in node.items]
    assert isinstance(node, Fields)
    return [(key.text, as_builtins(value)) for key, value in node.pairs]


def test_every_text_stays_as_written() -> None:
    root, mistakes = read(b"version: 4.20\non: off\nempty:\nquoted: ''\nlist: [1, 'a b', no]\n")
    assert mistakes == []
    assert as_builtins(root) == [
        ("version", "4.20"),
        ("on", "off"),
        ("empty", ""),
        ("quoted", ""),
        ("list", ["1", "a b", "no"]),
    ]
    assert isinstance(root, Fields)
    assert [value.empty for _key, value in root.pairs if isinstance(value, Scalar)] == [False, False, True, False]


def test_places_count_from_one_and_in_characters() -> None:
    root, _mistakes = read("имя: значение\nb:\n  - {c: d}\n".encode())
    assert root is not None
    assert [(node.line, node.column) for node in (root, find(root, ("имя",)))] == [(1, 1), (1, 6)]
    inner = find(root, ("b", 0, "c"))
    assert (inner.line, inner.column) == (3, 9)


def test_what_begins_below_its_name_is_shown_at_its_name() -> None:
    root, _mistakes = read(b"risks:\n\n  old:\n    why: x\n")
    assert root is not None
    assert [find(root, path).line for path in (("risks",), ("risks", "old"), ("risks", "old", "why"))] == [1, 3, 4]


@pytest.mark.parametrize("lines", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_byte_order_mark_and_line_ends_do_not_matter(mark: str, lines: str) -> None:
    root, mistakes = read((mark + "a: 1" + lines + "b: [2]" + lines).encode())
    assert (as_builtins(root), mistakes) == ([("a", "1"), ("b", ["2"])], [])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "f:1:1: –: the file is empty"),
        (b"\xef\xbb\xbf", "f:1:1: –: the file is empty"),
        (b"a: 1\nb: \xff\n", "f:2:1: –: the file is not written in UTF-8: byte 0xff"),
        ("a: я".encode("cp1251"), "f:1:1: –: the file is not written in UTF-8: byte 0xff"),
        ("a: 1".encode("utf-16"), "f:1:1: –: the file is not text"),
        (b"\x7fELF\x02\x01\x01\0\0", "f:1:1: –: the file is not text"),
        (b"a: 1\n\0", "f:2:1: –: the file is not text"),
        (b"a: 1\nb: \x1b[0m\n", "f:2:4: –: a character that does not belong into text: U+001B"),
        (b"a" * (SIZE + 1), "f:1:1: –: the file is larger than 4 MB"),
    ],
)
def test_what_is_no_text_is_refused_at_once(data: bytes, says: str) -> None:
    assert read(data) == (None, [says])


def test_every_alias_anchor_and_tag_is_named() -> None:
    _root, mistakes = read(b"a: &x [1, *x]\nb: !!python/name:os.system c\nd: *y\n")
    assert mistakes == [
        "f:1:4: a: anchors (&x) are not used in definitions",
        "f:1:11: a[1]: aliases (*x) are not used in definitions: write the value out",
        "f:2:4: b: tags (tag:yaml.org,2002:python/name:os.system) are not used in definitions: "
        "the field decides the type",
        "f:3:4: d: aliases (*y) are not used in definitions: write the value out",
    ]


@pytest.mark.parametrize("opening", [b"[", b"{a: ", b"- ", b"? ", b"[{a: ", b"- ? "])
def test_depth_of_a_hundred_thousand(opening: bytes) -> None:
    begin = time.process_time()
    root, mistakes = read(opening * 100_000)
    assert root is None or len(mistakes) > 0
    assert mistakes
    assert time.process_time() - begin < 2


def test_depth_up_to_the_limit_is_read() -> None:
    root, mistakes = read(b"[" * DEPTH + b"]" * DEPTH)
    assert mistakes == []
    assert root is not None
    assert "nested deeper than 64 levels" in read(b"[" * (DEPTH + 1) + b"]" * (DEPTH + 1))[1][0]


HEAVY: dict[str, Callable[[], bytes]] = {
    "many values": lambda: b"- a\n" * (SIZE // 4),
    "many lists": lambda: b"- - - -\n" * (SIZE // 8),
    "many names": lambda: b"a: b\n" * (SIZE // 5),
    "many brackets": lambda: b"[" + b"[],{}," * (SIZE // 6 - 1),
    "many anchors": lambda: b"- &a b\n" * (SIZE // 7),
    "many aliases": lambda: b"- *a\n" * (SIZE // 5),
    "many tag directives": lambda: b"%TAG !a! x\n" * (SIZE // 11),
    "many documents": lambda: b"--- a\n" * (SIZE // 6),
    "many document ends": lambda: b"...\n" * (SIZE // 4),
    "many comments": lambda: b"#\n" * (SIZE // 2),
    "one long name": lambda: b"a" * SIZE,
    "one long key": lambda: b"? " + b"a" * (SIZE - 2),
    "one long text": lambda: b'"' + b"\\x41" * (SIZE // 4 - 1) + b'"',
    "one long tag": lambda: b"!" * SIZE,
    "one long anchor": lambda: b"&" + b"a" * (SIZE - 1),
    "an open quote": lambda: b"- '" + b"a\n" * (SIZE // 2 - 2),
    "an open block": lambda: b"|\n" + b"\n" * (SIZE - 2),
    "colons": lambda: b": " * (SIZE // 2),
    "spaces": lambda: b" " * SIZE,
    "tabs": lambda: b"\t" * SIZE,
    "question marks": lambda: b"? a\n" * (SIZE // 4),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HEAVY)
def test_nothing_takes_long(name: str) -> None:
    data = HEAVY[name]()
    begin = time.process_time()
    read(data)
    assert time.process_time() - begin < 15, "measured at most 1.6 s on the machine that this was written on"


@pytest.mark.slow
def test_too_many_values_are_not_kept() -> None:
    root, mistakes = read(b"[" + b"a," * (NODES + 10) + b"]")
    assert (root, len(mistakes)) == (None, 1)
    assert mistakes[0].endswith("the file has more than 500000 values")


def test_a_huge_file_is_refused_without_looking_into_it() -> None:
    data = b"- a\n" * (25 * 2**20)
    tracemalloc.start()
    begin = time.process_time()
    assert read(data)[1] == ["f:1:1: –: the file is larger than 4 MB"]
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.process_time() - begin < 1
    assert peak < 2**20


def test_paths_are_shown_as_people_write_them() -> None:
    assert dotted(("upgrades", 3, "risks", 0)) == "upgrades[3].risks[0]"
    assert dotted(()) == ""


def test_a_path_that_leads_nowhere_points_to_what_is_above() -> None:
    root, _mistakes = read(b"a: {b: [1]}\n")
    assert root is not None
    assert find(root, ("a", "b", 7, "c")) is find(root, ("a", "b"))
    assert find(root, ("x",)) is root
