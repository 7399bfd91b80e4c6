"""How a run gets a process of its own that a boot brings back: chosen once, here.

Where systemd starts things, runs are its units; on Windows they are tasks of its scheduler. Both have something that
takes up interrupted runs at boot. Everywhere else a run is a process that leaves its family, and the next call of
smena takes it up.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from smena.drivers import scheduled, systemd_runs
from smena.drivers.scheduled import TaskState
from smena.drivers.systemd_runs import ResumeState
from smena.errors import NotOnThisPlatform
from smena.instances.instance import Instance
from smena.service.boot_tasks import Tasks
from smena.service.boot_units import Units
from smena.text import Text, _


class Way(Protocol):
    """What starts runs, and starts them again at boot."""

    driver: str
    """The driver of the instances that a boot starts as well: for them the boot has to be prepared."""

    def start(self, home: Path, run: str, instance: Instance, words: Sequence[str], *, log: Path) -> None:
        """Start `carrying` with these words, the boot prepared for an interruption; the instance may be to come."""

    def name(self, home: Path) -> str:
        """Of what takes up this home's runs at boot."""

    def prepare(self, home: Path, *coming: Instance) -> bool:
        """See that the next boot takes up what is interrupted; whether anything had to be done."""

    def state(self, home: Path) -> ResumeState | TaskState:
        """How that is just now."""

    def told(self, home: Path) -> Text | None:
        """What a plan says of it before a run, where a person would meet it."""

    def tidy(self, home: Path) -> None:
        """Take away what runs that are over left with it."""


def way() -> Way | None:
    if systemd_runs.available():
        return Units()
    return Tasks() if scheduled.available() else None


def known() -> Way:
    """As `way`, for a person who asks for it: refused where there is no such thing."""
    found = way()
    if found is None:
        raise NotOnThisPlatform(
            _("interrupted runs cannot be taken up at boot here"),
            why=[_("that needs systemd as process 1, and root; on Windows a console opened as an administrator")],
            state=_("the next call of smena takes them up"),
        )
    return found


def prepare_for(home: Path, added: Sequence[Instance]) -> None:
    """For instances that a boot starts: what takes up interrupted runs has to come before them."""
    found = way()
    if found is not None and any(instance.driver == found.driver for instance in added):
        found.prepare(home)


def told(home: Path) -> Text | None:
    found = way()
    return None if found is None else found.told(home)


def tidy(home: Path) -> None:
    found = way()
    if found is not None:
        found.tidy(home)
