"""The contract that every kind of step keeps: done twice is done once, undone is as before, and so is every death.

Each kind has a case of its own in `support.stepcases`; the run is carried by the real engine, with the real
journal, restore point and table.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
import pytest

from smena.journal.journal import Journal
from smena.plan.kinds import KINDS
from smena.plan.model import planned
from smena.plan.params import Params
from smena.run.context import StepContext
from smena.run.step import NoUndo
from smena.steps.all import TABLE
from smena.text import plain
from support.forks import Forks
from support.need import need
from support.stepcases import CASES, Case
from support.stepworld import Alone, Steps, StepWorld

WORK = "support.stepworld:carry"
TURNED = "run.turned-back@1"
OF_WINDOWS = {"install-package", "package-back", "keep-registry", "environment"}
"""Kinds that need the registry or installers of Windows: tests/windows tries them below Wine."""
cases = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if case.slow else []) for name, case in CASES.items()]
)


@contextmanager
def world_of(case: Case, root: Path) -> Iterator[StepWorld]:
    need(not case.root or os.geteuid() == 0, "only root can give files away")
    world = StepWorld(root).made()
    try:
        case.before(world)
        yield world
    finally:
        world.close()


def begin(world: StepWorld, steps: Steps) -> dict[str, object]:
    """The run, and what there was before it."""
    world.new_run(steps)
    return world.seen()


# --- the tables ----------------------------------------------------------------------------------


def test_every_kind_has_a_case() -> None:
    assert {_kind(name) for name in CASES} == set(TABLE.kinds) - OF_WINDOWS


def _kind(name: str) -> str:
    """Some kinds have several cases: the kind, then what is special."""
    return name.partition(" ")[0].rstrip(",")


def test_the_table_and_the_plans_kinds_agree() -> None:
    """What a plan may hold is what this smena can carry out, under the same names, types and versions."""
    assert {name: kind.params for name, kind in TABLE.kinds.items()} == KINDS
    for name, kind in TABLE.kinds.items():
        step = planned(name, _example(name), plain(name), "switch")
        assert (step.kind, step.version) == (kind.name, kind.version)


def _example(name: str) -> Params:
    """Any parameters of the kind: what it needs, filled with what fits."""
    made = KINDS[name]
    fields = {field.encode_name: _some(field.type) for field in msgspec.structs.fields(made) if field.required}
    return msgspec.convert(fields, made)


def _some(type: object) -> object:
    known: dict[object, object] = {str: "x", int: 1, float: 1.0}
    if type in known:
        return known[type]
    if isinstance(type, type_of_class) and issubclass(type, msgspec.Struct):
        return {field.encode_name: _some(field.type) for field in msgspec.structs.fields(type) if field.required}
    return {} if "dict" in str(type) else []


type_of_class = type


def test_a_missing_undo_is_written_out_as_a_reason() -> None:
    for kind in TABLE.kinds.values():
        if isinstance(kind.undo, NoUndo):
            assert len(kind.undo.why.split()) > 2, kind.name


@cases
def test_parameters_come_back_from_their_json(quick: Path, name: str) -> None:
    with world_of(CASES[name], quick) as world:
        steps = CASES[name].steps(world)
        assert _kind(name) in [kind for kind, _params in steps]
        for kind, params in steps:
            assert isinstance(params, TABLE[kind].params)
            data = msgspec.json.encode(params)
            assert msgspec.json.decode(data, type=KINDS[kind]) == params


# --- there and back ---------------------------------------------------------------------------------


@cases
def test_done_twice_is_done_once(quick: Path, name: str) -> None:
    with world_of(CASES[name], quick) as world:
        steps = CASES[name].steps(world)
        before = begin(world, steps)
        assert world.carry() == "final"
        once, held = world.comparable(), world.place.treasure()
        assert (world.seen() == before) == CASES[name].same, "the case shows what the kind does"
        with closing(Journal.open(world.folder)) as journal:
            for row in journal.steps():
                kind = TABLE[row.kind]
                if kind.interrupted == "repeat" and row.seq == len(steps):
                    context = StepContext(journal, ("run", row), world.tools(journal), Alone(), undoing=False)
                    kind.do(msgspec.json.decode(row.params, type=kind.params), context)
        assert world.comparable() == once
        assert world.place.treasure() >= held


@cases
def test_undone_is_as_before(quick: Path, name: str) -> None:
    with world_of(CASES[name], quick) as world:
        before = begin(world, [*CASES[name].steps(world), world.failing()])
        held = world.place.treasure()
        assert world.carry() == "undone"
        assert world.seen() == before
        assert world.place.treasure() >= held


# --- death --------------------------------------------------------------------------------------------


@pytest.mark.slow
@cases
def test_a_death_anywhere_on_the_way_there(quick: Path, forks: Forks, name: str, full: bool) -> None:
    case = CASES[name]
    with world_of(case, quick / "listing") as world:
        begin(world, case.steps(world))
        points = _enough(forks.points(WORK, world.root), full=full, whole_run=case.slow)
        after = _relative(world, world.comparable())
    for number, point in enumerate(points):
        with world_of(case, quick / f"d{number}") as world:
            before = begin(world, case.steps(world))
            held = world.place.treasure()
            forks.die(WORK, world.root, point=point)
            state = world.carry()
            if state == "final":
                assert _relative(world, world.comparable()) == after, point
            else:
                assert state == "undone", point
                assert world.seen() == before, point
            assert world.place.treasure() >= held, point
        shutil.rmtree(world.root)


@pytest.mark.slow
@cases
def test_a_death_anywhere_on_the_way_back(quick: Path, forks: Forks, name: str, full: bool) -> None:
    case = CASES[name]
    with world_of(case, quick / "listing") as world:
        begin(world, [*case.steps(world), world.failing()])
        points = forks.points(WORK, world.root)
    back = _enough(points[points.index(TURNED) :], full=full, whole_run=case.slow)
    assert len(back) >= 2
    for number, point in enumerate(back):
        with world_of(case, quick / f"b{number}") as world:
            before = begin(world, [*case.steps(world), world.failing()])
            held = world.place.treasure()
            forks.die(WORK, world.root, point=point)
            assert world.carry() == "undone", point
            assert world.seen() == before, point
            assert world.place.treasure() >= held, point
        shutil.rmtree(world.root)


def _enough(points: list[str], *, full: bool, whole_run: bool = False) -> list[str]:
    """Where a point is passed once for every file or entry: the first time and the last.

    Of a case that carries a whole run every third of them: `tests/death` dies in runs everywhere.
    """
    if full:
        return points
    times: dict[str, list[str]] = {}
    for point in points:
        times.setdefault(point.partition("@")[0], []).append(point)
    wanted = {point for passed in times.values() for point in (passed[0], passed[-1])}
    return [point for point in points if point in wanted][:: 3 if whole_run else 1]


def _relative(world: StepWorld, seen: dict[str, object]) -> dict[str, object]:
    """Worlds in different folders hold links and texts with their own folder's name."""
    return {name: str(entry).replace(str(world.root), "ROOT") for name, entry in seen.items()}
