"""One hop, and a death at every point of it: before a step, inside it, after it before its commit, on the way
back, in the recovery. Whatever dies, and however: the old version or the new one, whole."""

from __future__ import annotations

import random

import pytest

from smena.service import places
from support.deaths import Bench, Case, Passed, all_hold, chosen, listed, turned_back

CHUNKS = 24
SEED = 3


def part(cases: list[Case], chunk: int) -> list[Case]:
    """Hosts are used again from case to case, so neighbours are not always the same."""
    random.Random(SEED).shuffle(cases)
    return cases[chunk::CHUNKS]


def test_the_points_are_those_that_matter(points: list[Passed]) -> None:
    """Before, inside and after: a step of every kind that changes something passes points of its own."""
    steps = max(passed.step for passed in points if passed.point == "run.before-do")
    for point in ("run.before-do", "run.after-do"):
        assert len([passed for passed in points if passed.point == point]) == steps
    inside = {passed.step for passed in points if not passed.point.startswith("run.")}
    assert len(inside) >= steps // 2
    assert len({passed.point for passed in points}) >= 25


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_death_on_the_way_there(chunk: int, bench: Bench, points: list[Passed], full: bool) -> None:
    all_hold(part(chosen(points, SEED, full=full), chunk), bench.dies)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_death_on_the_way_back(chunk: int, failing: Bench, back: list[Passed], full: bool) -> None:
    """The product broke off in the middle of its conversion; now the run dies while it puts everything back."""
    ends = all_hold(part(chosen(back, SEED, full=full), chunk), failing.dies)
    assert set(ends) <= {"undone"}


@pytest.fixture(scope="session")
def last(points: list[Passed]) -> Case:
    """A death when users are in already."""
    step = [passed for passed in points if passed.point == "run.after-do"][-1]
    return Case(step.point, step.number, "kill")


@pytest.fixture(scope="session")
def back_from_the_end(bench: Bench, last: Case) -> list[Passed]:
    """Every point on the way back when a person cancels with users in."""
    host, run = bench.host(), bench.begin()
    bench.lab.carry(host, run, str(last))
    (host.home / "runs" / run / places.REQUESTS / "cancel").touch()
    return turned_back(listed(bench.lab, host, run))


@pytest.mark.parametrize("chunk", range(CHUNKS // 3))
def test_death_on_the_way_back_from_the_end(
    chunk: int, bench: Bench, last: Case, back_from_the_end: list[Passed], full: bool
) -> None:
    """All was done and users were in; a person wants it back, and the run dies on that way."""
    cases = [case for case in chosen(back_from_the_end, SEED, full=full) if full or case.how == "kill"]
    ends = all_hold(part(cases, chunk)[:: 1 if full else 3], lambda case: bench.dies(last, case, cancelled=True))
    assert set(ends) <= {"undone"}


@pytest.mark.parametrize("chunk", range(CHUNKS // 3))
def test_death_in_the_recovery(
    chunk: int, bench: Bench, failing: Bench, points: list[Passed], back: list[Passed], full: bool
) -> None:
    """It dies, is taken up, dies again at its first chance or a little later, and once more."""
    dice = random.Random(SEED + chunk)
    again = ("run.recover", "run.before-do", "run.before-undo", "files.renamed", "restore.put-back", "run.cleanup")

    def dies(case: Case) -> str:
        chosen_bench = failing if case in ways_back else bench
        return chosen_bench.dies(
            case, *(Case(dice.choice(again), dice.choice((1, 1, 2)), "kill") for _more in range(2))
        )

    ways_back = [case for case in chosen(back, SEED, full=False) if case.how == "kill"]
    ways = [case for case in chosen(points, SEED, full=False) if case.how == "kill"]
    cases = [*dice.sample(ways, 24 if full else 3), *dice.sample(ways_back, 12 if full else 2)]
    all_hold(cases, dies)
