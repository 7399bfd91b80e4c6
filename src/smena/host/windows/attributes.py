"""Attributes on Windows: access lists are not read or kept yet, so whatever would lose one is refused."""

from __future__ import annotations

import os

from smena.host.ports import Attributes
from smena.host.windows.unfit import unfit
from smena.text import _


def read(target: int | str) -> Attributes:
    raise unfit(_("keep the access list of a file that is replaced"))


def apply(target: int | str, wanted: Attributes) -> None:
    """A new file inherits from its folder; anything more is not done yet."""
    if wanted != own(wanted.mode):
        raise unfit(_("set the owner or the access list of a file"))


def set_times(target: int | str, info: os.stat_result) -> None:
    os.utime(target, ns=(info.st_atime_ns, info.st_mtime_ns))


def named(user: str, group: str, mode: int) -> Attributes:
    raise unfit(_("set the owner of a file"))


def number_of(user: str) -> int:
    raise unfit(_("look up a user"))


def me() -> str:
    """The account that runs smena."""
    return os.getlogin()


def own(mode: int) -> Attributes:
    return Attributes(mode)


def is_private(path: str) -> bool:
    raise unfit(_("judge who can look into a folder"))
