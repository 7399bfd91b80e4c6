"""What Windows tells in tables and is told in texts: read and written anywhere, because only bytes are needed."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from smena.host.windows import commands, finding, tcp
from smena.host.windows.snapshot import Seen, boot_time, family, processes
from smena.host.windows.words import block, line, variables

_ADDRESS = 0x7FF0_0000


def entry(pid: int, parent: int, start: int, name: str, *, threads: int = 1, more: bool = True) -> bytes:
    """One process as the kernel writes it: the name follows, told by its address, which is put in by `table`."""
    raw = name.encode("utf-16-le")
    size = 0x100 + (len(raw) + 7) // 8 * 8
    head = bytearray(size)
    struct.pack_into("<II", head, 0, size if more else 0, threads)
    struct.pack_into("<Q", head, 0x20, start)
    struct.pack_into("<HH", head, 0x38, len(raw), len(raw) + 2)
    struct.pack_into("<Q", head, 0x50, pid)
    struct.pack_into("<Q", head, 0x58, parent)
    head[0x100 : 0x100 + len(raw)] = raw
    return bytes(head)


def table(*entries: bytes) -> bytes:
    made = b""
    for one in entries:
        head = bytearray(one)
        struct.pack_into("<Q", head, 0x40, _ADDRESS + len(made) + 0x100)
        made += head
    return made + bytes(64)


def test_the_table_of_processes() -> None:
    made = table(
        entry(0, 0, 0, "", threads=2),
        entry(4, 0, 100, "System"),
        entry(8, 4, 150, "ended.exe", threads=0),
        entry(1240, 4, 200, "служба.exe", more=False),
    )
    assert list(processes(made, _ADDRESS)) == [
        Seen(0, 0, 0, ""),
        Seen(4, 0, 100, "System"),
        Seen(1240, 4, 200, "служба.exe"),
    ]


def test_a_boot_is_the_same_after_the_clock_was_set() -> None:
    moved = 36_000_000_000
    before = struct.pack("<QQ16xQQ", 1000, 5000, 0, 0)
    after = struct.pack("<QQ16xQQ", 1000 + moved, 5000 + moved, moved, 0)
    assert boot_time(before) == boot_time(after) == 1000


def test_the_family_of_a_process() -> None:
    """By parent and start: who has the number of a parent that came later is a stranger's child."""
    root, child, grandchild = Seen(10, 1, 100, "a"), Seen(11, 10, 110, "b"), Seen(12, 11, 120, "c")
    older, other, itself = Seen(13, 10, 90, "d"), Seen(14, 1, 130, "e"), Seen(15, 15, 140, "f")
    assert family(root, [older, grandchild, child, root, other, itself]) == [root, child, grandchild]


def test_listening_ports() -> None:
    row = struct.pack("<I4s2s2xI4xI", 2, bytes((127, 0, 0, 1)), (8080).to_bytes(2, "big"), 0, 77)
    nobodys = struct.pack("<I4s2s2xI4xI", 2, bytes(4), (80).to_bytes(2, "big"), 0, 0)
    four = struct.pack("<I", 2) + row + nobodys + bytes(100)
    assert list(tcp.listeners(four, six=False)) == [("127.0.0.1", 8080, 77), ("0.0.0.0", 80, None)]
    row6 = struct.pack("<16sI2s2x16sIIII", bytes(15) + b"\1", 3, (443).to_bytes(2, "big"), bytes(16), 0, 0, 2, 78)
    assert list(tcp.listeners(struct.pack("<I", 1) + row6, six=True)) == [("::1", 443, 78)]
    assert list(tcp.listeners(bytes(4), six=True)) == []


def test_an_environment_there_and_back() -> None:
    made = block({"b": "2", "A": "1=x", "путь": "C:\\а"})
    assert made == "A=1=x\0b=2\0путь=C:\\а\0\0"
    assert variables(made + "what follows\0\0") == ["A=1=x", "b=2", "путь=C:\\а"]


@pytest.mark.parametrize(
    ("args", "written"),
    [
        (["sc", "query", "x"], "sc query x"),
        ([r"C:\Program Files\a.exe", ""], r'"C:\Program Files\a.exe" ""'),
        (["msiexec", "NAME=some words"], 'msiexec NAME="some words"'),
        (['a"b', "c d\\"], '"a\\"b" "c d\\\\"'),
        (["%PATH%"], '""%"PATH"%""'),
    ],
)
def test_a_command_line(args: list[str], written: str) -> None:
    assert line(args) == written


def test_a_program_is_not_looked_for_where_we_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("sc.exe").touch()
    with pytest.raises(FileNotFoundError) as caught:
        finding.program("sc", {"PATH": ".;"})
    assert caught.value.filename == "sc"


def test_what_a_person_types_there() -> None:
    assert commands.to_remove(r"C:\a b") == r'del "C:\a b"'
    assert commands.to_set_aside(r"C:\h\registry.sqlite").startswith(
        r'ren "C:\h\registry.sqlite" registry.sqlite.damaged & del /q'
    )
