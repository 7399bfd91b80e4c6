"""What a check may look at: the instance as it is now, and the plan it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from smena.definition.model import Definition
from smena.keys.pins import Pins
from smena.plan.model import Plan
from smena.plan.params import ServiceSpec
from smena.plan.world import World


@dataclass(frozen=True)
class Scene:
    """One asking."""

    home: Path
    definition: Definition
    plan: Plan
    measure: Callable[[], World]
    """The instance, measured once for this asking."""
    running: Callable[[Sequence[ServiceSpec]], list[ServiceSpec]]
    """Those of them that run, measured now."""
    pins: Pins | None = None
    """Where the PINs of licence keys come from; None where nobody can be asked."""
    folder: Path | None = None
    """The run's own folder, where logs' marks lie; None before there is a run."""
