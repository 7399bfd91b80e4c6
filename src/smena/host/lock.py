"""A lock between processes that death releases: the operating system holds it, not a file's existence.

What is written in the file (who, since when) is for people only; it may be old or half written,
and nobody decides by it. The file is never removed: a lock on a removed file would be no lock at all.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from smena import clock
from smena.errors import LockBusy
from smena.host.native import locks
from smena.host.paths import encode
from smena.host.trouble import FULL, telling
from smena.text import Text, _

_LOOK_AGAIN = 0.05


class Holder(msgspec.Struct, frozen=True):
    """Who says to hold a lock: what for, which process, since when."""

    purpose: str
    pid: int
    since: str


class Lock:
    """One lock, held from `acquire` to `release` or to the end of the process."""

    def __init__(self, path: Path, purpose: str) -> None:
        self.path = path
        self.purpose = purpose
        self._descriptor: int | None = None

    def acquire(self, wait: float = 0.0) -> Self:
        """Take it, waiting at most `wait` seconds; a busy one is an error that names the holder."""
        with telling(_("cannot lock {path}", path=encode(self.path))):
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
            taken = False
            try:
                taken = _taken(descriptor, wait)
            finally:
                if not taken:
                    os.close(descriptor)
            if not taken:
                raise _refusal(self.path)
            self._descriptor = descriptor
            _say(descriptor, Holder(self.purpose, os.getpid(), clock.stamp()))
        return self

    def release(self) -> None:
        if self._descriptor is None:
            return
        os.ftruncate(self._descriptor, 0)
        locks.unlock(self._descriptor)
        os.close(self._descriptor)
        self._descriptor = None

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    def __enter__(self) -> Self:
        return self if self.held else self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def busy(path: Path) -> LockBusy | None:
    """Why the lock cannot be had just now; None if it can. Looking is no holding: others who look do not notice it."""
    with telling(_("cannot lock {path}", path=encode(path))):
        try:
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except FileNotFoundError:
            return None
        try:
            if locks.try_share(descriptor):
                locks.unlock(descriptor)
                return None
        finally:
            os.close(descriptor)
    return _refusal(path)


def holder(path: Path) -> Holder | None:
    """What the lock's file says of its holder: for people."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Holder)
    except (OSError, msgspec.DecodeError):
        return None


def _say(descriptor: int, who: Holder) -> None:
    """A full disk must not keep anybody from locking: the words are only for people."""
    try:
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, msgspec.json.encode(who) + b"\n")
    except OSError as error:
        if error.errno not in FULL:
            raise


def _taken(descriptor: int, wait: float) -> bool:
    deadline = clock.ticks() + wait
    while not locks.try_lock(descriptor):
        left = deadline - clock.ticks()
        if left <= 0:
            return False
        clock.sleep(min(_LOOK_AGAIN, left))
    return True


def _refusal(path: Path) -> LockBusy:
    return LockBusy(_("{path} is locked", path=encode(path)), why=[_holder_words(path)])


def _holder_words(path: Path) -> Text:
    who = holder(path)
    if who is None:
        return _("another process holds it")
    return _("{purpose} holds it (process {pid}, since {since})", purpose=who.purpose, pid=who.pid, since=who.since)
