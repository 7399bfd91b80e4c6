"""What a boot does for interrupted runs, where systemd starts things: a unit of ours takes them up.

The unit is brought up to date before each run begins, because it names the units that it has to precede, and the
interpreter and the home of now. Runs are units too there: `start`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from smena.definition.model import Definition
from smena.drivers import systemd_runs
from smena.drivers.systemd_runs import ResumeState
from smena.errors import NotOnThisPlatform, SmenaError
from smena.instances import registry
from smena.instances.instance import Instance
from smena.instances.services import bare_specs
from smena.instances.world import lookups_of
from smena.intake import definitions
from smena.text import _

available = systemd_runs.available


def run_unit(run: str) -> str:
    return f"smena-run-{run}"


def start(home: Path, run: str, instance: Instance, arguments: Sequence[str], *, log: Path) -> None:
    """Start the run's process as a unit, with the boot prepared for its interruption; the instance may be to come."""
    prepare(home, instance)
    keep_children = instance.driver == "supervised"
    systemd_runs.start(run_unit(run), arguments, log.parent, log, keep_children=keep_children)


def unit(home: Path) -> str:
    """The name of the unit that takes up this home's runs at boot."""
    return systemd_runs.resume_unit(home)


def install(home: Path) -> bool:
    """As `prepare`, for a person who asks for it: refused where there is no such thing."""
    if not available():
        raise NotOnThisPlatform(
            _("interrupted runs cannot be taken up by a unit here"),
            why=[_("that needs systemd as process 1, and root")],
            state=_("the next call of smena takes them up"),
        )
    return prepare(home)


def prepare(home: Path, *coming: Instance) -> bool:
    """See that the next boot takes up what is interrupted; whether anything had to be done."""
    return systemd_runs.install_resume(home, _arguments(home), managed_units(home, *coming))


def state(home: Path) -> ResumeState:
    """How the unit that the next boot needs is just now."""
    return systemd_runs.resume_state(home, _arguments(home), managed_units(home))


def managed_units(home: Path, *coming: Instance) -> list[str]:
    """The units of every instance that systemd runs. One whose definition is gone has none to wait for."""
    definition = cache(lambda product: _definition(home, product))
    known = {instance.name: instance for instance in (*coming, *registry.instances(home))}
    managed = [instance for instance in known.values() if instance.driver == "systemd"]
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
