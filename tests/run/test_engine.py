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
from smena.host import reserve
from smena.journal.journal import Journal
from smena.run.engine import Engine
from smena.run.status import MOVES, RUN_MOVES, State, Status, may_move
from support import disks
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


def test_a_cancel_that_cannot_be_done_is_answered_once(tmp_path: Path, world: Path) -> None:
    """Behind a point of no return there is only forward: the request must not turn up again and again."""
    toy.make(tmp_path / "run", *two_and_foreign(), ("append", Word(file="b", word="w", waits=True)), no_return=1)
    assert toy.carry(tmp_path / "run", world) == "waiting"
    (world / "cancel").touch()
    assert toy.carry(tmp_path / "run", world, resume=True) == "waiting"
    assert "no way back after step 1" in str(Journal.read(tmp_path / "run").run().why)
    assert toy.carry(tmp_path / "run", world, resume=True) == "final"
    assert words(world, "b") == "one two w"


def test_a_person_is_asked_again_when_death_came_before_the_question_was_written_down(
    tmp_path: Path, world: Path
) -> None:
    toy.make(tmp_path / "run", ("append", Word(file="a", word="new", waits=True))).close()
    for _time in range(2):
        carried_by_a_process(tmp_path / "run", world, "run.after-do=kill")
    assert toy.carry(tmp_path / "run", world) == "waiting", "nobody has been asked yet"
    assert words(world) == "old"
    carried_by_a_process(tmp_path / "run", world, "toy.append=kill", resume=True)
    assert toy.carry(tmp_path / "run", world) == "waiting", "what a person said died with the process"
    assert toy.carry(tmp_path / "run", world, resume=True) == "final"


# --- a full disk -----------------------------------------------------------------


class Grabbing(toy.Quiet):
    """While the run sleeps between two attempts, somebody else takes all that is left of the disk."""

    def __init__(self, world: Path, disk: Path) -> None:
        super().__init__(world)
        self.disk = disk

    def sleep(self, seconds: float) -> None:
        with (self.disk / "filling").open("ab", buffering=0) as file:
            try:
                while True:
                    file.write(b"f" * 4096)
            except OSError:
                return


@pytest.mark.root
@pytest.mark.parametrize("retries", [0, 1])
def test_once_the_journal_needs_the_reserve_the_run_goes_back_with_what_is_left_of_it(
    tmp_path: Path, world: Path, retries: int
) -> None:
    with disks.tmpfs(tmp_path / "disk", "3m") as disk:
        steps = [("append", Word(file="a", word=str(number))) for number in range(300)]
        journal = toy.make(disk / "run", *steps[:2], ("append", Word(file="a", word="r", retries=retries)), *steps)
        reserve.hold(disk / "run", 1_000_000)
        control = Grabbing(world, disk)
        if not retries:
            control.sleep(0)
        asked: list[bool] = []

        def relief() -> bool:
            asked.append(reserve.held(disk / "run"))
            reserve.free(disk / "run")
            return asked[-1]

        journal.store.relief = relief
        assert Engine(journal, toy.TABLE, world, control).carry() == "undone"
        assert asked[0] is True
        assert words(world) == "old"
        assert [step.status for step in journal.steps() if step.status == "done"] == []
        why = journal.run().why
        assert why is not None
        assert "no room left" in str(why)
        journal.close()


def test_with_users_in_a_full_disk_is_a_persons_to_settle(tmp_path: Path, world: Path) -> None:
    steps: list[Step] = [("append", Word(file="a", word="new")), ("append", Word(file="b", word="x"), "open")]
    journal = toy.make(tmp_path / "run", *steps)
    engine = Engine(journal, toy.TABLE, world, toy.Quiet(world))
    journal.store.relieved = True
    journal.store.write("UPDATE step SET status='done' WHERE seq=1")
    assert engine.carry() == "waiting"
    journal.close()
    assert toy.carry(tmp_path / "run", world, resume=True) == "final", "room was made"


# --- moves -----------------------------------------------------------------------

WATCH = (
    "CREATE TABLE move (what TEXT, old TEXT, new TEXT)",
    "CREATE TRIGGER step_moves AFTER UPDATE OF status ON step BEGIN"
    " INSERT INTO move VALUES ('step', old.status, new.status); END",
    "CREATE TRIGGER run_moves AFTER UPDATE OF state ON run BEGIN"
    " INSERT INTO move VALUES ('run', old.state, new.state); END",
)


def watched(journal: Journal) -> Journal:
    """From here on the file itself writes down every move of a status."""
    for statement in WATCH:
        journal.store.write(statement)
    return journal


def refuse_strange_moves(run: Path) -> set[tuple[str, str, str]]:
    journal = Journal.read(run)
    moves = {(row["what"], row["old"], row["new"]) for row in journal.store.all("SELECT * FROM move")}
    journal.close()
    for what, old, new in moves:
        if what == "step":
            assert may_move(Status(old), Status(new)), f"a step went from {old} to {new}"
        else:
            assert old == new or State(new) in RUN_MOVES[State(old)], f"the run went from {old} to {new}"
    return moves


class Impatient(toy.Quiet):
    """A person cancels as soon as there is something to wait for."""

    def sleep(self, seconds: float) -> None:
        (self.world / "cancel").touch()


@pytest.mark.slow
def test_every_move_is_one_of_the_table_and_every_move_of_the_table_happens(tmp_path: Path, world: Path) -> None:
    """The table and its picture are no ornament: what they allow is what there is, no more and no less."""
    seen: set[tuple[str, str, str]] = set()
    number = 0

    def carried(*steps: Step, fault: str = "", no_return: int = 0, then: str = "", resumes: int = 0) -> None:
        nonlocal number
        number += 1
        run, place = tmp_path / f"moves{number}", tmp_path / f"place{number}"
        place.mkdir()
        watched(toy.make(run, *steps, no_return=no_return)).close()
        if fault:
            carried_by_a_process(run, place, fault)
        state = toy.carry(run, place)
        for _time in range(resumes):
            if then:
                (place / then).touch()
            state = toy.carry(run, place, resume=True)
        assert state in ("final", "undone", "waiting", "parked")
        seen.update(refuse_strange_moves(run))

    word, fails = Word(file="a", word="x"), Word(file="a", word="x", fails=True)
    waits, stuck = Word(file="a", word="x", waits=True), Word(file="a", word="x", undo_fails=True)
    carried(("append", Word(file="a", word="x", retries=2)), ("append", word, "open"))
    carried(("append", word), ("append", fails))
    carried(("append", word), ("foreign", word), fault="toy.half=kill")
    carried(("append", word), ("append", word), fault="toy.append@2=kill")
    carried(("append", word), ("append", fails), fault="toy.undo=kill")
    carried(("append", waits), ("append", waits, "open"), resumes=2)
    carried(("append", waits), resumes=1, then="cancel")
    carried(("append", stuck), ("append", fails), resumes=1, then="mended")
    carried(("append", word), ("append", fails), no_return=1, resumes=1)
    carried(("append", word), ("append", fails, "open"), resumes=1, then="cancel")
    carried(("append", word), ("append", fails, "open"), resumes=1)

    stopped = tmp_path / "stopped"
    watched(toy.make(stopped, ("append", Word(file="a", word="x", retries=1)), ("append", fails))).close()
    (world / "stop").touch()
    with pytest.raises(Interrupted):
        toy.carry(stopped, world)
    (world / "cancel").touch()
    (world / "stop").unlink()
    assert toy.carry(stopped, world) == "undone"
    seen |= refuse_strange_moves(stopped)

    run = tmp_path / "retried"
    journal = watched(toy.make(run, ("append", Word(file="a", word="x", retries=1))))
    assert Engine(journal, toy.TABLE, world, Impatient(world)).carry() == "undone"
    journal.close()
    seen |= refuse_strange_moves(run)

    for when in ("doing", "open", "undoing"):  # something kills it each time: parked, and let go on
        run = tmp_path / f"parked-{when}"
        steps: list[Step] = [("append", word), ("append", fails if when == "undoing" else word)]
        steps.append(("append", word, "open"))
        point = {"doing": "toy.append@1", "open": "toy.append@3", "undoing": "toy.undo@1"}[when]
        watched(toy.make(run, *steps)).close()
        for again in range(4):
            carried_by_a_process(run, world, f"{point if not again else point.partition('@')[0]}=kill")
        assert toy.carry(run, world) == "parked"
        toy.carry(run, world, resume=True)
        seen |= refuse_strange_moves(run)

    allowed = {("step", str(old), str(new)) for old, after in MOVES.items() for new in after}
    allowed |= {("run", str(old), str(new)) for old, after in RUN_MOVES.items() for new in after}
    assert seen >= allowed, allowed - seen


# --- death ---------------------------------------------------------------------


def carried_by_a_process(
    run: Path, world: Path, fault: str = "", log: Path | None = None, *, resume: bool = False
) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"SMENA_FAULT": fault, "SMENA_FAULT_LOG": str(log or "")}
    command = [sys.executable, toy.__file__, str(run), str(world), *(["resume"] if resume else [])]
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


@pytest.mark.slow
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


@pytest.mark.slow
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
