"""A licence state as entries, and patches of it: the bytes that hashes and signatures are over.

    entry: tag 1 · length of name 1 · name · length of value 1 · value

An entry is known by its tag and its name; entries stand in that order, each once, so one state has one form. A patch is
the same, with the new value of every entry that differs; a removed entry has 255 as the length of its value. Merging
looks at no value: what a state means is read only after its signature was verified.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from smena.errors import LicenceBad
from smena.text import _

Name = tuple[int, str]
Entries = Mapping[Name, bytes]
Patch = Mapping[Name, bytes | None]
"""The new values; None takes an entry away."""

_REMOVED = 255


def join(entries: Patch) -> bytes:
    """The one form. Values longer than 254 bytes do not exist. Texts sort as their UTF-8 does."""
    return b"".join(_entry(name, entries[name]) for name in sorted(entries))


def split(data: bytes) -> Entries:
    """The entries of a state."""
    found = split_patch(data)
    return {name: value for name, value in found.items() if value is not None or _refuse()}


def split_patch(data: bytes) -> Patch:
    """The entries of a patch. Anything but the one form is refused."""
    found: dict[Name, bytes | None] = {}
    rest, last = data, b""
    while rest:
        name, value, after = _first(rest)
        order = rest[:1] + rest[2 : 2 + rest[1]]
        if order <= last:
            _refuse()
        found[name] = value
        rest, last = after, order
    return found


def merge(state: Entries, patch: Patch) -> Entries:
    merged = {**state, **patch}
    return {name: value for name, value in merged.items() if value is not None}


def difference(old: Entries, new: Entries) -> Patch:
    """The patch that makes the new state of the old one."""
    return {name: new.get(name) for name in {*old, *new} if old.get(name) != new.get(name)}


def _entry(name: Name, value: bytes | None) -> bytes:
    written = name[1].encode("utf-8")
    if value is None:
        return b"%c%c%b%c" % (name[0], len(written), written, _REMOVED)
    return b"%c%c%b%c%b" % (name[0], len(written), written, len(value), value)


def _first(data: bytes) -> tuple[Name, bytes | None, bytes]:
    try:
        end = 2 + data[1]
        name = (data[0], data[2:end].decode("utf-8"))
        size = data[end]
    except (IndexError, UnicodeDecodeError):
        _refuse()
    if size == _REMOVED:
        return name, None, data[end + 1 :]
    value = data[end + 1 : end + 1 + size]
    if len(value) != size:
        _refuse()
    return name, value, data[end + 1 + size :]


def _refuse() -> NoReturn:
    raise LicenceBad(_("these bytes are no licence"))
