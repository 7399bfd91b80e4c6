"""Whose things are on Linux: two numbers an entry."""

from __future__ import annotations

import grp
import pwd
import sys

from smena.errors import OwnerUnknown
from smena.host.ports import Account, Attributes, Owned
from smena.host.posix import attributes
from smena.text import _

assert sys.platform != "win32"  # tells mypy too


def account(user: str, group: str) -> Account:
    """The numbers of an account that is known by name."""
    try:
        return Account(pwd.getpwnam(user).pw_uid, grp.getgrnam(group).gr_gid)
    except KeyError as error:
        raise OwnerUnknown(_("this host has no user {user} or no group {group}", user=user, group=group)) from error


def known(user: str) -> None:
    """An unknown user is an error."""
    try:
        pwd.getpwnam(user)
    except KeyError as error:
        raise OwnerUnknown(_("this host has no user {user}", user=user)) from error


def access_of(path: str) -> str:
    """The numbers in its stat say it all."""
    del path
    return ""


def has(entry: Owned, to: Account) -> bool:
    return (entry.uid, entry.gid) == to[:2]


def give(path: str, to: Account) -> None:
    """A link is not followed."""
    now = attributes.read(path)
    attributes.apply(path, Attributes(now.mode, to.uid, to.gid, now.xattrs))


def give_back(path: str, entry: Owned) -> None:
    give(path, Account(entry.uid, entry.gid))
