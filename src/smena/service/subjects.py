"""The instance that a plan is about: the registry's, else the one that the plan itself brings.

While an instance comes to be it is not registered yet, and when it goes it is not registered any
more; its run must be carried, shown and taken up all the same.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from smena.instances import registry
from smena.instances.instance import Instance
from smena.plan.model import Plan


def instance_of(home: Path, plan: Plan) -> Instance:
    """Asked anew each time: a step may have written something else into the registry."""
    known = registry.find(home, plan.instance)
    if known is None and plan.created is not None:
        return msgspec.convert(plan.created, Instance)
    return known or registry.get(home, plan.instance)


def described(instance: Instance) -> dict[str, object]:
    """The instance as a plan holds it."""
    told: dict[str, object] = msgspec.to_builtins(instance)
    return told
