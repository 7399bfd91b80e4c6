"""Every probe, in one visible list, in the order in which people read the answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from smena.errors import SmenaError
from smena.host.trouble import translated
from smena.service.doctor import data, home, iis, init, instances, keys, left, system, web
from smena.service.doctor.finding import Finding, told
from smena.service.doctor.scene import Scene
from smena.text import Text, _, plain

Probe = Callable[[Scene], Iterator[Finding]]

PROBES: tuple[tuple[str, Text, Probe], ...] = (
    ("system", _("operating system"), system.operating_system),
    ("privileges", _("privileges"), system.privileges),
    ("interpreter", _("interpreter"), system.interpreter),
    ("archives", _("archive formats"), system.archives),
    ("clock", _("clock"), system.the_clock),
    ("init", _("who starts services"), init.init),
    ("init.state", _("state of systemd"), init.health),
    ("nginx", _("nginx"), web.nginx),
    ("iis", plain("IIS"), iis.iis),
    ("home", _("home"), home.home),
    ("registry", _("registry of instances"), home.state_files),
    ("runs", _("runs"), left.open_runs),
    ("holds", _("holds and pages"), left.holds),
    ("resume", _("taking up runs at boot"), init.resume),
    ("disk.copies", _("copies"), data.disks),
    ("labels", _("security modules"), data.labels),
    ("instance", _("instance"), instances.instances),
    ("keys", _("licence keys"), keys.keys),
)


def look(folder: Path) -> list[Finding]:
    """Ask everything; a probe that cannot look is a finding itself."""
    scene = Scene(folder)
    return [finding for topic, what, probe in PROBES for finding in _asked(topic, what, probe, scene)]


def _asked(topic: str, what: Text, probe: Probe, scene: Scene) -> list[Finding]:
    found: list[Finding] = []
    try:
        found.extend(probe(scene))
    except SmenaError as error:
        found.append(told(topic, what, error))
    except OSError as error:
        found.append(told(topic, what, translated(error, _("it could not be looked at"))))
    return found


def healthy(findings: list[Finding]) -> bool:
    """Whether nothing needs a person."""
    return all(finding.state != "wrong" for finding in findings)
