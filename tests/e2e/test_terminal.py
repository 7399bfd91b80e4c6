"""On a terminal: the question before an upgrade, and Ctrl-C, which never touches the run itself."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator

import pytest

from support.terminal import Terminal
from support.upgrade_host import ACCEPT, NAME, UpgradeHost

CTRL_C = "\x03"


Open = Callable[..., Terminal]


@pytest.fixture
def terminal(host: UpgradeHost) -> Iterator[Open]:
    opened: list[Terminal] = []

    def open_one(*arguments: str, **more: str) -> Terminal:
        opened.append(Terminal(host.environment, *arguments, **more))
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
