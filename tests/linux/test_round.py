"""The whole life of an instance on a real host, as an administrator lives it: systemd, nginx, the command line.

A user asks the site throughout. He sees the old version, the maintenance page and the new version, each whole,
and nothing else: no gateway that is gone, no connection refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from support.systemd_host import PYTHON, SystemdHost
from support.systemd_standin import ACCEPT, GATEWAY, HOME, NAME, PORT, PRODUCT, Standin
from support.visitor import PAGE, Visitor

pytestmark = pytest.mark.root

OLD, NEW = "3.5", "5.0.13334.0"
PATH = ("3.5.1058", "3.5.1076", "3.5.1100", "4.2", "4.7.3", NEW)
UPGRADE = ("upgrade", NAME, "--yes", "--probation", "0", *ACCEPT, "--to")


@pytest.fixture
def host() -> Iterator[SystemdHost]:
    made = SystemdHost(nginx=True)
    try:
        made.boot()
        yield made
    finally:
        made.close()


def closed_between(visitor: Visitor, old: str, new: str) -> None:
    """The old version with pages between (a backup wants one), then the page, then the new version for good.

    While nginx takes up a configuration its workers of before and of now answer side by side for some milliseconds.
    """
    signs = {new: "n", PAGE: "p", old: "o"}
    seen = "".join(signs.get(what, f"<{what}>") for what in visitor.order)
    assert re.fullmatch("(op)+o" if old == new else "(op)+n(pn)?", seen), seen
    assert visitor.asked_again < 5, "reloads may close a connection now and then, no more"


def test_the_whole_round(host: SystemdHost) -> None:
    standin = Standin(host, OLD, releases=PATH, gateway=GATEWAY)
    found = standin.smena("instance", "discover", "--product", PRODUCT)["instances"]
    assert [(one["name"], one["version"]) for one in found] == [(NAME, OLD)]
    standin.add()
    before = standin.trees()
    plan = host.run([PYTHON, "-m", "smena", "plan", NAME, "--to", "5.0", *ACCEPT])
    assert plan.returncode == 0, plan.stdout
    assert "show the maintenance page" in plan.stdout
    assert standin.trees() == before, "a plan changes nothing"

    with Visitor(host, PORT) as visitor:
        standin.smena(*UPGRADE, "5.0")
        assert visitor.sees() == NEW
    closed_between(visitor, OLD, NEW)
    assert "cache-control" in visitor.headers, "browsers are to forget the old version"
    assert standin.data() == standin.known

    with Visitor(host, PORT) as visitor:
        standin.smena("rollback", NAME, "--yes")
        assert visitor.sees() == OLD
    closed_between(visitor, NEW, OLD)
    assert standin.trees() == before
    assert standin.data() == standin.known

    with Visitor(host, PORT) as visitor:
        again(standin)
        assert visitor.sees() == "4.2"
    closed_between(visitor, OLD, "4.2")
    assert standin.data() == standin.known
    moved_and_removed(standin)


def again(standin: Standin) -> None:
    """Upgraded once more, while who watches is killed, and then the run's own process, in the middle."""
    host, known = standin.host, standin.runs()
    unit = ["systemd-run", "--unit=console", "--quiet", "--setenv=SMENA_FAULT=run.before-do@50=halt"]
    host.do(*unit, PYTHON, "-m", "smena", *UPGRADE, "4.2")
    while not (new := standin.runs() - known):
        pass
    (run,) = new
    standin.halted(run)
    host.do("systemctl", "kill", "--signal=KILL", "console")
    assert standin.state(run) == "doing"
    host.do("systemctl", "kill", "--signal=KILL", f"smena-run-{run}")
    standin.settled(run, "interrupted")
    assert "goes on now" in host.run([PYTHON, "-m", "smena", "run", "list"]).stderr
    assert standin.settled(run, "final", "undone") == "final", standin.said(run)


def moved_and_removed(standin: Standin) -> None:
    host = standin.host
    with Visitor(host, PORT) as visitor:
        standin.smena("instance", "configure", NAME, "--path", "streams=/srv/main/Streams", "--move", "--yes")
        assert visitor.sees() == "4.2"
    closed_between(visitor, "4.2", "4.2")
    assert standin.data() == standin.known
    assert host.do("ls", "/srv/main/Streams").strip(), "the files lie there now"
    standin.smena("instance", "remove", NAME, "--yes")
    assert standin.smena("instance", "list")["instances"] == []
    assert standin.active() == dict.fromkeys(standin.units, "inactive")
    host.do("nginx", "-t")
    assert host.do("ls", "/srv/main/Streams").strip(), "data stays"
    assert host.run(["ls", f"{HOME}/hold", "/run/smena/permit"]).stdout.count(NAME) == 0


def test_two_side_by_side_of_which_one_fails(host: SystemdHost) -> None:
    """On one nginx, at the same time: the one is upgraded, the other goes back to its beginning, byte by byte."""
    good = Standin(host, "4.2", releases=("4.7.3", NEW), gateway=GATEWAY).add()
    bad = Standin(host, "4.2", releases=(), name="other", gateway=GATEWAY + 1).add()
    bad.faults({"conversion-error": True, "version": NEW})
    before = [line for line in bad.trees() if "other" in line]
    words = ("upgrade", "--all", PRODUCT, "--to", "5.0", "--parallel", "2", "--yes", "--probation", "0", *ACCEPT)
    with Visitor(host, good.port) as goods, Visitor(host, bad.port) as bads:
        told = good.smena(*words, good=(1,))
        assert (goods.sees(), bads.sees()) == (NEW, "4.2")
    assert {one["instance"]: one["state"] in ("final", "open") for one in told["instances"]} == {
        NAME: True,
        "other": False,
    }
    closed_between(goods, "4.2", NEW)
    closed_between(bads, "4.2", "4.2")
    assert [line for line in bad.trees() if "other" in line] == before
    assert good.data() == good.known
    assert bad.data() == bad.known
    assert set((good.active() | bad.active()).values()) == {"active"}
