"""Tasks through `schtasks`, whose stand-in keeps them as Windows does and really starts what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from smena import clock
from smena.drivers import scheduled
from smena.drivers.task_text import Action, text
from smena.errors import TaskRefused

NAME = scheduled.run_task("20261121-a")


def task(words: str, *, at_boot: bool = False) -> bytes:
    action = Action(r"C:\windows\system32\cmd.exe", f"/d /c {words}", "C:\\")
    return text(action, "a task", at_boot=at_boot)


def appears(path: Path) -> bool:
    deadline = clock.ticks() + 20
    while not path.exists() and clock.ticks() < deadline:
        clock.sleep(0.05)
    return path.exists()


def test_a_task_from_making_to_removing(scheduler: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_CALLER", "x")
    file, wanted = scheduler / "drive_c" / "task.xml", task("echo %USERNAME% %SECRET_OF_THE_CALLER%> began.txt")
    assert scheduled.state(NAME, wanted) == "missing"
    scheduled.delete(NAME)  # nothing to do
    with pytest.raises(TaskRefused) as caught:
        scheduled.start(NAME)
    assert "cannot find" in str(caught.value.why[0])
    scheduled.create(NAME, wanted, file)
    assert scheduled.state(NAME, wanted) == "current"
    assert scheduled.state(NAME, task("other")) == "old"
    assert scheduled.state(NAME, task("echo", at_boot=True)) == "old"
    scheduled.start(NAME)
    began = scheduler / "drive_c" / "began.txt"
    assert appears(began)
    # it runs as the system itself, which knows nothing of who asked
    deadline = clock.ticks() + 5
    while not began.read_text("ascii").strip() and clock.ticks() < deadline:
        clock.sleep(0.05)
    assert began.read_text("ascii").strip().startswith("SYSTEM %SECRET")
    scheduled.delete(NAME)
    assert not scheduled.exists(NAME)


def test_one_that_runs_is_not_started_twice_and_outlives_its_task(scheduler: Path) -> None:
    wanted = task("echo x>> count.txt & ping -n 4 127.0.0.1 >nul & echo x> ended.txt")
    scheduled.create(NAME, wanted, scheduler / "drive_c" / "task.xml")
    scheduled.start(NAME)
    assert appears(scheduler / "drive_c/count.txt")
    scheduled.start(NAME)
    scheduled.delete(NAME)
    assert appears(scheduler / "drive_c/ended.txt")
    assert (scheduler / "drive_c/count.txt").read_text("ascii").split() == ["x"]


def test_what_the_scheduler_refuses_is_told(scheduler: Path) -> None:
    with pytest.raises(TaskRefused) as caught:
        scheduled.create(NAME, b"no task", scheduler / "drive_c" / "task.xml")
    assert "malformed" in str(caught.value.why[0])
    assert caught.value.hint is not None
