"""Going back after a run is final, and forward again, with a death at every point of it: the two states change
places or they do not, and what users wrote in either of them is never lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from smena.demo.standin import client
from smena.service import rollback
from smena.service.runs import listed as all_runs
from support.deaths import Case, Lab, Passed, Reference, all_hold, chosen, listed, normal, stranger, whole
from support.upgrade_host import NAME, UpgradeHost

CHUNKS = 8
SEED = 5


class Swing:
    """One host that goes back and forward; each swing is a run of its own."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.host: UpgradeHost = lab.stock.host("4.7.2")
        self.host.start()
        self.here = normal(self.host, self.host.snapshot())
        assert self.host.upgrade("4.7.3").status == 0
        client.add(self.host.url, {"written": "since"})
        self.there, self.here = self.here, normal(self.host, self.host.snapshot())
        self.data = {"4.7.2": self.host.known, "4.7.3": self.host.data()}

    def begin(self) -> str:
        newest = all_runs(self.host.home, NAME)[0].run
        forward = newest.kind == "rollback" and newest.state == "final"
        back = next(one.run.id for one in all_runs(self.host.home, NAME) if one.state == "final")
        plan = rollback.plan_rollback(self.host.home, NAME, back if forward or newest.kind == "rollback" else None)
        return self.host.write_down(plan)

    def listed(self) -> list[Passed]:
        run = self.begin()
        found = listed(self.lab, self.host, run)
        self._over(run)
        return found

    def dies(self, case: Case) -> str:
        run = self.begin()
        self.lab.carry(self.host, run, str(case))
        stranger(self.host, Reference(self.here, self.there))
        self.lab.recover(self.host, run)
        return self._over(run)

    def _over(self, run: str) -> str:
        row = self.host.view(run).run
        self.host.known = self.data[row.to_version if row.state == "final" else row.from_version]
        state = whole(self.host, run, Reference(self.here, self.there))
        if state == "final":
            self.here, self.there = self.there, self.here
        return state


@pytest.fixture(scope="module")
def swing(lab: Lab) -> Iterator[Swing]:
    made = Swing(lab)
    yield made
    made.host.close()


@pytest.fixture(scope="module")
def swing_points(swing: Swing) -> list[Passed]:
    return swing.listed()


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_death_while_states_change_places(chunk: int, swing: Swing, swing_points: list[Passed], full: bool) -> None:
    cases = chosen(swing_points, SEED, full=full)
    ends = all_hold(cases[chunk::CHUNKS], swing.dies)
    assert set(ends) <= {"final", "undone"}
