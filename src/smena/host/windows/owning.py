"""Whose things are on Windows: what decides there is not the owner but who is in the access list.

To give a tree to an account grants it change on every entry; the way back puts every entry's list as it was. What an
entry was is its security descriptor, as text.
"""

from __future__ import annotations

import base64
import sys

from smena.errors import OwnerUnknown
from smena.host.ports import Account, Owned
from smena.host.windows import access, descriptors, looks
from smena.host.windows.api import handles, names, security
from smena.host.windows.long_paths import whole
from smena.host.windows.numbers import NOBODY_OF_THIS_NAME
from smena.text import _

assert sys.platform == "win32"  # tells mypy too


def account(user: str, group: str) -> Account:
    """A group of the same name, which Linux's packages make, is nobody here."""
    return Account(0, 0, _number(user))


def known(user: str) -> None:
    _number(user)


def access_of(path: str) -> str:
    at = whole(path)
    access.take_rights()
    with handles.handle(at, handles.READ_CONTROL) as found:
        return base64.b64encode(access.of(found, at)).decode("ascii")


def has(entry: Owned, to: Account) -> bool:
    return descriptors.may_change(descriptors.parsed(base64.b64decode(entry.access)), to.number)


def give(path: str, to: Account) -> None:
    at = whole(path)
    folder = bool(looks.look(path).st_file_attributes & names.FOLDER)
    access.put_at(at, descriptors.built(descriptors.granted(access.at(at), to.number, folder=folder)))


def give_back(path: str, entry: Owned) -> None:
    access.put_at(whole(path), base64.b64decode(entry.access))


def _number(user: str) -> str:
    try:
        return security.number_of(user)
    except OSError as error:
        if error.winerror == NOBODY_OF_THIS_NAME:
            raise OwnerUnknown(_("this host has no user {user}", user=user)) from error
        raise
