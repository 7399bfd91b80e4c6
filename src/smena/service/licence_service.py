"""The licence service of network keys: is it here, and its restart, which throws every user out."""

from __future__ import annotations

from pathlib import Path

from smena.drivers.ports import Service
from smena.drivers.systemd import Systemd
from smena.drivers.systemd_units import fits
from smena.errors import ServiceUnknown, SmenaError
from smena.host.facts.init import init_system
from smena.text import _


def is_here(home: Path, name: str) -> bool:
    """Whether smena can restart it on this host."""
    if init_system().value != "systemd" or not fits(name):
        return False
    try:
        Systemd(home).state(_service(name))
    except SmenaError:  # it is told what to do by hand
        return False
    return True


def restart(home: Path, name: str) -> None:
    if not is_here(home, name):
        raise ServiceUnknown(
            _("the service {name} is not on this computer, or smena cannot restart it here", name=name),
            state=_("nothing was restarted"),
            hint=_("restart it by hand, then say so: smena key wizard --restart done"),
        )
    driver = Systemd(home)
    driver.stop(_service(name))
    driver.start(_service(name))


def _service(name: str) -> Service:
    return Service(instance="licence", name=name, unit=name)
