"""Processes on Windows: not written yet, so nothing is ever taken for dead or ended by mistake."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from smena.host.ports import Identity
from smena.host.windows.unfit import unfit
from smena.text import _

MARK = "SMENA_MARK"


def all_pids() -> list[int]:
    raise unfit(_("look at processes"))


def runs(pid: int) -> bool:
    raise unfit(_("look at processes"))


def identity(pid: int, mark: str = "") -> Identity | None:
    raise unfit(_("look at processes"))


def same_boot(who: Identity) -> bool:
    raise unfit(_("look at processes"))


def alive(who: Identity) -> bool:
    raise unfit(_("look at processes"))


def members(who: Identity) -> list[Identity]:
    raise unfit(_("look at processes"))


def end(who: Identity, *, force: bool) -> None:
    raise unfit(_("end a process"))


def hang_up(who: Identity) -> bool:
    raise unfit(_("tell a process to read its configuration anew"))


def end_group(pid: int, *, force: bool) -> None:
    raise unfit(_("end a process"))


def program(pid: int) -> str:
    raise unfit(_("look at processes"))


def holders(path: Path) -> Iterator[tuple[int, str]]:
    raise unfit(_("find who holds a file"))
