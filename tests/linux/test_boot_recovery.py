"""The host dies in the middle of an upgrade and is booted again on the same disk; nobody does anything then.

Each start of the platform writes down what it found, so that no start between the versions goes unseen, and a user
asks the site from the moment the host is up. `--full` dies before and after every step in turn, on the way and on the
way back; without it a choice of instants does. A host that came out is used for the next case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import dropwhile

import pytest

from support.systemd_host import SystemdHost
from support.systemd_standin import GATEWAY, HOME, NAME, PORT, Standin
from support.visitor import PAGE, Visitor

pytestmark = pytest.mark.root

OLD, NEW = "4.7.2", "4.7.3"
STEPS = 36
CHOICE = (
    "nginx.exchanged@1",  # the page lies there, and nginx has not been told yet; everything runs
    "systemd.stopped@5",  # some services are down, some up
    "restore.registered@5",  # links half in the one version, half in the other
    "systemd.starting@4",  # the first start of the new version, which converts
    "run.before-do@30",  # the conversion goes on, and dies with the host
    "run.before-do@34",  # everything is checked, and held: nobody but the run can start it
    "hold.picked-up@2",  # all is over but the tidying up
    "run.before-undo@21",  # on the way back the old version was started again, and is still held
    "nginx.put-back@2 back",  # on the way back the site is about to be opened, while it is held
)
_COMING_UP = re.compile(r"502 .*|503 .*<p[^>]*>(down|starting)</p>.*", re.DOTALL)
"""A boot starts nginx and the services at once: the product's own business, and only at the beginning."""
EVERY = (
    *(f"run.{moment}@{step}" for step in range(1, STEPS + 1) for moment in ("before-do", "after-do")),
    *(f"run.{moment}@{step} back" for step in range(1, STEPS + 1) for moment in ("before-undo", "after-undo")),
)
"""More than there are does no harm: a run that does not come there comes to its end."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "point" in metafunc.fixturenames:
        metafunc.parametrize("point", EVERY if metafunc.config.getoption("--full") else CHOICE)


class Bed:
    """One host for case after case, until one goes wrong."""

    def __init__(self) -> None:
        self._standin: Standin | None = None

    def standin(self) -> Standin:
        if self._standin is None:
            host = SystemdHost(nginx=True)
            host.boot()
            self._standin = Standin(host, OLD, releases=(NEW,), gateway=GATEWAY).add()
            self._standin.observe()
        return self._standin

    def close(self) -> None:
        if self._standin is not None:
            self._standin.host.close()
        self._standin = None


@pytest.fixture(scope="module")
def bed() -> Iterator[Bed]:
    made = Bed()
    try:
        yield made
    finally:
        made.close()


def test_a_crash_at_any_step_ends_in_the_old_or_the_new_version(bed: Bed, point: str, full: bool) -> None:
    try:
        dies(bed.standin(), point, full=full)
    except BaseException:
        bed.close()
        raise


def dies(standin: Standin, point: str, *, full: bool) -> None:
    host = standin.host
    back = "undo" in point or "back" in point
    standin.faults(*([{"conversion-error": True, "version": NEW}] if back else []))
    before = standin.trees()
    run = standin.begin(NEW, fault=f"{point.split(maxsplit=1)[0]}=halt")
    if standin.halted(run, ended=full):
        host.kill()
        host.boot()
    with Visitor(host, PORT) as visitor:
        state = standin.settled(run, "final", "undone")
        health = standin.wait()
        assert visitor.sees() == health.version
    assert health.version == {"final": NEW, "undone": OLD}[state]
    seen = list(dropwhile(_COMING_UP.fullmatch, visitor.seen))
    assert set(seen) <= {OLD, NEW, PAGE}
    unharmed(standin)
    if state == "undone":
        assert standin.trees() == before
    units = [line for line in before if "/etc/systemd" in line]
    assert [line for line in standin.trees() if "/etc/systemd" in line] == units
    if state == "final":
        standin.smena("rollback", NAME, "--yes")
        assert standin.trees() == before


def unharmed(standin: Standin) -> None:
    host = standin.host
    assert standin.data() == standin.known
    assert standin.active() == dict.fromkeys(standin.units, "active")
    assert standin.starts(), "the observer saw nothing"
    for links, file, held, permit in standin.starts():
        assert links == file, "a half-switched instance was started"
        assert (held, permit) != ("held", "none"), "somebody started a held instance"
    left = host.run(["ls", f"{HOME}/hold", f"{HOME}/systemd", f"{HOME}/pages", "/run/smena/permit"])
    assert left.stdout.count(NAME) == 0
