"""On a terminal: the question before an upgrade, and Ctrl-C, which never touches the run itself."""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator

import pytest

from support.upgrade_host import ACCEPT, NAME, UpgradeHost

CTRL_C = "\x03"


class Terminal:
    """A command on a terminal of its own: what it writes, and what a person types."""

    def __init__(self, host: UpgradeHost, *arguments: str, **more: str) -> None:
        self.master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
        self.seen = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "smena", *arguments],
            env=host.environment | {"TERM": "dumb"} | more,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - nothing but a call to the system
        )
        os.close(slave)

    def until(self, words: str, limit: float = 30.0) -> str:
        """Read until an expression is met; everything that came since the last time."""
        end = time.monotonic() + limit
        while not (found := re.search(words, self.seen)):
            assert time.monotonic() < end, f"{words} never came: {self.seen}"
            assert self._read(0.1) or self.process.poll() is None, f"{words} never came: {self.seen}"
        said, self.seen = self.seen[: found.end()], self.seen[found.end() :]
        return said

    def type(self, words: str) -> None:
        os.write(self.master, words.encode())

    def ends(self, limit: float = 30.0) -> int:
        end = time.monotonic() + limit
        while self.process.poll() is None:
            assert time.monotonic() < end, self.seen
            self._read(0.05)
        while self._read(0.0):
            pass
        return self.process.returncode

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.master)

    def _read(self, wait: float) -> bool:
        if not select.select([self.master], [], [], wait)[0]:
            return False
        try:
            self.seen += os.read(self.master, 65536).decode("utf-8", "replace")
        except OSError:  # the other end is closed
            return False
        return True


Open = Callable[..., Terminal]


@pytest.fixture
def terminal(host: UpgradeHost) -> Iterator[Open]:
    opened: list[Terminal] = []

    def open_one(*arguments: str, **more: str) -> Terminal:
        opened.append(Terminal(host, *arguments, **more))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


def upgrade(terminal: Open, *options: str, **more: str) -> Terminal:
    return terminal("upgrade", NAME, "--to", "4.7.3", "--probation", "0", *ACCEPT, *options, **more)


def test_a_person_is_asked_and_says_no(host: UpgradeHost, terminal: Open) -> None:
    shown = upgrade(terminal, "--lang", "ru")
    before = shown.until(r"4\.7\.2 .*4\.7\.3.*\?|\[да/нет\]")
    assert "4.7.2 → 4.7.3" in before
    shown.type("нет\n")
    assert shown.ends() == 2
    assert not (host.home / "runs").exists()


def test_a_person_is_asked_and_says_yes(host: UpgradeHost, terminal: Open) -> None:
    shown = upgrade(terminal, "--lang", "ru")
    shown.until(r"\[да/нет\]")
    shown.type("да\n")
    assert shown.ends() == 0
    assert host.only_run().state == "final"


def halted_upgrade(host: UpgradeHost, terminal: Open) -> tuple[Terminal, str]:
    """An upgrade under watch, whose run stands still in the switch."""
    kinds = [step.kind for step in host.plan("4.7.3").steps]
    shown = upgrade(terminal, "--yes", SMENA_FAULT=f"run.before-do@{kinds.index('relink') + 1}=halt")
    run = host.begun()
    host.halted(run)
    shown.until("stop apigateway")
    return shown, run


def test_ctrl_c_and_leave(host: UpgradeHost, terminal: Open) -> None:
    shown, run = halted_upgrade(host, terminal)
    shown.type(CTRL_C)
    shown.until(r"Leave it \[l\], or cancel it")
    shown.type("l\n")
    assert shown.ends() == 130
    assert f"smena run watch {run}" in shown.seen
    host.signal(run, signal.SIGCONT)
    assert host.settled(run, "final", "undone").state == "final"


def test_ctrl_c_and_cancel(host: UpgradeHost, terminal: Open) -> None:
    before = host.snapshot()
    shown, run = halted_upgrade(host, terminal)
    shown.type(CTRL_C)
    shown.until(r"Leave it \[l\], or cancel it")
    shown.type("c\n")
    host.requested(run, "cancel")
    host.signal(run, signal.SIGCONT)
    assert shown.ends() == 1
    assert "with everything as before" in shown.seen
    assert host.view(run).state == "undone"
    assert host.snapshot() == before


def test_ctrl_c_twice_leaves(host: UpgradeHost, terminal: Open) -> None:
    """Who presses it again, at the question, wants to get away: the run is left alone."""
    shown, run = halted_upgrade(host, terminal)
    shown.type(CTRL_C)
    shown.until(r"Leave it \[l\], or cancel it")
    shown.type(CTRL_C)
    assert shown.ends() == 130
    host.signal(run, signal.SIGCONT)
    assert host.settled(run, "final", "undone").state == "final"


def test_the_terminal_closes(host: UpgradeHost, terminal: Open) -> None:
    shown, run = halted_upgrade(host, terminal)
    os.killpg(shown.process.pid, signal.SIGHUP)
    shown.ends()
    host.signal(run, signal.SIGCONT)
    assert host.settled(run, "final", "undone").state == "final"
