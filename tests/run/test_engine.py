"""The engine walks forward, back, waits, parks, and survives death at any point."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smena.errors import Interrupted, JournalMismatch, RunUnknown, StoreTooNew
from smena.journal.journal import Journal
from smena.run.engine import Engine
from support import toykinds as toy
from support.toykinds import Word

Step = tuple[str, Word] | tuple[str, Word, str]


@pytest.fixture
def world(tmp_path: Path) -> Path:
    folder = tmp_path / "world"
    folder.mkdir()
    (folder / "a").write_text("old", "utf-8")
    return folder


def words(world: Path, name: str = "a") -> str:
    path = world / name
    return path.read_text("utf-8") if path.exists() else ""


def two_and_foreign() -> list[Step]:
    return [
        ("append", Word(file="b", word="one")),
        ("keep", Word(file="a", word="keep")),
        ("foreign", Word(file="a", word="converted")),
        ("append", Word(file="b", word="two")),
    ]


def statuses(run: Path) -> list[str]:
    return [step.status for step in Journal.read(run).steps()]


def test_forward_does_every_step_once_and_ends_final(tmp_path: Path, world: Path) -> None:
    toy.make(tmp_path / "run", *two_and_foreign())
    assert toy.carry(tmp_path / "run", world) == "final"
    assert words(world) == "old converted"
    assert words(world, "b") == "one two"
    steps = Journal.read(tmp_path / "run").steps()
    assert [step.attempts for step in steps] == [1, 1, 1, 1]
    assert all(step.seconds is not None and step.finished for step in steps)


def test_failure_undoes_everything_that_had_begun_and_nothing_else(tmp_path: Path, world: Path) -> None:
    steps = [*two_and_foreign(), ("append", Word(file="b", word="x", fails=True)), *two_and_foreign()]
    toy.make(tmp_path / "run", *steps)
    assert toy.carry(tmp_path / "run", world) == "undone"
    assert words(world) == "old"
    assert words(world, "b") == ""
    assert statuses(tmp_path / "run") == ["undone"] * 5 + ["do"] * 4
    run = Journal.read(tmp_path / "run").run()
    assert str(run.why) == "as asked"
    assert run.finished


def test_failing_foreign_code_is_put_back(tmp_path: Path, world: Path) -> None:
    toy.make(
        tmp_path / "run",
        ("keep", Word(file="a", word="k")),
        ("foreign", Word(file="a", word="c", fails=True)),
    )
    assert toy.carry(tmp_path / "run", world) == "undone"
    assert words(world) == "old"


def test_retry_goes_on_by_itself(tmp_path: Path, world: Path) -> None:
    toy.make(tmp_path / "run", ("append", Word(file="a", word="new", retries=3)))
    assert toy.carry(tmp_path / "run", world) == "final"
    assert words(world) == "old new"
    assert Journal.read(tmp_path / "run").step(1).attempts == 4


def test_wait_waits_for_a_person_who_resumes_or_cancels(tmp_path: Path, world: Path) -> None:
    steps: list[Step] = [("append", Word(file="b", word="one")), ("append", Word(file="a", word="new", waits=True))]
    toy.make(tmp_path / "r1", *steps)
    assert toy.carry(tmp_path / "r1", world) == "waiting"
    assert toy.carry(tmp_path / "r1", world) == "waiting", "nothing goes on without a person"
    assert toy.carry(tmp_path / "r1", world, resume=True) == "final"
    assert words(world) == "old new"

    toy.make(tmp_path / "r2", *steps)
    assert toy.carry(tmp_path / "r2", world) == "waiting"
    (world / "cancel").touch()
    assert toy.carry(tmp_path / "r2", world, resume=True) == "undone"
    assert (words(world), words(world, "b")) == ("old new", "one")


def test_failure_with_users_in_asks_a_person(tmp_path: Path, world: Path) -> None:
    steps: list[Step] = [
        ("append", Word(file="a", word="new")),
        ("append", Word(file="b", word="x", fails=True), "open"),
    ]
    journal = toy.make(tmp_path / "r1", *steps)
    assert toy.carry(tmp_path / "r1", world) == "waiting"
    assert words(world) == "old new"
    journal.close()

    journal = toy.make(tmp_path / "r2", *steps)
    engine = Engine(journal, toy.TABLE, world, toy.Quiet(world), rollback_when_open=True)
    assert engine.carry() == "undone"
    assert words(world) == "old new"


def test_behind_a_point_of_no_return_nothing_is_undone(tmp_path: Path, world: Path) -> None:
    steps: list[Step] = [
        ("append", Word(file="b", word="one")),
        ("append", Word(file="a", word="gone")),
        ("append", Word(file="b", word="x", fails=True)),
    ]
    toy.make(tmp_path / "run", *steps, no_return=2)
    assert toy.carry(tmp_path / "run", world) == "waiting"
    assert (words(world), words(world, "b")) == ("old gone", "one")
    assert "no way back after step 2" in str(Journal.read(tmp_path / "run").run().why)

    toy.make(tmp_path / "before", steps[0], steps[2], steps[1], no_return=3)
    assert toy.carry(tmp_path / "before", world) == "undone", "a barrier that was never reached holds nobody"


def test_undo_that_fails_parks_and_a_person_resumes_it(tmp_path: Path, world: Path) -> None:
    toy.make(
        tmp_path / "run",
        ("append", Word(file="a", word="one")),
        ("append", Word(file="a", word="two", undo_fails=True)),
        ("append", Word(file="a", word="x", fails=True)),
    )
    assert toy.carry(tmp_path / "run", world) == "parked"
    assert words(world) == "old one two"
    assert toy.carry(tmp_path / "run", world) == "parked"
    (world / "mended").touch()
    assert toy.carry(tmp_path / "run", world, resume=True) == "undone"
    assert words(world) == "old"


def test_stop_between_steps_is_resumable_and_costs_no_recovery(tmp_path: Path, world: Path) -> None:
    toy.make(tmp_path / "run", *two_and_foreign())
    (world / "stop").touch()
    with pytest.raises(Interrupted):
        toy.carry(tmp_path / "run", world)
    assert Journal.read(tmp_path / "run").run().recoveries == 0
    (world / "stop").unlink()
    assert toy.carry(tmp_path / "run", world) == "final"


def test_cancel_goes_back(tmp_path: Path, world: Path) -> None:
    toy.make(tmp_path / "run", *two_and_foreign())
    (world / "cancel").touch()
    assert toy.carry(tmp_path / "run", world) == "undone"
    assert words(world) == "old"


def test_an_unknown_form_of_step_is_refused_before_anything(tmp_path: Path, world: Path) -> None:
    journal = toy.make(tmp_path / "run", *two_and_foreign())
    journal.store.write("UPDATE step SET version=2 WHERE seq=4")
    journal.close()
    with pytest.raises(JournalMismatch):
        toy.carry(tmp_path / "run", world)
    assert (words(world), words(world, "b")) == ("old", "")


def test_a_journal_of_a_newer_smena_is_refused(tmp_path: Path) -> None:
    journal = toy.make(tmp_path / "run", *two_and_foreign())
    journal.store.write("PRAGMA user_version=99")
    journal.close()
    with pytest.raises(StoreTooNew):
        Journal.open(tmp_path / "run")
    with pytest.raises(RunUnknown):
        Journal.open(tmp_path / "nowhere")


# --- death ---------------------------------------------------------------------


def carried_by_a_process(
    run: Path, world: Path, fault: str = "", log: Path | None = None
) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"SMENA_FAULT": fault, "SMENA_FAULT_LOG": str(log or "")}
    command = [sys.executable, toy.__file__, str(run), str(world)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


def points(tmp_path: Path, steps: list[Step]) -> list[str]:
    """Every point that a run of these steps passes."""
    world, log = tmp_path / "listing", tmp_path / "points"
    world.mkdir()
    (world / "a").write_text("old", "utf-8")
    toy.make(tmp_path / "listing-run", *steps).close()
    carried_by_a_process(tmp_path / "listing-run", world, log=log)
    return log.read_text("utf-8").split()


FAILING: list[Step] = [*two_and_foreign(), ("append", Word(file="a", word="x", fails=True))]


@pytest.mark.parametrize(("steps", "ends"), [(two_and_foreign(), {"final", "undone"}), (FAILING, {"undone"})])
@pytest.mark.parametrize("how", ["kill", "error", "full"])
def test_death_anywhere_leaves_old_or_new(tmp_path: Path, steps: list[Step], ends: set[str], how: str) -> None:
    for number, point in enumerate(points(tmp_path, steps)):
        run, world = tmp_path / f"run{number}", tmp_path / f"world{number}"
        world.mkdir()
        (world / "a").write_text("old", "utf-8")
        toy.make(run, *steps).close()
        carried_by_a_process(run, world, f"{point}={how}")
        state = toy.carry(run, world)
        if state == "parked":  # an undo that dies of an error is a person's
            assert how != "kill"
            state = toy.carry(run, world, resume=True)
        assert state in ends, point
        seen = (words(world), words(world, "b"))
        assert seen == (("old converted", "one two") if state == "final" else ("old", "")), point


def test_death_in_foreign_code_goes_back(tmp_path: Path, world: Path) -> None:
    toy.make(tmp_path / "run", *two_and_foreign()).close()
    killed = carried_by_a_process(tmp_path / "run", world, "toy.half=kill")
    assert killed.returncode < 0
    assert words(world) == "half"
    assert toy.carry(tmp_path / "run", world) == "undone"
    assert words(world) == "old"


def test_what_dies_again_and_again_is_parked(tmp_path: Path, world: Path) -> None:
    toy.make(tmp_path / "run", *two_and_foreign()).close()
    for _time in range(4):
        carried_by_a_process(tmp_path / "run", world, "toy.append=kill")
    assert toy.carry(tmp_path / "run", world) == "parked"
    assert toy.carry(tmp_path / "run", world, resume=True) == "final"


step = st.builds(
    lambda kind, file, word, fails: (kind, Word(file=file, word=word, fails=fails)),
    st.just("append"),
    st.sampled_from("ab"),
    st.sampled_from(["x", "y", "z"]),
    st.booleans(),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(step, min_size=1, max_size=8))
def test_law_all_or_nothing(tmp_path_factory: pytest.TempPathFactory, steps: list[Step]) -> None:
    base = tmp_path_factory.mktemp("law")
    world = base / "world"
    world.mkdir()
    toy.make(base / "run", *steps)
    state = toy.carry(base / "run", world)
    if any(params.fails for _kind, params, *_rest in steps):
        assert (state, words(world), words(world, "b")) == ("undone", "", "")
    else:
        for name in "ab":
            assert words(world, name).split() == [p.word for _k, p, *_r in steps if p.file == name]
        assert state == "final"
