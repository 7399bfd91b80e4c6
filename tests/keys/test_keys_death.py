"""Killed at every point of a question, a cancellation and an answer: the key holds the old state or the new one.

`pytest tests/keys --kills 300` dies so often at random instants besides; without it a few deaths are sampled.
"""

from __future__ import annotations

import random
import signal
from pathlib import Path

import pytest

from support.forks import Forks
from support.keydeath import Bench
from support.keyworld import SEVEN, SIX

WORK = "support.keydeath:work"
SAMPLE = 6


@pytest.fixture(params=["pkcs11", "pkcs11-beside", "virtual"])
def bench(request: pytest.FixtureRequest, quick: Path) -> Bench:
    return Bench(quick, request.param)


@pytest.mark.slow
def test_killed_at_every_point_of_apply(bench: Bench, forks: Forks) -> None:
    passed = forks.points(WORK, bench.root, "apply")
    assert {point.partition("@")[0] for point in passed} >= {"keys.verified", "keys.signed", "keys.created"}
    for point in passed:
        bench.put_back("asked")
        forks.die(WORK, bench.root, "apply", point=point)
        whole(bench)


@pytest.mark.slow
def test_killed_at_every_point_of_a_question(bench: Bench, forks: Forks) -> None:
    """Asked again, the question that was kept is shown, or one that nobody has seen takes its place."""
    bench.put_back("blank")
    for point in forks.points(WORK, bench.root, "ask"):
        bench.put_back("blank")
        forks.die(WORK, bench.root, "ask", point=point)
        licence, pending = bench.held()
        assert licence == SIX
        question = bench.ask()
        assert pending in (b"", question)
        assert bench.held() == (SIX, question)
        assert bench.desk.receive(question).question.epoch == 1


def test_killed_at_every_point_of_a_cancellation(bench: Bench, forks: Forks) -> None:
    bench.put_back("asked")
    for point in forks.points(WORK, bench.root, "cancel"):
        bench.put_back("asked")
        forks.die(WORK, bench.root, "cancel", point=point)
        licence, pending = bench.held()
        assert licence == SIX
        assert pending in (b"", bench.question)
        bench.cancelled()
        assert bench.held() == (SIX, b"")


def test_killed_at_any_instant_of_apply(bench: Bench, forks: Forks, request: pytest.FixtureRequest) -> None:
    kills = request.config.getoption("--kills", default=None) or SAMPLE
    chance = random.Random(7)
    died = 0
    for _ in range(3 * kills):
        bench.put_back("asked")
        ended = forks.perform(WORK, bench.root, "apply", f"{chance.uniform(0.0005, 0.03):.4f}")
        assert ended.status in (0, -signal.SIGALRM), ended.said
        whole(bench)
        died += ended.status != 0
        if died == kills:
            return
    assert died > kills // 3, "the alarms came too late to be of use"


def whole(bench: Bench) -> None:
    """Old with its question, or new without; and the same answer leads to the end, leaving one record."""
    assert bench.held() in ((SIX, bench.question), (SEVEN, b""))
    assert bench.applied() == 1
    assert not list(bench.key.glob(".*.record*"))
    assert bench.held() == (SEVEN, b"")
