"""Who starts services here, and whether a boot takes up what was interrupted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smena.drivers.systemd_runs import resume_unit
from smena.drivers.systemd_units import systemctl
from smena.errors import SmenaError
from smena.host import process
from smena.service import booting
from smena.service.doctor.finding import Finding, missing, ok, told, wrong
from smena.service.doctor.scene import Scene
from smena.text import _, plain

_OLDEST = 240
INSTALL = "smena doctor --install-resume"


def init(scene: Scene) -> Iterator[Finding]:
    what = _("who starts services")
    if not scene.systemd:
        yield ok("init", what, _("no systemd runs here: smena itself keeps services running"))
        return
    try:
        words = process.run(process.Command(("systemd-run", "--version"), process.environment(), limit=10.0)).out
    except SmenaError as error:
        yield told("init", what, error, scene.getting(dict.fromkeys(("debian", "rpm", "alt"), "systemd")))
        return
    found = re.search(r"systemd (\d+)", words)
    number = int(found[1]) if found else 0
    if number < _OLDEST:
        yield wrong("init", what, _("systemd {number} is too old", number=number), _("upgrade the operating system"))
    elif not scene.runs_are_units:
        said = _("systemd {number}, but this user may not start units: runs are processes of its login", number=number)
        yield missing("init", what, said, _("call smena as root: {command}", command="sudo smena doctor"))
    else:
        yield ok("init", what, _("systemd {number}; runs are units of their own", number=number))


def resume(scene: Scene) -> Iterator[Finding]:
    """Only a host with systemd boots by units; elsewhere the next call takes up what was interrupted."""
    if not scene.systemd:
        return
    unit = resume_unit(scene.home)
    what, hint = _("taking up runs at boot"), plain(INSTALL)
    if not any(instance.driver == "systemd" for instance in scene.instances):
        yield ok("resume", what, _("not needed yet: no instance here is run by systemd"))
        return
    if not scene.runs_are_units:
        yield missing("resume", what, _("only root can see to it"), _("sudo {command}", command=INSTALL))
        return
    state = booting.state(scene.home)
    said = {
        "missing": _("there is no {unit}: nothing takes up a run that a crash interrupted", unit=unit),
        "disabled": _("{unit} is not enabled", unit=unit),
        "old": _("{unit} is of another smena, or does not precede every unit", unit=unit),
        "masked": _("{unit} is masked", unit=unit),
    }
    if state == "masked":
        yield wrong("resume", what, said[state], plain(f"systemctl unmask {unit}"))
    elif state in said:
        yield wrong("resume", what, said[state], hint)
    else:
        yield ok("resume", what, _("{unit} is enabled and up to date", unit=unit))


def health(scene: Scene) -> Iterator[Finding]:
    """A systemd that is busy or in trouble lets nothing start as it should."""
    if not scene.runs_are_units:
        return
    state = systemctl("is-system-running", good=range(6)).out.strip()
    what = _("state of systemd")
    if state == "degraded":
        yield missing("init.state", what, _("some units have failed"), plain("systemctl --failed"))
    elif state in ("running", "starting", "initializing"):
        yield ok("init.state", what, plain(state))
    else:
        yield wrong("init.state", what, plain(state or "?"), plain("systemctl list-jobs"))
