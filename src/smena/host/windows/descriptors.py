"""Security descriptors as bytes: read, compared and made without Windows, so that it can be tried anywhere.

A self-relative descriptor is 20 bytes (revision, control, four offsets), then owner, group and access lists. Two
lists are the same when they let the same accounts do the same things on the entry and on what comes to lie in it:
whether an entry of a list was inherited or set is noise, and where nothing is denied so is their order.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_HEAD = struct.Struct("<BBHLLLL")
_LIST = struct.Struct("<BBHHH")
_ENTRY = struct.Struct("<BBH")
_MASK = struct.Struct("<L")
_SELF_RELATIVE, _HAS_LIST, _CLOSED = 0x8000, 0x0004, 0x1000
_INHERITED_LIST, _ASK_INHERITED = 0x0400, 0x0100
ALLOW, DENY = 0, 1
ON_FILES, ON_FOLDERS, ONLY_BELOW, _INHERITED = 0x01, 0x02, 0x08, 0x10
ALL, CHANGE = 0x1F01FF, 0x1301BF
"""Everything; everything but changing the list and the owner."""
_GENERIC = ((0x10000000, ALL), (0x80000000, 0x120089), (0x40000000, 0x120116), (0x20000000, 0x1200A0))
SYSTEM, ADMINISTRATORS, OWNER = "S-1-5-18", "S-1-5-32-544", "S-1-3-4"
_INSTALLER = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
_READS = 0x00000001 | 0x00000020  # data, and entering
_WRITES = 0x00000002 | 0x00000004 | 0x00000040 | 0x00010000 | 0x00040000 | 0x00080000


class Entry(NamedTuple):
    """One entry of an access list: what kind, where it counts, for what, for whom."""

    kind: int
    flags: int
    mask: int
    account: str
    rest: bytes = b""
    """What kinds of entries hold that are not understood here; kept and compared as it is."""


class Descriptor(NamedTuple):
    """Whose an entry of the disk is, and who may do what. No list at all lets everybody do everything."""

    owner: str
    group: str
    entries: tuple[Entry, ...] | None
    closed: bool = False
    """Nothing comes from the folder above."""


def account_of(data: bytes) -> str:
    """An account's number in its usual form, S-1-…"""
    parts, authority = data[1], int.from_bytes(data[2:8], "big")
    return "-".join(map(str, ("S", data[0], authority, *struct.unpack_from(f"<{parts}L", data, 8))))


def account_bytes(text: str) -> bytes:
    _s, revision, authority, *parts = text.split("-")
    numbers = [int(part) for part in parts]
    head = bytes([int(revision), len(numbers)]) + int(authority).to_bytes(6, "big")
    return head + struct.pack(f"<{len(numbers)}L", *numbers)


def parsed(data: bytes) -> Descriptor:
    _revision, _pad, control, owner, group, _audit, rights = _HEAD.unpack_from(data)
    entries = _entries(data[rights:]) if control & _HAS_LIST and rights else None
    return Descriptor(
        account_of(data[owner:]) if owner else "",
        account_of(data[group:]) if group else "",
        entries,
        bool(control & _CLOSED),
    )


def built(descriptor: Descriptor) -> bytes:
    """The bytes of a descriptor."""
    control = _SELF_RELATIVE | _HAS_LIST | (_CLOSED if descriptor.closed else 0)
    if any(entry.flags & _INHERITED for entry in descriptor.entries or ()):
        control |= _INHERITED_LIST
    pieces, offsets, at = [], [], _HEAD.size
    for account in (descriptor.owner, descriptor.group):
        piece = account_bytes(account) if account else b""
        offsets.append(at if piece else 0)
        pieces.append(piece)
        at += len(piece)
    rights = b"" if descriptor.entries is None else _list(descriptor.entries)
    return _HEAD.pack(1, 0, control, *offsets, 0, at if rights else 0) + b"".join(pieces) + rights


def as_kept(data: bytes) -> bytes:
    """The descriptor in the form in which the system takes entries as inherited that were inherited."""
    control = int.from_bytes(data[2:4], "little")
    if control & _INHERITED_LIST:
        control |= _ASK_INHERITED
    return data[:2] + control.to_bytes(2, "little") + data[4:]


def same_access(one: Descriptor, other: Descriptor) -> bool:
    """Whether both let the same accounts do the same things, and whether the folder above counts for both."""
    return one.closed == other.closed and _meaning(one.entries) == _meaning(other.entries)


def kept(found: Descriptor, wanted: Descriptor) -> bool:
    """Whether what is there now is what was set, as far as it concerns those who cannot do everything anyway."""
    almighty = {SYSTEM, ADMINISTRATORS, found.owner}
    return _without(found, almighty) == _without(wanted, almighty)


def _without(descriptor: Descriptor, accounts: set[str]) -> list[Entry] | None:
    if descriptor.entries is None:
        return None
    return _meaning(tuple(entry for entry in descriptor.entries if entry.account not in accounts))


def private(account: str, *, folder: bool) -> Descriptor:
    """For the system, the administrators and one account, with nothing from the folder above."""
    flags = ON_FILES | ON_FOLDERS if folder else 0
    accounts = dict.fromkeys((SYSTEM, ADMINISTRATORS, account))
    return Descriptor("", "", tuple(Entry(ALLOW, flags, ALL, account) for account in accounts), closed=True)


def granted(descriptor: Descriptor, account: str, *, folder: bool) -> Descriptor:
    """The descriptor, with one account that may change the entry and what comes to lie in it."""
    if descriptor.entries is None or may_change(descriptor, account):
        return descriptor
    flags = ON_FILES | ON_FOLDERS if folder else 0
    entry = Entry(ALLOW, flags, CHANGE, account)
    set_here = [one for one in descriptor.entries if not one.flags & _INHERITED]
    inherited = [one for one in descriptor.entries if one.flags & _INHERITED]
    return descriptor._replace(entries=(*set_here, entry, *inherited))


def may_change(descriptor: Descriptor, account: str) -> bool:
    """Whether an entry for this very account allows it already; groups are not looked into."""
    own = [one for one in descriptor.entries or () if one.account == account and not one.flags & ONLY_BELOW]
    return any(one.kind == ALLOW and _plain(one.mask) & CHANGE == CHANGE for one in own)


def others(descriptor: Descriptor, mine: Iterable[str], *, write: bool) -> list[str]:
    """Accounts besides the system's own and these that may read (or write) the entry itself."""
    if descriptor.entries is None:
        return ["S-1-1-0"]
    trusted = {SYSTEM, ADMINISTRATORS, OWNER, _INSTALLER, *mine}
    wanted = _WRITES if write else _READS
    return [
        entry.account
        for entry in descriptor.entries
        if entry.kind != DENY
        and not entry.flags & ONLY_BELOW
        and entry.account not in trusted
        and _plain(entry.mask) & wanted
    ]


def _entries(data: bytes) -> tuple[Entry, ...]:
    _revision, _pad, _size, count, _pad2 = _LIST.unpack_from(data)
    found, at = [], _LIST.size
    for _number in range(count):
        kind, flags, size = _ENTRY.unpack_from(data, at)
        body = data[at + _ENTRY.size : at + size]
        mask = _MASK.unpack_from(body)[0]
        if kind in (ALLOW, DENY):
            found.append(Entry(kind, flags, mask, account_of(body[4:])))
        else:
            found.append(Entry(kind, flags, mask, "", body[4:]))
        at += size
    return tuple(found)


def _list(entries: Sequence[Entry]) -> bytes:
    packed = b"".join(_packed(entry) for entry in entries)
    return _LIST.pack(2, 0, _LIST.size + len(packed), len(entries), 0) + packed


def _packed(entry: Entry) -> bytes:
    body = _MASK.pack(entry.mask) + (account_bytes(entry.account) if entry.account else entry.rest)
    return _ENTRY.pack(entry.kind, entry.flags, _ENTRY.size + len(body)) + body


def _meaning(entries: tuple[Entry, ...] | None) -> list[Entry] | None:
    if entries is None:
        return None
    plain = [one._replace(flags=one.flags & ~_INHERITED, mask=_plain(one.mask)) for one in entries]
    return sorted(set(plain)) if all(one.kind == ALLOW for one in plain) else plain


def _plain(mask: int) -> int:
    """Generic rights as what they mean for files."""
    for generic, meaning in _GENERIC:
        if mask & generic:
            mask = mask & ~generic | meaning
    return mask
