"""Which version a Windows program or library says it is of: read from the file itself, on any system.

The number is that of the file in its version resource (`VS_FIXEDFILEINFO`), four numbers with dots. The way there:
the program's header, the table of its sections, the folder of its resources, and in it type 16, whatever name and
language. Only that much is read; a file that is no program, or says no version, has none.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

_VERSION = 16
_SIGNATURE = struct.pack("<I", 0xFEEF04BD)
_FOLDER = 0x80000000
_LARGEST = 64 * 1024
_ENTRIES = 4096


class _Section(NamedTuple):
    address: int
    size: int
    place: int


def file_version(path: Path) -> str | None:
    """`6.5.1.0`; None where the file tells none."""
    with path.open("rb") as file:
        try:
            for resource in _versions(file):
                at = resource.find(_SIGNATURE)
                if at >= 0:
                    high, low = struct.unpack_from("<II", resource, at + 8)
                    return f"{high >> 16}.{high & 0xFFFF}.{low >> 16}.{low & 0xFFFF}"
        except struct.error:  # cut off in the middle of what we read
            return None
    return None


def _versions(file: BinaryIO) -> Iterator[bytes]:
    sections, resources = _header(file)
    home = next((s for s in sections if s.address <= resources < s.address + s.size), None)
    if not resources or home is None:
        return
    base = home.place + resources - home.address
    for _name, kind in _entries(file, base, 0, _VERSION):
        for _any, name in _entries(file, base, kind):
            for _language, leaf in _entries(file, base, name):
                address, size = struct.unpack("<II", _at(file, base + leaf, 8))
                yield _at(file, home.place + address - home.address, min(size, _LARGEST))


def _header(file: BinaryIO) -> tuple[list[_Section], int]:
    """The sections, and where in the program's memory its resources lie."""
    if _at(file, 0, 2) != b"MZ":
        return [], 0
    (start,) = struct.unpack("<I", _at(file, 0x3C, 4))
    if _at(file, start, 4) != b"PE\0\0":
        return [], 0
    count, optional = struct.unpack("<2xH12xH2x", _at(file, start + 4, 20))
    (magic,) = struct.unpack("<H", _at(file, start + 24, 2))
    directory = start + 24 + (112 if magic == 0x20B else 96)
    (resources,) = struct.unpack("<I", _at(file, directory + 2 * 8, 4))
    table = _at(file, start + 24 + optional, 40 * count)
    sections = []
    for at in range(0, 40 * count, 40):
        size, address, raw, place = struct.unpack_from("<IIII", table, at + 8)
        sections.append(_Section(address, max(size, raw), place))
    return sections, resources


def _entries(file: BinaryIO, base: int, folder: int, wanted: int | None = None) -> Iterator[tuple[int, int]]:
    """The names in a folder of resources, and where each leads."""
    named, numbered = struct.unpack("<12xHH", _at(file, base + folder, 16))
    for place in range(min(named + numbered, _ENTRIES)):
        name, leads = struct.unpack("<II", _at(file, base + folder + 16 + 8 * place, 8))
        if wanted is None or name == wanted:
            yield name, leads & ~_FOLDER


def _at(file: BinaryIO, place: int, size: int) -> bytes:
    file.seek(place)
    return file.read(size)
