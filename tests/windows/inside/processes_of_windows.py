"""The processes of smena on Windows itself: run by a Python for Windows (see test_windows_python), never by ours.

Wine has no Ctrl-Break, so nobody can be asked to end there: where a test is about something else, asking ends.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from smena import clock
from smena.drivers import scheduled
from smena.errors import FileFailed, ProgramMissing, ProgramTooSlow
from smena.host.facts.holders import holders
from smena.host.facts.ports import listeners
from smena.host.facts.programs import programs
from smena.host.native import processes, rights, spawning
from smena.host.ports import Identity
from smena.host.process import Command, environment, run, spawn, survivors
from smena.host.windows import asked
from smena.host.windows.api import consoles
from smena.selftest import service_worlds
from smena.selftest.case import Case
from smena.selftest.services import SUITE
from smena.service import booting

assert sys.platform == "win32"  # tells mypy too

FAMILY = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""
SPAWN = """
import sys
from pathlib import Path
from smena.host.process import Command, environment, spawn
root = Path(sys.argv[1])
code = "import sys, time; open(sys.argv[1], 'w').close(); time.sleep(600)"
spawn(Command((sys.executable, "-S", "-c", code, str(root / "began")), environment()), root / "log", root / "note")
"""
_ASKING = {"orderly_end", "stubborn"}


def python(code: str, *words: str, **more: object) -> Command:
    return Command((sys.executable, "-S", "-c", code, *words), environment(), **more)  # type: ignore[arg-type]


def until(seen: object, seconds: float = 20.0) -> bool:
    deadline = clock.ticks() + seconds
    while not seen() and clock.ticks() < deadline:  # type: ignore[operator]
        clock.sleep(0.05)
    return bool(seen())  # type: ignore[operator]


@pytest.fixture
def asking_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    def end(those: list[Identity]) -> None:
        for who in those:
            processes.end(who, force=True)

    monkeypatch.setattr(asked, "to_end", end)


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[Identity]:
    who = spawn(python(FAMILY), tmp_path / "log", tmp_path / "note")
    yield who
    survivors(who, 10.0, force=True)


def child_of(tmp_path: Path) -> int:
    assert until(lambda: (tmp_path / "log").read_text("ascii").strip())
    return int((tmp_path / "log").read_text("ascii"))


# -- a child of ours ----------------------------------------------------------------------


def test_status_streams_input_and_words() -> None:
    words = ("two words", 'a"b', "", "back\\ ", "%PATH%", "NAME=some words", "строка")
    code = "import sys; print(ascii(sys.argv[1:]), len(sys.stdin.read())); print('e', file=sys.stderr); sys.exit(1603)"
    ended = run(python(code, *words, input=b"x" * 300_000))
    assert (ended.status, ended.out.strip(), ended.err.strip()) == (1603, f"{list(words)!a} 300000", "e")
    assert run(python("", input=b"x" * 300_000)).status == 0  # it need not read


def test_only_the_given_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_CALLER", "x")
    code = "import os; print(*map(os.environ.get, ('SECRET_OF_THE_CALLER', 'GIVEN', 'SYSTEMROOT')), sep='|')"
    ended = run(Command((sys.executable, "-S", "-c", code), environment(GIVEN="yes")))
    assert ended.out.strip() == f"None|yes|{os.environ['SYSTEMROOT']}"


def test_what_cannot_be_started(tmp_path: Path) -> None:
    with pytest.raises(ProgramMissing, match="no-such-program"):
        run(Command(("no-such-program",), environment()))
    with pytest.raises(FileFailed, match="cannot run"):
        run(python("", cwd=tmp_path / "missing"))


def test_too_slow_is_ended_with_all_that_it_started() -> None:
    with pytest.raises(ProgramTooSlow) as caught:
        run(python(FAMILY, limit=5.0, patience=0.1))
    assert not processes.runs(int(str(caught.value.why[0])))


def test_what_a_program_leaves_running_goes_on() -> None:
    ended = run(python(FAMILY.rpartition("time.sleep")[0], limit=30.0))
    left = processes.identity(int(ended.out))
    assert left is not None
    processes.end(left, force=True)
    assert until(lambda: not processes.alive(left))


# -- one that outlives us -----------------------------------------------------------------


def test_it_is_known_by_number_start_boot_and_mark(sleeper: Identity, tmp_path: Path) -> None:
    child = child_of(tmp_path)
    assert spawning.read_note(tmp_path / "note") == sleeper
    assert processes.alive(sleeper)
    assert {member.pid for member in processes.members(sleeper)} == {sleeper.pid, child}
    assert processes.program(sleeper.pid).lower() == sys.executable.lower()
    for stranger in (
        Identity(sleeper.pid, sleeper.start - 1, sleeper.boot, sleeper.mark),
        Identity(sleeper.pid, sleeper.start, "another boot", sleeper.mark),
    ):
        processes.end(stranger, force=True)
        assert not processes.alive(stranger)
    assert processes.alive(sleeper)


def test_children_of_a_dead_one_are_found_by_its_mark(sleeper: Identity, tmp_path: Path) -> None:
    child = child_of(tmp_path)
    processes.end(sleeper, force=True)
    assert until(lambda: not processes.alive(sleeper))
    assert [member.pid for member in processes.members(sleeper)] == [child]
    assert processes.members(Identity(sleeper.pid, sleeper.start, sleeper.boot, "another mark")) == []
    assert survivors(sleeper, 10.0, force=True) == []
    assert not processes.runs(child)


@pytest.mark.parametrize("point", ["born", "ready", "runs"])
def test_a_death_while_it_is_started_leaves_nothing(point: str, tmp_path: Path) -> None:
    before = set(processes.all_pids())
    faulty = {**os.environ, "SMENA_FAULT": f"spawning.{point}=kill"}
    assert subprocess.run([sys.executable, "-c", SPAWN, str(tmp_path)], env=faulty, stdin=subprocess.DEVNULL).returncode
    assert until(lambda: set(processes.all_pids()) <= before)
    who = spawning.read_note(tmp_path / "note")
    assert (who is None) == (point == "born")
    assert who is None or not processes.alive(who)


def test_it_outlives_who_started_it(tmp_path: Path) -> None:
    assert not subprocess.run([sys.executable, "-c", SPAWN, str(tmp_path)], stdin=subprocess.DEVNULL).returncode
    who = spawning.read_note(tmp_path / "note")
    assert who is not None
    assert until((tmp_path / "began").exists)
    assert processes.alive(who)
    assert survivors(who, 10.0, force=True) == []


def test_no_handle_goes_along_save_those_meant(tmp_path: Path) -> None:
    held = tmp_path / "held"
    descriptor = os.open(held, os.O_RDWR | os.O_CREAT)
    os.set_inheritable(descriptor, True)
    who = spawn(python("import time; time.sleep(600)"), tmp_path / "log", tmp_path / "note")
    try:
        os.close(descriptor)
        held.unlink()  # refused while anybody has it open
        (tmp_path / "log").rename(tmp_path / "moved")  # its log may be moved under it
    finally:
        survivors(who, 10.0, force=True)


# -- what is so on this host --------------------------------------------------------------


def test_ports_programs_and_holders(sleeper: Identity, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert listeners(server.getsockname()[1]).value
    assert Path(sys.executable).name in {program.name for program in programs().value}
    found = holders(Path(sys.executable)).value
    assert (sleeper.pid, "program") in {(holder.pid, holder.how) for holder in found}
    assert rights.everything()
    assert processes.runs(os.getpid())
    assert not processes.runs(os.getpid() + 1)  # Windows itself would take it for the number below


def test_asking_reaches_the_console_of_nobody_else(sleeper: Identity, tmp_path: Path) -> None:
    """As far as Wine goes: the small process finds the console and who stands at it, and ends well.

    It does so wherever it is called from, and where the Python of the system does not find smena.
    """
    others = [Identity(sleeper.pid, sleeper.start - 1, sleeper.boot), Identity(999996, 1, sleeper.boot)]
    for those in (others, [sleeper]):
        ended = subprocess.run(
            asked.command(those), env=environment(PYTHONPATH=""), cwd=tmp_path, capture_output=True, timeout=60
        )
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")
    asked.to_end([sleeper])
    assert processes.identity(os.getpid()) is not None


@pytest.mark.parametrize("case", [case for case in SUITE.cases if case.name not in _ASKING], ids=lambda case: case.name)
@pytest.mark.usefixtures("asking_ends")
def test_services_of_our_own(case: Case, tmp_path: Path) -> None:
    world = service_worlds.supervised(tmp_path)
    try:
        case.trial(world)
    finally:
        world.end()


def test_whoever_asks_leaves_his_own_console_first(sleeper: Identity, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that stands at one can go to no other."""
    did: list[str] = []

    def attach(_pid: int) -> bool:
        did.append("attach")
        return False

    monkeypatch.setattr(consoles, "leave", lambda: did.append("leave"))
    monkeypatch.setattr(consoles, "attach", attach)
    assert asked.main([f"{sleeper.pid}:{sleeper.start}"]) == 0
    assert did == ["leave", "attach"]


# -- tasks ------------------------------------------------------------------------------------


def test_the_task_at_start_of_the_host(tmp_path: Path) -> None:
    home = tmp_path / "дом"
    way = booting.known()
    assert way.state(home) == "missing"
    assert way.prepare(home)
    assert not way.prepare(home)
    assert way.state(home) == "current"
    try:
        scheduled.start(way.name(home))
        assert until((home / "recover.log").exists)
        clock.sleep(3)
        assert (home / "recover.log").read_text("utf-8") == ""
    finally:
        with suppress(FileNotFoundError):
            scheduled.delete(way.name(home))
