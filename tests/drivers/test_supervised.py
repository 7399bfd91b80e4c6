"""What is special about supervised services: the caller's death, numbers given again, no secrets kept."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import msgspec
import pytest

from smena import clock
from smena.drivers.ports import Service
from smena.drivers.supervised import Supervised
from smena.errors import FileFailed, ProgramMissing, ServiceFailed, ServiceUnknown
from smena.host.native import processes
from support.death import die, perform, points

SLEEP = "import time; print('up', flush=True); time.sleep(600)"
CODE = """
from pathlib import Path
from smena.drivers.ports import Service
from smena.drivers.supervised import Supervised
home = Path({home!r})
home.mkdir(exist_ok=True)
service = Service(instance="N", name="svc", command={command!r}, stop_within=5.0)
Supervised(home).{act}(service)
"""
COMMAND = (sys.executable, "-S", "-c", SLEEP)


def service(**more: object) -> Service:
    return msgspec.structs.replace(Service(instance="N", name="svc", command=COMMAND, stop_within=5.0), **more)


def code(home: Path, act: str) -> str:
    return CODE.format(home=str(home), command=COMMAND, act=act)


def sleepers(home: Path) -> list[int]:
    """Every process whose log is in this home."""
    found = []
    for pid in processes.all_pids():
        try:
            if str(Path(f"/proc/{pid}/fd/1").readlink()).startswith(str(home)) and processes.runs(pid):
                found.append(pid)
        except OSError:
            continue
    return found


def test_it_outlives_whoever_started_it(tmp_path: Path) -> None:
    ended = perform(code(tmp_path / "home", "start") + "import os; os.kill(os.getpid(), 9)\n")
    assert ended.returncode == -9
    driver = Supervised(tmp_path / "home")
    assert driver.state(service()).status == "running"
    assert len(sleepers(tmp_path / "home")) == 1
    driver.stop(service())
    assert sleepers(tmp_path / "home") == []


@pytest.mark.parametrize("act", ["start", "stop"])
def test_the_caller_dies_at_every_point(tmp_path: Path, act: str) -> None:
    """Whatever runs is known, is one, and can be stopped."""
    learn = tmp_path / "learn"
    if act == "stop":
        perform(code(learn, "start"))
    passed = points(code(learn, act), tmp_path / "log")
    Supervised(learn).stop(service())
    assert any(point.startswith("supervised") for point in passed)
    for number, point in enumerate(passed):
        home = tmp_path / str(number)
        if act == "stop":
            perform(code(home, "start"))
        die(code(home, act), point)
        driver = Supervised(home)
        running = sleepers(home)
        assert (driver.state(service()).status == "running") == (len(running) == 1), point
        driver.start(service())
        assert len(sleepers(home)) == 1, point
        driver.stop(service())
        assert sleepers(home) == [], point


def test_two_callers_at_once_start_one(tmp_path: Path) -> None:
    driver = Supervised(tmp_path)
    threads = [threading.Thread(target=driver.start, args=(service(),)) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sleepers(tmp_path)) == 1
    driver.stop(service())


def test_a_number_that_belongs_to_another_by_now_is_not_touched(tmp_path: Path) -> None:
    """This very test's number stands in the note, with another start: it must be neither the service nor stopped."""
    driver = Supervised(tmp_path)
    driver.start(service())
    note = tmp_path / "services" / "N" / "svc" / "identity"
    _pid, start, boot, mark = note.read_text().splitlines()
    driver.stop(service())
    note.write_text(f"{os.getpid()}\n{start}\n{boot}\n{mark}\n")
    assert driver.state(service()).status == "died"
    driver.stop(service())
    assert driver.state(service()).status == "stopped"


def test_after_a_boot_nothing_runs_and_nothing_died(tmp_path: Path) -> None:
    driver = Supervised(tmp_path)
    driver.start(service())
    note = tmp_path / "services" / "N" / "svc" / "identity"
    pid, start, boot, mark = note.read_text().splitlines()
    note.write_text(f"{pid}\n{start}\nanother-boot\n{mark}\n")
    assert driver.state(service()).status == "stopped"
    note.write_text(f"{pid}\n{start}\n{boot}\n{mark}\n")
    driver.stop(service())


@pytest.mark.parametrize("words", [b"", b"12\n", b"\xff", b"a\nb\nc\nd\n"])
def test_a_note_that_a_power_cut_spoilt_tells_of_nobody(tmp_path: Path, words: bytes) -> None:
    driver = Supervised(tmp_path)
    driver.start(service())
    driver.stop(service())
    (tmp_path / "services" / "N" / "svc" / "identity").write_bytes(words)
    assert driver.state(service()).status == "stopped"
    driver.start(service())
    assert driver.state(service()).status == "running"
    driver.stop(service())


def test_no_secret_is_kept_or_shown(tmp_path: Path) -> None:
    told = "import os; print('secret is', os.environ['PASSWORD'], flush=True); import time; time.sleep(600)"
    secret = service(
        command=(sys.executable, "-S", "-c", told), environment={"PASSWORD": "hunter2"}, secrets=("hunter2",)
    )
    driver = Supervised(tmp_path)
    driver.start(secret)
    deadline = clock.ticks() + 10
    while not driver.last_words(secret):
        assert clock.ticks() < deadline
        clock.sleep(0.01)
    assert driver.last_words(secret) == "secret is ***\n"
    driver.stop(secret)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.name != "log")
    assert b"hunter2" not in kept


def test_what_the_last_running_left_is_named_before_a_new_start(tmp_path: Path) -> None:
    family = "import subprocess, sys\nsubprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(600)'])\n"
    left = service(command=(sys.executable, "-S", "-c", family))
    driver = Supervised(tmp_path)
    driver.start(left)
    deadline = clock.ticks() + 10
    while driver.state(left).status == "running":
        assert clock.ticks() < deadline
        clock.sleep(0.01)
    with pytest.raises(ServiceFailed, match="still run"):
        driver.start(left)
    driver.stop(left)
    assert sleepers(tmp_path) == []


def test_what_cannot_be_started_is_said_and_is_stopped(tmp_path: Path) -> None:
    driver = Supervised(tmp_path)
    for wrong, error in (
        (service(command=("/no/such/program",)), ProgramMissing),
        (service(directory=str(tmp_path / "no")), FileFailed),
        (service(log=str(tmp_path / "no" / "log")), FileFailed),
    ):
        with pytest.raises(error):
            driver.start(wrong)
        assert driver.state(wrong).status == "stopped"


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "a\\b"])
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ServiceUnknown):
        Supervised(tmp_path).start(service(name=name))
    with pytest.raises(ServiceUnknown):
        Supervised(tmp_path).stop(service(instance=name))
    assert list(tmp_path.iterdir()) == []


def test_the_log_may_lie_elsewhere_and_is_added_to(tmp_path: Path) -> None:
    log = tmp_path / "logs.txt"
    log.write_text("before\n")
    chosen = service(log=str(log))
    driver = Supervised(tmp_path)
    driver.start(chosen)
    deadline = clock.ticks() + 10
    while "up" not in driver.last_words(chosen):
        assert clock.ticks() < deadline
        clock.sleep(0.01)
    driver.stop(chosen)
    assert log.read_text() == "before\nup\n"
