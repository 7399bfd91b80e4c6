"""Restore points go when they are too old, and never the last way back, and never one of a run that is not over."""

from __future__ import annotations

from pathlib import Path

import pytest

from smena.service import held, retention, rollback
from support.upgrade_fixtures import MakeHost
from support.upgrade_host import NAME, UpgradeHost

HOPS = ("3.5.1058", "3.5.1076", "3.5.1100", "4.2", "4.7.3")


def points_of(host: UpgradeHost, run: str) -> list[Path]:
    return [path for path in host.root.rglob(f".smena/{run}") if path.is_dir()]


def upgraded(host: UpgradeHost, to: str) -> str:
    called = host.upgrade(to)
    assert called.status == 0, called.out + called.err
    run: str = called.value["run"]
    host.over(run)
    return run


def test_the_newest_three_keep_theirs(make_host: MakeHost) -> None:
    host = make_host("3.5")
    host.start()
    runs, states = [], []
    for to in HOPS:
        states.append(host.snapshot())
        runs.append(upgraded(host, to))
    assert [bool(points_of(host, run)) for run in runs] == [False, False, True, True, True]
    assert not [path for path in host.root.rglob(".smena") if not any(path.iterdir())]

    listed = host.smena("run", "list").value["runs"]
    assert [run["run"] for run in listed] == runs[::-1]
    rooms = [run["restore-point"] for run in listed]
    assert [room["given_up"] for room in rooms] == [False, False, False, True, True]
    assert all(room["bytes"] > 0 and room["at"] for room in rooms[:3])
    shown = host.smena("run", "list", people=True).out.splitlines()
    assert "RESTORE POINT" in shown[0]
    assert shown[1].endswith(" 1 MB")
    assert shown[5].endswith("given up")

    gone = host.smena("rollback", NAME, "--to", runs[0], "--yes")
    assert (gone.status, gone.error["code"]) == (3, "nothing-to-roll-back")
    back = host.smena("rollback", NAME, "--to", runs[2], "--yes")
    assert back.status == 0, back.out + back.err
    assert host.snapshot() == states[2]
    assert host.data() == host.known


def test_the_last_way_back_stays_whatever_came_after(make_host: MakeHost) -> None:
    """Upgrades that were taken back leave one way back, and that is older than all of them."""
    host = make_host("4.2")
    host.start()
    old = host.snapshot()
    first = upgraded(host, "4.7.2")
    for _round in range(2):
        upgraded(host, "4.7.3")
        taken = host.smena("rollback", NAME, "--yes")
        assert taken.status == 0, taken.out + taken.err
        host.over(taken.value["run"])
    assert [row.id for row in rollback.restore_points(host.home, NAME)] == [first]
    assert points_of(host, first)
    back = host.smena("rollback", NAME, "--yes")
    assert (back.status, back.value["to"]) == (0, "4.2"), back.out + back.err
    assert host.snapshot() == old


def test_a_run_that_is_not_over_keeps_everything(host: UpgradeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "KEEP", 0)
    run = host.detached("4.7.3", "--probation", "60")
    host.wait_for(run, "probation")
    held_there = points_of(host, run)
    assert held_there
    assert retention.give_up_old(host.home, NAME) == []
    assert points_of(host, run) == held_there
    assert held.noted(host.home, run) is None
    host.smena("run", "cancel", run)


def test_a_death_in_the_middle_of_giving_up(make_host: MakeHost) -> None:
    """The run is final all the same, nobody is offered half a restore point, and the next call goes on with it."""
    host = make_host("3.5")
    host.start()
    runs = [upgraded(host, to) for to in HOPS[:3]]
    for point, to in (("retention.marked", "4.2"), ("retention.removed", "4.7.2"), ("retention.settled", "4.7.3")):
        runs.append(host.write_down(host.plan(to)))
        assert host.carry(runs[-1], fault=f"{point}=kill") == -9
        assert host.view(runs[-1]).state == "final"
        offered = [row.id for row in rollback.restore_points(host.home, NAME)]
        assert offered == runs[:-4:-1]
        assert all(points_of(host, run) for run in offered)
        host.smena("run", "list")
        host.over(runs[-1])
        assert not points_of(host, runs[-4])
    assert host.data() == host.known
