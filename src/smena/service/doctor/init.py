"""Who starts services here, and whether a boot takes up what was interrupted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smena.drivers.systemd_units import systemctl
from smena.errors import SmenaError
from smena.host import process, target
from smena.host.native import spawning
from smena.service.doctor.finding import Finding, missing, ok, told, wrong
from smena.service.doctor.scene import Scene
from smena.text import _, plain

_OLDEST = 240
INSTALL = "smena doctor --install-resume"


def init(scene: Scene) -> Iterator[Finding]:
    what = _("who starts services")
    if target.platform() == "windows":
        yield from _windows(scene)
        return
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
    elif scene.way is None:
        said = _("systemd {number}, but this user may not start units: runs are processes of its login", number=number)
        yield missing("init", what, said, scene.everything_hint)
    else:
        yield ok("init", what, _("systemd {number}; runs are units of their own", number=number))


def _windows(scene: Scene) -> Iterator[Finding]:
    what = _("who starts services")
    if scene.way is not None:
        yield ok("init", what, _("the service manager of Windows; runs are tasks of its scheduler"))
    elif scene.boots_runs:
        said = _("the service manager of Windows; only an administrator may start runs")
        yield missing("init", what, said, scene.everything_hint)
    else:
        yield ok("init", what, _("the service manager of Windows; runs are processes of their own"))
    if not spawning.outlives():
        said = _("services that smena itself runs end with this session: it ends all that it started")
        yield missing("init.session", what, said, _("call smena in a console of this host, not through SSH"))


def resume(scene: Scene) -> Iterator[Finding]:
    """Where neither systemd nor a scheduler starts runs the next call takes up what was interrupted."""
    if not scene.boots_runs:
        return
    what, hint, way = _("taking up runs at boot"), plain(INSTALL), scene.way
    if way is None:
        yield missing("resume", what, _("only root or an administrator can see to it"), scene.everything_hint)
        return
    if not any(instance.driver == way.driver for instance in scene.instances):
        yield ok("resume", what, _("not needed yet: no instance here is started by a boot"))
        return
    state, name = way.state(scene.home), way.name(scene.home)
    said = {
        "missing": _("there is no {unit}: nothing takes up a run that a crash interrupted", unit=name),
        "disabled": _("{unit} is not enabled", unit=name),
        "old": _("{unit} is of another smena, or not as it has to be", unit=name),
        "masked": _("{unit} is masked", unit=name),
    }
    if state == "masked":
        yield wrong("resume", what, said[state], plain(f"systemctl unmask {name}"))
    elif state in said:
        yield wrong("resume", what, said[state], hint)
    else:
        yield ok("resume", what, _("{unit} is enabled and up to date", unit=name))


def health(scene: Scene) -> Iterator[Finding]:
    """A systemd that is busy or in trouble lets nothing start as it should."""
    if not scene.systemd or scene.way is None:
        return
    state = systemctl("is-system-running", good=range(6)).out.strip()
    what = _("state of systemd")
    if state == "degraded":
        yield missing("init.state", what, _("some units have failed"), plain("systemctl --failed"))
    elif state in ("running", "starting", "initializing"):
        yield ok("init.state", what, plain(state))
    else:
        yield wrong("init.state", what, plain(state or "?"), plain("systemctl list-jobs"))
