"""Owners of whole trees: who has what, given away, given back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from smena.host.native import attributes, folders, owning
from smena.host.paths import decode, encode
from smena.host.ports import Account, Owned
from smena.host.trouble import telling
from smena.host.walk import Left, walk
from smena.text import _

__all__ = ["Account", "Owned", "account", "below", "give", "give_back", "me", "present", "resolve"]


def resolve(user: str, group: str | None) -> Account:
    """An account by its name; the group is the user's own name where none is said."""
    return owning.account(user, group or user)


def account(user: str) -> None:
    """An unknown user is an error."""
    owning.known(user)


def me() -> str:
    """The name of the account that runs smena."""
    return attributes.me()


def present(path: Path) -> Owned:
    """Whose an entry is now."""
    info = path.lstat()
    return Owned(encode(path), info.st_uid, info.st_gid, owning.access_of(str(path)))


def below(root: Path) -> Iterator[Owned]:
    """Every entry of a tree, itself included."""
    for seen in walk(root):
        if not isinstance(seen, Left):
            path = seen.parent.path / seen.name
            with telling(_("cannot read {path}", path=encode(path))):
                access = owning.access_of(str(path))
            yield Owned(encode(path), seen.stat.st_uid, seen.stat.st_gid, access)


def give(entries: Iterable[Owned], to: Account) -> int:
    """Everything to one account; the number of entries that changed hands."""
    changed = 0
    for entry in entries:
        if not owning.has(entry, to):
            path = Path(decode(entry.path))
            with telling(_("cannot change the owner of {path}", path=encode(path))):
                owning.give(str(path), to)
            changed += 1
    return changed


def give_back(entries: Iterable[Owned]) -> None:
    """Each to whom it belonged; what is gone since needs no owner."""
    for entry in entries:
        path = Path(decode(entry.path))
        if folders.there(str(path)):
            with telling(_("cannot change the owner of {path}", path=encode(path))):
                owning.give_back(str(path), entry)
