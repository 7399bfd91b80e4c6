"""The whole path from 3.5 to 5.0, six conversions, and a seeded choice of deaths along it."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from support.deaths import Bench, Case, Lab, Passed, all_hold, chosen

CHUNKS = 6
EACH = 2
SEED = 7


@pytest.fixture(scope="module")
def path(lab: Lab) -> Iterator[Bench]:
    made = Bench(lab, "3.5", "5.0")
    yield made
    made.discard()


@pytest.fixture(scope="module")
def path_points(path: Bench) -> list[Passed]:
    return path.listed()


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_death_on_the_whole_path(chunk: int, path: Bench, path_points: list[Passed], full: bool) -> None:
    cases = chosen(path_points, SEED, full=False)
    dice = random.Random(SEED)
    some = dice.sample(cases, (200 if full else EACH * CHUNKS))
    all_hold(some[chunk::CHUNKS], path.dies)


def test_every_hop_is_among_the_deaths(path_points: list[Passed]) -> None:
    """Otherwise the sample would be of something else than the path."""
    steps = {passed.step for passed in path_points}
    assert len(steps) > 100
    assert Case("run.before-do", 100, "kill")[0] in {passed.point for passed in path_points}
