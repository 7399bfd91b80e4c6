"""The hold: no boot and nobody starts what is held, the run can, and afterwards the units are as before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.systemd_host import PYTHON, SystemdHost

pytestmark = pytest.mark.root

HOME = "/var/own home/100%"
"""A home whose name systemd must be told with care."""
UNITS = ("held-a", "held-b")
_HOLD = """
import sys
from pathlib import Path
from smena.drivers.systemd_hold import SystemdHolds
act, home, *units = sys.argv[1:]
Path(home).mkdir(parents=True, exist_ok=True)
getattr(SystemdHolds(Path(home)), act)("N", units)
"""
_START = """
import sys
from pathlib import Path
from smena.drivers.ports import Service
from smena.drivers.systemd import Systemd
for unit in sys.argv[2:]:
    Systemd(Path(sys.argv[1])).start(Service(instance="N", name=unit), permit=True)
"""
_LISTED = "cd /etc/systemd/system && find . -printf '%p %m %U %G %l\\n' | sort; grep -r . --include=held-* . | sort"


@pytest.fixture
def host() -> Iterator[SystemdHost]:
    made = SystemdHost()
    try:
        made.boot()
        for unit in UNITS:
            text = "[Service]\nExecStart=/bin/sleep 600\n[Install]\nWantedBy=multi-user.target\n"
            made.write(f"/etc/systemd/system/{unit}.service", text)
        made.write("/etc/systemd/system/held-a.service.d/own.conf", "[Service]\nNice=3\n")
        made.do("systemctl", "enable", "--quiet", *UNITS)
        made.do("systemctl", "start", *UNITS)
        yield made
    finally:
        made.close()


def hold(host: SystemdHost, act: str = "hold", *units: str, fault: str = "") -> int:
    """Its exit status."""
    words = [PYTHON, "-c", _HOLD, act, HOME, *(units or UNITS)]
    return host.run(words, env={"SMENA_FAULT": fault}).returncode


def free(host: SystemdHost) -> bool:
    """As at the end of a run: anybody may start it, and nothing is left of the hold."""
    return (hold(host, "release"), hold(host, "tidy")) == (0, 0)


def active(host: SystemdHost) -> list[str]:
    return [host.unit(unit, "ActiveState")["ActiveState"] for unit in UNITS]


def listed(host: SystemdHost) -> str:
    return host.do("bash", "-c", _LISTED)


def test_a_boot_starts_nothing_that_is_held_and_the_run_does(host: SystemdHost) -> None:
    before = listed(host)
    assert hold(host) == 0
    host.kill()
    host.boot()
    assert active(host) == ["inactive", "inactive"]
    assert host.run(["systemctl", "start", *UNITS]).returncode == 0
    assert active(host) == ["inactive", "inactive"], "a person's start does nothing"
    host.python(_START, HOME, *UNITS)
    assert active(host) == ["active", "active"]
    assert host.run(["find", "/run/smena/permit", "-type", "f"]).stdout == "", "the permit went with the start"
    assert host.unit("held-a", "Nice")["Nice"] == "3", "the administrator's drop-in counts"
    assert hold(host, "release") == 0
    host.do("systemctl", "restart", *UNITS)
    assert active(host) == ["active", "active"], "the drop-ins alone hold nothing"
    assert hold(host, "tidy") == 0
    assert listed(host) == before
    assert [host.unit(unit, "NeedDaemonReload")["NeedDaemonReload"] for unit in UNITS] == ["no", "no"]
    host.do("systemctl", "restart", *UNITS)
    assert active(host) == ["active", "active"]


def test_a_hold_that_was_released_is_gone_at_the_next_boot(host: SystemdHost) -> None:
    before = listed(host)
    for act in ("hold", "hold", "release", "release", "hold", "release", "tidy", "tidy"):
        assert hold(host, act) == 0
    assert listed(host) == before
    host.kill()
    host.boot()
    assert active(host) == ["active", "active"]


@pytest.mark.parametrize(
    "point", ["hold.noted", "hold.dropped-in", "files.folder-made", "files.synced", "files.synced@3"]
)
def test_death_in_a_hold_leaves_what_a_release_takes_back(host: SystemdHost, point: str) -> None:
    before = listed(host)
    assert hold(host, fault=f"{point}=kill") != 0
    assert free(host)
    assert listed(host) == before


def test_drop_ins_that_systemd_has_not_read_yet_are_no_hold(host: SystemdHost) -> None:
    """Death before systemd was told: the next hold finds its drop-ins there, and has them read."""
    host.do("systemctl", "stop", *UNITS)
    assert hold(host, fault="systemd.reloading=kill") != 0
    assert hold(host) == 0
    host.do("systemctl", "start", *UNITS)
    assert active(host) == ["inactive", "inactive"]


@pytest.mark.parametrize(
    ("act", "point"),
    [
        ("release", "hold.released"),
        ("tidy", "hold.picked-up"),
        ("tidy", "hold.picked-up@2"),
        ("tidy", "systemd.reloading"),
    ],
)
def test_death_on_the_way_out_is_made_good_by_the_next(host: SystemdHost, act: str, point: str) -> None:
    before = listed(host)
    assert hold(host) == 0
    assert act == "release" or hold(host, "release") == 0
    assert hold(host, act, fault=f"{point}=kill") != 0
    assert free(host)
    assert listed(host) == before
    assert [host.unit(unit, "NeedDaemonReload")["NeedDaemonReload"] for unit in UNITS] == ["no", "no"]


def test_a_drop_in_that_came_meanwhile_stays(host: SystemdHost) -> None:
    assert hold(host) == 0
    host.write("/etc/systemd/system/held-b.service.d/late.conf", "[Service]\nNice=5\n")
    assert free(host)
    assert host.do("ls", "/etc/systemd/system/held-b.service.d").split() == ["late.conf"]


def test_what_cannot_be_held_is_refused_before_anything_is_changed(host: SystemdHost) -> None:
    host.write("/etc/systemd/system/held-b.service.d/or.conf", "[Unit]\nConditionPathExists=|/etc/passwd\n")
    host.do("systemctl", "daemon-reload")
    before = listed(host)
    for units in (UNITS, ("held-a", "nowhere")):
        assert hold(host, "hold", *units) != 0
        assert listed(host) == before
