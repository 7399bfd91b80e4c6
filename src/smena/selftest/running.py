"""Suites, one case after the other, each in a world of its own; whatever happens, the world goes with the case."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import msgspec

from smena import clock
from smena.errors import ContractBroken, SmenaError, by_ctrl_c
from smena.host import files, removal
from smena.host.native import attributes, processes
from smena.selftest.case import Case, Suite
from smena.selftest.service_worlds import PREFIX
from smena.text import Text, _, plain


class World(Protocol):
    """What has to be ended."""

    def end(self) -> None: ...


class Part(NamedTuple):
    """A suite in one kind of world; `why` it cannot be tried here."""

    name: str
    title: Text
    suite: Suite
    world: Callable[[Path], Any]
    why: Text | None = None


class Result(msgspec.Struct, frozen=True, kw_only=True):
    part: str
    case: str
    title: Text
    seconds: float
    trouble: Text | None = None


def results(part: Part, scratch: Path) -> Iterator[Result]:
    """One by one, as they come."""
    for case in part.suite.cases:
        began = clock.ticks()
        trouble = _tried(part, case, scratch)
        seconds = round(clock.ticks() - began, 3)
        yield Result(part=part.name, case=case.name, title=case.title, seconds=seconds, trouble=trouble)


def _tried(part: Part, case: Case, scratch: Path) -> Text | None:
    """Why it failed. A driver that breaks in a way that nobody foresaw is a failure as well, not the end of all."""
    try:
        with _folder(scratch) as folder:
            world = part.world(folder)
            try:
                case.trial(world)
            finally:
                if not isinstance(world, Path):
                    world.end()
    except Exception as error:  # see above
        if by_ctrl_c(error):
            raise KeyboardInterrupt from error
        if isinstance(error, SmenaError):
            return _told(error)
        return _("{name}: {words}", name=type(error).__name__, words=plain(error))
    return None


def _told(error: SmenaError) -> Text:
    message = (
        error.message
        if isinstance(error, ContractBroken)
        else _("{code}: {words}", code=error.code, words=error.message)
    )
    return _("{what}: {why}", what=message, why=error.why[0]) if error.why else message


@contextmanager
def scratch_folder(base: Path) -> Iterator[Path]:
    """A folder of this process alone; what killed ones left there goes first."""
    for left in base.glob(f"{PREFIX}*"):
        pid = left.name.removeprefix(PREFIX)
        if pid.isdigit() and not processes.runs(int(pid)):
            removal.clear(left)
    folder = base / f"{PREFIX}{os.getpid()}"
    files.make_folder(folder, attributes.own(0o700))
    try:
        yield folder
    finally:
        removal.clear(folder)


@contextmanager
def _folder(scratch: Path) -> Iterator[Path]:
    folder = scratch / secrets.token_hex(4)
    files.make_folder(folder, attributes.own(0o700))
    try:
        yield folder
    finally:
        removal.clear(folder)
