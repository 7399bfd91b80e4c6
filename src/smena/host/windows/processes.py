"""Processes on Windows.

A process number is given again after a while, so nothing here trusts it alone: a process is known by number and start
(as GetProcessTimes tells it), and before it is ended it is held, and the start compared.

*Boot.* It is named by the start of the system's own process, number 4: the kernel writes it down once, and setting the
clock does not move it, as it moves the time at which the system says that it was booted. (Below Wine there is no
such process; then that time counts, with the clock's changes taken out.)

*Members.* Windows has no sessions of processes that could be asked for later: a job that a name was given to loses it
with our last handle, and a handle that every program inherits would be theirs to misuse. So whoever belongs to a
process carries its mark in the environment, which passes to its children; a child of ours that we still wait for
has its job, and while a process without a mark lives, what it started is known by parent and start.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from smena.host.ports import Identity
from smena.host.windows import asked, holding, jobs, marks
from smena.host.windows.api import process, tables
from smena.host.windows.snapshot import Seen, boot_time, family
from smena.host.windows.snapshot import processes as read
from smena.host.windows.unfit import unfit
from smena.text import _

assert sys.platform == "win32"  # tells mypy too

MARK = "SMENA_MARK"
ASKED_TO_END = (signal.SIGTERM, signal.SIGBREAK)
"""The signals that ask a process of ours to end in order."""
_SYSTEM = 4
_CONSOLE = "conhost.exe"
"""Stands behind every console, as a child of its first program, and goes when the last one has gone."""


@cache
def boot() -> str:
    """The name of this boot: process numbers and starts mean something only within it."""
    system = next((one.start for one in _seen() if one.pid == _SYSTEM), 0)
    return f"{system or boot_time(tables.time_of_day()):x}"


def all_pids() -> list[int]:
    return [one.pid for one in _seen()]


def runs(pid: int) -> bool:
    """Whether any process has this number now."""
    return start_of(pid) is not None


def identity(pid: int, mark: str = "") -> Identity | None:
    start = start_of(pid)
    return None if start is None else Identity(pid, start, boot(), mark)


def same_boot(who: Identity) -> bool:
    """Whether the host was not booted since."""
    return who.boot == boot()


def alive(who: Identity) -> bool:
    """Whether this very process still runs."""
    return same_boot(who) and start_of(who.pid) == who.start


def start_of(pid: int) -> int | None:
    """None where no such process is left; one that ended and that somebody still holds counts as gone."""
    try:
        held = process.opened(pid, process.LOOK)
    except PermissionError:  # the system's own, and those that are protected
        return next((one.start for one in _seen() if one.pid == pid), None)
    if held is None:
        return None
    with held:
        return None if process.ends_within(held, 0) else process.started(held)


def members(who: Identity) -> list[Identity]:
    """The living processes that belong to it, itself included."""
    if not same_boot(who):
        return []
    seen = _seen()
    found = {one.pid: one for one in _related(who, seen)}
    if who.mark:
        later = [one for one in seen if one.start >= who.start and one.pid not in found]
        found |= {one.pid: one for one in later if marks.carried(one, f"{MARK}={who.mark}")}
    theirs = [one for one in found.values() if one.name.lower() != _CONSOLE]
    return [Identity(one.pid, one.start, who.boot, who.mark) for one in theirs]


def end(who: Identity, *, force: bool) -> None:
    """Ask a process to end, or end it; one that is gone already is fine."""
    if not force:
        end_all([who], force=False)
        return
    held = process.opened(who.pid, process.END)
    if held is not None:
        with held:
            if same_boot(who) and process.started(held) == who.start:
                process.terminate(held)


def end_all(those: list[Identity], *, force: bool) -> None:
    """Asked, they are asked together: everybody at one console hears it, and once is enough."""
    if force:
        for who in those:
            end(who, force=True)
    else:
        asked.to_end([who for who in those if alive(who)])


def hang_up(who: Identity) -> bool:
    raise unfit(_("tell a process to read its configuration anew"))


def end_group(pid: int, *, force: bool) -> None:
    """For a child of ours that was not collected yet: it is held, so its number cannot be anybody else's."""
    if force:
        jobs.end(pid)
        return
    seen = {one.pid: one for one in _seen()}
    asked.to_end([Identity(number, seen[number].start, boot()) for number in jobs.members(pid) if number in seen])


def program(pid: int) -> str:
    """For people: who is this?"""
    try:
        held = process.opened(pid, process.LOOK)
        if held is not None:
            with held:
                return process.image(held)
    except OSError:  # the system's own, or not ours to see
        pass
    return next((one.name for one in _seen() if one.pid == pid), "") or "?"


def holders(path: Path) -> Iterator[tuple[int, str]]:
    """(process, how) for each process whose program lies at or below `path`, or that has files there open.

    Windows does not tell who stands in a folder.
    """
    wanted = marks.folded(str(path)).rstrip("\\")
    programs = [pid for pid in all_pids() if f"{marks.folded(program(pid))}\\".startswith(f"{wanted}\\")]
    yield from ((pid, "program") for pid in programs)
    yield from ((pid, "open") for pid, _name in holding.holders([str(path)]) if pid not in programs)


def _seen() -> list[Seen]:
    return [one for one in read(*tables.processes()) if one.pid]


def _related(who: Identity, seen: list[Seen]) -> list[Seen]:
    """Those that need no mark to be known."""
    inside = jobs.members(who.pid)
    found = [one for one in seen if one.pid in inside]
    leader = next((one for one in seen if (one.pid, one.start) == (who.pid, who.start)), None)
    if leader is not None:
        found += [one for one in family(leader, seen) if one not in found]
    return found
