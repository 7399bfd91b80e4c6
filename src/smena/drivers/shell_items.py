"""The list of items by which a shortcut names its target to the shell: this computer, a drive, folders, a file.

Each item is as long as its first two bytes say. A folder or file has a short name for old programs and its whole name
in a block of its own, whose place within the item is told by the item's last two bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_COMPUTER = bytes.fromhex("1400 1f50 e04fd020ea3a6910a2d808002b30309d")
_DRIVE, _FOLDER, _FILE = 0x2F, 0x31, 0x32
_KIND = 0x70
"""What is left of an item's kind without its variants."""
_OF_FOLDERS, _OF_DRIVES = 0x30, 0x20
_NAMES = struct.Struct("<HHIIII")
_NAMES_VERSION, _NAMES_MARK, _NAME_AT = 3, 0xBEEF0004, 20


def written(target: str) -> bytes:
    """The list of a path that begins with a drive; empty for any other text, which only Windows can resolve."""
    drive, *parts = target.split("\\")
    if len(drive) != 2 or drive[1] != ":" or not all(parts):
        return b""
    last = len(parts) - 1
    items = [_COMPUTER, _drive(drive), *(_item(part, folder=at < last) for at, part in enumerate(parts))]
    listed = b"".join(items) + b"\0\0"
    return struct.pack("<H", len(listed)) + listed


def path(listed: bytes) -> str:
    """The path that a list names; empty where it leads elsewhere than to a file on a drive."""
    parts: list[str] = []
    for item in _items(listed):
        kind = item[2] & _KIND
        if kind == _OF_DRIVES:
            parts = [item[3:5].decode("ascii")]
        elif kind == _OF_FOLDERS and parts:
            parts.append(_name(item))
    return "\\".join(parts) if len(parts) > 1 else ""


def _drive(drive: str) -> bytes:
    return struct.pack("<HB", 25, _DRIVE) + f"{drive}\\".encode("ascii").ljust(22, b"\0")


def _item(name: str, *, folder: bool) -> bytes:
    short = name.encode("ascii", "replace") + b"\0"
    short += b"\0" * (len(short) % 2)
    wide = name.encode("utf-16-le") + b"\0\0"
    head = struct.pack("<BBIIH", _FOLDER if folder else _FILE, 0, 0, 0, 0x10 if folder else 0x20)
    at = 2 + len(head) + len(short)
    size = _NAMES.size + len(wide) + 2
    names = _NAMES.pack(size, _NAMES_VERSION, _NAMES_MARK, 0, 0, _NAME_AT) + wide + struct.pack("<H", at)
    return struct.pack("<H", at + size) + head + short + names


def _items(listed: bytes) -> Iterator[bytes]:
    at = 0
    while (size := int.from_bytes(listed[at : at + 2], "little")) > 2:
        yield listed[at : at + size]
        at += size


def _name(item: bytes) -> str:
    at = int.from_bytes(item[-2:], "little")
    mark = int.from_bytes(item[at + 4 : at + 8], "little")
    if 14 < at < len(item) - _NAME_AT and mark in (_NAMES_MARK, 0):  # Wine leaves it out
        version = int.from_bytes(item[at + 2 : at + 4], "little")
        start = at + {3: _NAME_AT, 7: 38, 8: 42, 9: 46}.get(version, _NAME_AT)
        end = start
        while item[end : end + 2] not in (b"\0\0", b"", b"\0"):
            end += 2
        return item[start:end].decode("utf-16-le", "replace")
    return item[14 : item.index(b"\0", 14)].decode("cp1251", "replace")
