"""Processes on Linux, read from /proc.

A process number is given again after a while, so nothing here trusts it alone: before a
signal is sent, the process is pinned (pidfd) and its start compared.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from smena.host.ports import Identity

assert sys.platform != "win32"  # tells mypy too

MARK = "SMENA_MARK"
ASKED_TO_END = (signal.SIGTERM,)
"""The signals that ask a process of ours to end in order."""
_GONE = (FileNotFoundError, ProcessLookupError)


class Stat(NamedTuple):
    """The fields of /proc/PID/stat that are needed."""

    name: str
    state: str
    group: int
    session: int
    start: int


@cache
def boot() -> str:
    """The name of this boot: process numbers and starts mean something only within it."""
    return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()


def all_pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def stat_of(pid: int) -> Stat | None:
    """None where no such process is left; one that ended and only waits to be collected counts as gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8", "surrogateescape")
    except _GONE:
        return None
    name, _, rest = text[text.index("(") + 1 :].rpartition(")")
    fields = rest.split()
    if fields[0] in "ZX" and int(fields[17]) <= 1:  # its first thread may end before the others
        return None
    return Stat(name, fields[0], int(fields[2]), int(fields[3]), int(fields[19]))


def runs(pid: int) -> bool:
    """Whether any process has this number now."""
    return stat_of(pid) is not None


def identity(pid: int, mark: str = "") -> Identity | None:
    info = stat_of(pid)
    return Identity(pid, info.start, boot(), mark) if info else None


def same_boot(who: Identity) -> bool:
    """Whether the host was not booted since."""
    return who.boot == boot()


def alive(who: Identity) -> bool:
    """Whether this very process still runs."""
    if not same_boot(who):
        return False
    info = stat_of(who.pid)
    return info is not None and info.start == who.start


def members(who: Identity) -> list[Identity]:
    """The living processes of its session: itself and the children that did not leave it.

    Once the first process is gone only those count that carry its mark, because by then the
    session's number may belong to somebody else.
    """
    if not same_boot(who):
        return []
    leads = alive(who)
    found = []
    for pid in all_pids():
        info = stat_of(pid)
        if info and info.session == who.pid and (leads or _carries(pid, who.mark)):
            found.append(Identity(pid, info.start, who.boot, who.mark))
    return found


def end(who: Identity, *, force: bool) -> None:
    """Ask a process to end, or end it; one that is gone already is fine."""
    try:
        descriptor = os.pidfd_open(who.pid)
    except ProcessLookupError:
        return
    try:
        if alive(who):
            signal.pidfd_send_signal(descriptor, signal.SIGKILL if force else signal.SIGTERM)
    except ProcessLookupError:
        return
    finally:
        os.close(descriptor)


def end_all(those: list[Identity], *, force: bool) -> None:
    for who in those:
        end(who, force=force)


def hang_up(who: Identity) -> bool:
    """Have a server read its configuration anew, as servers understand this signal; false where it is gone."""
    try:
        descriptor = os.pidfd_open(who.pid)
    except ProcessLookupError:
        return False
    try:
        if alive(who):
            signal.pidfd_send_signal(descriptor, signal.SIGHUP)
            return True
    except ProcessLookupError:
        return False
    finally:
        os.close(descriptor)
    return False


def end_group(pid: int, *, force: bool) -> None:
    """For a child of ours that was not collected yet and leads its group: its number cannot be anybody else's."""
    try:
        os.killpg(pid, signal.SIGKILL if force else signal.SIGTERM)
    except ProcessLookupError:
        return


def program(pid: int) -> str:
    """For people: who is this? A process's arguments may hold secrets of others, so only the program is shown."""
    info = stat_of(pid)
    try:
        program = os.readlink(f"/proc/{pid}/exe")
    except OSError:  # a kernel thread, or not ours to see
        return info.name if info else "?"
    return program


def holders(path: Path) -> Iterator[tuple[int, str]]:
    """(process, how) for each process that has something at or below `path` open, mapped, running or as its folder.

    Processes that we may not look into are passed over: without root the answer is not complete.
    """
    wanted = os.path.realpath(path)
    for pid in all_pids():
        how = _holds(pid, wanted)
        if how:
            yield pid, how


def _holds(pid: int, wanted: str) -> str:
    try:
        for name, how in (("cwd", "folder"), ("exe", "program"), ("root", "root")):
            if _below(_link(f"/proc/{pid}/{name}"), wanted):
                return how
        if any(_below(_link(f"/proc/{pid}/fd/{name}"), wanted) for name in os.listdir(f"/proc/{pid}/fd")):
            return "open"
        return "mapped" if any(_below(path, wanted) for path in _mapped(pid)) else ""
    except (*_GONE, PermissionError):
        return ""


def _link(path: str) -> str:
    try:
        return os.readlink(path)
    except _GONE:
        return ""


def _mapped(pid: int) -> Iterator[str]:
    with open(f"/proc/{pid}/maps", encoding="utf-8", errors="surrogateescape") as lines:
        for line in lines:
            fields = line.rstrip("\n").split(" ", 5)
            if len(fields) == 6:
                yield fields[5].strip()


def _below(path: str, wanted: str) -> bool:
    path = path.removesuffix(" (deleted)")
    return path == wanted or path.startswith(wanted.rstrip("/") + "/")


def _carries(pid: int, mark: str) -> bool:
    if not mark:
        return False
    try:
        content = Path(f"/proc/{pid}/environ").read_bytes()
    except (*_GONE, PermissionError):
        return False
    return f"{MARK}={mark}".encode() in content.split(b"\0")
