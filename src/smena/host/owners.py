"""Owners of whole trees: who has what, given away, given back."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from smena.host.native import attributes
from smena.host.paths import decode, encode
from smena.host.ports import Attributes
from smena.host.trouble import telling
from smena.host.walk import Left, walk
from smena.text import _


class Owned(msgspec.Struct, frozen=True, array_like=True):
    """An entry and whose it was."""

    path: str
    uid: int
    gid: int


class Account(NamedTuple):
    uid: int
    gid: int


def resolve(user: str, group: str | None) -> Account:
    """The numbers of an account; the group is the user's own name where none is said."""
    found = attributes.named(user, group or user, 0)
    return Account(found.uid, found.gid)


def account(user: str) -> int:
    """The number of a user; an unknown one is an error."""
    return attributes.number_of(user)


def me() -> str:
    """The name of the account that runs smena."""
    return attributes.me()


def below(root: Path) -> Iterator[Owned]:
    """Every entry of a tree, itself included."""
    for seen in walk(root):
        if not isinstance(seen, Left):
            yield Owned(encode(seen.parent.path / seen.name), seen.stat.st_uid, seen.stat.st_gid)


def give(entries: Iterable[Owned], to: Account) -> int:
    """Everything to one account; the number of entries that changed hands."""
    changed = 0
    for entry in entries:
        if (entry.uid, entry.gid) != to:
            _set(Path(decode(entry.path)), to)
            changed += 1
    return changed


def give_back(entries: Iterable[Owned]) -> None:
    """Each to whom it belonged; what is gone since needs no owner."""
    for entry in entries:
        path = Path(decode(entry.path))
        if os.path.lexists(path):
            _set(path, Account(entry.uid, entry.gid))


def _set(path: Path, to: Account) -> None:
    with telling(_("cannot change the owner of {path}", path=encode(path))):
        now = attributes.read(str(path))
        attributes.apply(str(path), Attributes(now.mode, to.uid, to.gid, now.xattrs))
