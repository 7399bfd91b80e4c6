"""Interrupted runs and the boot, where systemd starts things: runs are units, and a unit of ours takes them up."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from smena.definition.model import Definition
from smena.drivers import systemd_runs
from smena.drivers.systemd_runs import ResumeState
from smena.errors import SmenaError
from smena.instances import registry
from smena.instances.instance import Instance
from smena.instances.services import bare_specs
from smena.instances.world import lookups_of
from smena.intake import definitions

DRIVER = "systemd"


def run_unit(run: str) -> str:
    return f"smena-run-{run}"


class Units:
    """The unit for the boot is brought up to date before each run begins, because it names the units that it has to
    precede, and the interpreter and the home of now."""

    driver = DRIVER

    def start(self, home: Path, run: str, instance: Instance, words: Sequence[str], *, log: Path) -> None:
        self.prepare(home, instance)
        arguments = [sys.executable, "-m", "smena.service.carrying", *words]
        systemd_runs.start(run_unit(run), arguments, log.parent, log, keep_children=instance.driver == "supervised")

    def name(self, home: Path) -> str:
        return systemd_runs.resume_unit(home)

    def prepare(self, home: Path, *coming: Instance) -> bool:
        return systemd_runs.install_resume(home, _arguments(home), managed_units(home, *coming))

    def state(self, home: Path) -> ResumeState:
        return systemd_runs.resume_state(home, _arguments(home), managed_units(home))

    def told(self, home: Path) -> None:
        """Units are there while a run goes on; nobody has to know them."""

    def tidy(self, home: Path) -> None:
        """systemd forgets a unit of a run by itself."""


def managed_units(home: Path, *coming: Instance) -> list[str]:
    """The units of every instance that systemd runs. One whose definition is gone has none to wait for."""
    definition = cache(lambda product: _definition(home, product))
    known = {instance.name: instance for instance in (*coming, *registry.instances(home))}
    managed = [instance for instance in known.values() if instance.driver == DRIVER]
    return [unit for instance in managed for unit in _units(home, definition(instance.product), instance)]


def _definition(home: Path, product: str) -> Definition | None:
    try:
        return definitions.find(product, home)
    except SmenaError:
        return None


def _units(home: Path, definition: Definition | None, instance: Instance) -> list[str]:
    if definition is None:
        return []
    try:
        specs = bare_specs(lookups_of(definition, instance, home))
    except SmenaError:
        return []
    return [spec.unit or spec.name for spec in specs]


def _arguments(home: Path) -> list[str]:
    return [sys.executable, "-m", "smena.service.takeup", str(home)]
