"""Shortcuts of Windows (.lnk), read and written as bytes: the published form of shell links (MS-SHLLINK).

Only what says where a shortcut leads is read. What is written names the target in all three ways that the form has:
as a list of items for the shell, as a local path where every code page can write it, and as a text in which Windows
expands `%ProgramFiles%` and such.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import msgspec

from smena.drivers import shell_items
from smena.errors import BadContent
from smena.text import _

_HEADER = struct.Struct("<I16sIIQQQIIIHHII")
_CLASS = bytes.fromhex("0114020000000000c000000000000046")
_HAS_LIST, _HAS_INFO, _UNICODE, _HAS_TEXT, _PREFER_TEXT = 0x1, 0x2, 0x80, 0x200, 0x2000000
_STRINGS = {"description": 0x4, "relative": 0x8, "directory": 0x10, "arguments": 0x20, "icon": 0x40}
_ARCHIVE, _NORMAL_WINDOW, _FIXED_DRIVE = 0x20, 1, 3
_TEXT_BLOCK, _TEXT_SIZE = 0xA0000001, 0x314
_LIMIT = 1024 * 1024


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """Where a shortcut leads, and how."""

    target: str
    arguments: str = ""
    directory: str = ""
    description: str = ""
    icon: str = ""


def write(link: Link) -> bytes:
    """The whole file. Without times, so that the same link is the same bytes."""
    strings = {name: getattr(link, name, "") for name in _STRINGS}
    flags = _UNICODE | _HAS_TEXT | sum(bit for name, bit in _STRINGS.items() if strings[name])
    local = _info(link.target) if link.target.isascii() and "%" not in link.target else b""
    items = shell_items.written(link.target)
    flags |= (_HAS_INFO if local else 0) | (_HAS_LIST if items else _PREFER_TEXT)
    header = _HEADER.pack(_HEADER.size, _CLASS, flags, _ARCHIVE, 0, 0, 0, 0, 0, _NORMAL_WINDOW, 0, 0, 0, 0)
    texts = b"".join(_counted(strings[name]) for name in _STRINGS if strings[name])
    return header + items + local + texts + _text_block(link.target) + bytes(4)


def read(content: bytes) -> Link:
    """What a shortcut says; one whose target is no file (a folder of the shell) has an empty target."""
    try:
        return _read(content[:_LIMIT])
    except (struct.error, IndexError, UnicodeDecodeError, ValueError) as error:
        raise BadContent(_("this is not a shortcut of Windows")) from error


def _read(content: bytes) -> Link:
    size, marked, flags, *_rest = _HEADER.unpack_from(content)
    if size != _HEADER.size or marked != _CLASS:
        raise ValueError(size)
    at = size
    listed, local = "", ""
    if flags & _HAS_LIST:
        length = _number(content, at, 2)
        listed = shell_items.path(content[at + 2 : at + 2 + length])
        at += 2 + length
    if flags & _HAS_INFO:
        length = _number(content, at, 4)
        local = _local_path(content[at : at + length])
        at += length
    strings: dict[str, str] = {}
    for name, bit in _STRINGS.items():
        if flags & bit:
            strings[name], at = _string(content, at, unicode=bool(flags & _UNICODE))
    text = next((_expanded(block) for kind, block in _blocks(content, at) if kind == _TEXT_BLOCK), "")
    strings.pop("relative", None)
    return Link(target=text if flags & _PREFER_TEXT and text else listed or local or text, **strings)


# --- the parts -------------------------------------------------------------------------


def _info(target: str) -> bytes:
    """The target as a path on a fixed disk: once for the code page, once whole."""
    narrow = target.encode("ascii") + b"\0"
    wide = target.encode("utf-16-le") + b"\0\0"
    volume = struct.pack("<IIII", 17, _FIXED_DRIVE, 0, 16) + b"\0"
    start = 0x24
    after = start + len(volume)
    suffix = after + len(narrow)
    unicode_at = suffix + 1
    body = volume + narrow + b"\0" + wide + b"\0\0"
    places = (start, after, 0, suffix, unicode_at, unicode_at + len(wide))
    return struct.pack("<IIIIIIIII", start + len(body), start, 1, *places) + body


def _local_path(info: bytes) -> str:
    head, flags, _volume, local, _net, suffix = struct.unpack_from("<IIIIII", info, 4)
    if not flags & 1:
        return ""
    if head >= 0x24:
        wide, wide_suffix = struct.unpack_from("<II", info, 0x1C)
        return _wide(info, wide) + _wide(info, wide_suffix)
    return _narrow(info, local) + _narrow(info, suffix)


def _counted(text: str) -> bytes:
    return struct.pack("<H", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


def _string(content: bytes, at: int, *, unicode: bool) -> tuple[str, int]:
    length = _number(content, at, 2) * (2 if unicode else 1)
    raw = content[at + 2 : at + 2 + length]
    text = raw.decode("utf-16-le") if unicode else raw.decode("cp1251", "replace")
    return text.removesuffix("\0"), at + 2 + length


def _text_block(target: str) -> bytes:
    narrow = target.encode("ascii", "replace")[:259].ljust(260, b"\0")
    wide = target.encode("utf-16-le")[:518].ljust(520, b"\0")
    return struct.pack("<II", _TEXT_SIZE, _TEXT_BLOCK) + narrow + wide


def _blocks(content: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 8 <= len(content) and (size := _number(content, at, 4)) >= 8:
        yield _number(content, at + 4, 4), content[at + 8 : at + size]
        at += size


def _expanded(block: bytes) -> str:
    return _wide(block, 260)


def _wide(content: bytes, at: int) -> str:
    end = at
    while content[end : end + 2] not in (b"\0\0", b"", b"\0"):
        end += 2
    return content[at:end].decode("utf-16-le")


def _narrow(content: bytes, at: int) -> str:
    return content[at : content.index(b"\0", at)].decode("cp1251", "replace")


def _number(content: bytes, at: int, size: int) -> int:
    found = content[at : at + size]
    if len(found) < size:
        raise ValueError(at)
    return int.from_bytes(found, "little")
