"""A disk that is really full: a small file system in memory, filled to the last byte at an instant of the run."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from smena.plan.model import Plan
from support import disks
from support.deaths import Bench, Case, Passed, all_hold, chosen, stranger, whole
from support.upgrade_host import UpgradeHost

pytestmark = pytest.mark.root
SIZE = "96m"
CHUNKS = 6
EACH = 4
SEED = 11


def may_rest(plan: Plan, step: int) -> set[str]:
    """How a run may rest while the disk is full: by itself old or new, wherever something may have been touched."""
    kinds, phases = [each.kind for each in plan.steps], [each.phase for each in plan.steps]
    if step <= kinds.index("reserve") + 1 or step > len(kinds):  # no room is held back yet, or none any more
        return {"final", "undone", "interrupted"}
    opened = step > phases.index("open")
    return {"final", "waiting"} if opened else {"final", "undone"}


def fill(folder: Path) -> None:
    """To the last byte."""
    descriptor = os.open(folder / "ballast", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        for size in (1 << 20, 4096, 1):
            while _grown(descriptor, size):
                pass
    finally:
        os.close(descriptor)


def _grown(descriptor: int, size: int) -> bool:
    try:
        return os.write(descriptor, bytes(size)) > 0
    except OSError:
        return False


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_disk_is_full_from_some_instant_on(chunk: int, bench: Bench, points: list[Passed], full: bool) -> None:
    """The run dies, the disk is filled, the run is taken up: by itself it comes to rest, old or new, and whole."""
    kills = [case for case in chosen(points, SEED, full=False) if case.how == "kill"]
    some = random.Random(SEED).sample(kills, len(kills) if full else CHUNKS * EACH)
    steps = {(passed.point, passed.number): passed.step for passed in points}
    point = bench.lab.stock.folder / "small"

    def dies(case: Case) -> str:
        reference = bench.reference
        with disks.tmpfs(point, SIZE):
            host = UpgradeHost(bench.lab.stock, point / "host", bench.version)
            try:
                host.faults(*bench.wishes)
                host.start()
                plan = host.plan(bench.to)
                run = host.write_down(plan)
                bench.lab.carry(host, run, str(case))
                fill(point)
                stranger(host, reference)
                bench.lab.carry(host, run)
                rested = host.view(run).state
                assert rested in may_rest(plan, steps[case.point, case.number]), host.view(run).run.why
                (point / "ballast").unlink()
                bench.lab.recover(host, run)
                return f"{rested} {whole(host, run, reference)}"
            finally:
                host.close()

    all_hold(some[chunk::CHUNKS], dies)
