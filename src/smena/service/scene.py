"""The scene for checks: this plan's instance on this host, measured when it is asked."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from smena.checks.context import Scene
from smena.definition.model import Definition
from smena.instances.world import measure
from smena.intake import definitions
from smena.keys.pins import Pins
from smena.plan.model import Plan
from smena.service.control import services_of
from smena.service.subjects import instance_of


def scene_of(
    home: Path,
    plan: Plan,
    folder: Path | None = None,
    pins: Pins | None = None,
    definition: Definition | None = None,
) -> Scene:
    """A run has its definition already: to read it again takes as long as all else here."""
    instance = instance_of(home, plan)
    definition = definition or definitions.find(plan.product, home)
    services = services_of(home, instance)
    return Scene(
        home=home,
        definition=definition,
        plan=plan,
        measure=cache(lambda: measure(definition, instance, home, sized=False)),
        running=services.those_running,
        pins=pins,
        folder=folder,
    )
