"""The host dies in the middle of an upgrade and is booted again on the same disk; nobody does anything then.

Each start of the platform writes down what it found, so that no start between the versions goes unseen.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.systemd_host import SystemdHost
from support.systemd_standin import HOME, NAME, UNITS, Standin

pytestmark = [pytest.mark.slow, pytest.mark.root]

OLD, NEW = "4.7.2", "4.7.3"


@pytest.fixture
def standin() -> Iterator[Standin]:
    host = SystemdHost()
    try:
        host.boot()
        yield Standin(host, OLD, releases=(NEW,)).add()
    finally:
        host.close()


@pytest.mark.parametrize(
    "point",
    [
        "hold.noted@1",  # before the first hold: the folder of a drop-in is about to be made
        "hold.dropped-in@2",  # the second hold (the first one is for the backup): nothing holds yet
        "systemd.stopped@5",  # some services are down, some up
        "restore.registered@5",  # links half in the one version, half in the other
        "systemd.starting@4",  # the first start of the new version, which converts
        "systemd.started@5",
        "run.before-do@30",  # the conversion goes on, and dies with the host
        "run.before-do@34",  # everything is checked, and held: nobody but the run can start it
        "run.before-undo@21",  # on the way back the old version was started again, and is still held
        "hold.released@2",  # the file is gone, the drop-ins are not
    ],
)
def test_a_crash_at_any_step_ends_in_the_old_or_the_new_version(standin: Standin, point: str) -> None:
    host = standin.host
    standin.observe()
    if "undo" in point:
        standin.faults({"conversion-error": True, "version": NEW})
    before = standin.trees()
    run = standin.begin(NEW, fault=f"{point}=halt")
    standin.halted(run)
    host.kill()
    host.boot()
    state = standin.settled(run, "final", "undone")
    health = standin.wait()
    assert health.version == {"final": NEW, "undone": OLD}[state]
    assert standin.data() == standin.known
    assert standin.active() == dict.fromkeys(UNITS, "active")
    assert standin.starts(), "the observer saw nothing"
    for links, file, held, permit in standin.starts():
        assert links == file, "a half-switched instance was started"
        assert (held, permit) != ("held", "none"), "somebody started a held instance"
    assert host.run(["ls", f"{HOME}/hold", f"{HOME}/systemd", "/run/smena/permit"]).stdout.count(NAME) == 0
    if state == "undone":
        assert standin.trees() == before
    units = [line for line in before if "/etc/systemd" in line]
    assert [line for line in standin.trees() if "/etc/systemd" in line] == units
