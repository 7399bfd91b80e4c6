"""«Обновить все экземпляры продукта»: all instances of a product, one after another or several at once.

Each is a run of its own, proven on its own. One that fails goes back by itself and neither stops
nor harms the others, unless that is asked for: then no further one is begun.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from smena import clock
from smena.errors import AlreadyThere, SmenaError
from smena.instances import registry
from smena.plan.model import Plan
from smena.plan.request import Options
from smena.service import planning, runs, upgrading
from smena.text import Text

_LOOK = 0.1
_RESTING = ("final", "undone", "waiting", "parked", "open")
_PATIENCE = 60.0
"""Seconds. With users in the work is done, and the next one may begin; the probation goes on by itself."""


class Proven(msgspec.Struct, frozen=True, kw_only=True):
    """What can be done with one instance: a plan that was proven, or why there is none."""

    instance: str
    plan: Plan | None = None
    there: bool = False
    """It runs the wanted version already."""
    why: tuple[Text, ...] = ()


class Came(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one instance."""

    instance: str
    state: str
    """A run's state; `there` when nothing was to do, `refused` before any change, `left` when never begun."""
    run: str | None = None
    why: tuple[Text, ...] = ()


def prove_all(home: Path, product: str, to: str, options: Options) -> list[Proven]:
    """Every instance of the product, each asked on its own."""
    return [_proven(home, one.name, to, options) for one in registry.instances(home) if one.product == product]


def carry_all(home: Path, proven: Sequence[Proven], *, parallel: int, stop_on_failure: bool) -> Iterator[Came]:
    """What became of each, as it comes to rest."""
    yield from (_without_run(one) for one in proven if one.plan is None)
    waiting = [one for one in proven if one.plan is not None]
    going: dict[str, str] = {}
    opened: dict[str, float] = {}
    while waiting or going:
        while waiting and len(going.keys() - opened.keys()) < parallel:
            one = waiting.pop(0)
            begun = _begun(home, one)
            if begun.run is None:
                yield begun
            else:
                going[begun.run] = one.instance
        clock.sleep(_LOOK)
        for came in _rested(home, going, opened):
            going.pop(came.run or "")
            opened.pop(came.run or "", None)
            yield came
            if stop_on_failure and came.state not in ("final", "open"):
                yield from (Came(instance=one.instance, state="left") for one in waiting)
                waiting = []


def _proven(home: Path, instance: str, to: str, options: Options) -> Proven:
    try:
        plan = planning.make(home, instance, to, options)
        upgrading.prove(home, plan)
    except AlreadyThere:
        return Proven(instance=instance, there=True)
    except SmenaError as error:
        return Proven(instance=instance, why=(error.message, *error.why))
    return Proven(instance=instance, plan=plan)


def _without_run(one: Proven) -> Came:
    return Came(instance=one.instance, state="there" if one.there else "refused", why=one.why)


def _begun(home: Path, one: Proven) -> Came:
    """Between the proof and now somebody may have begun another run of it."""
    try:
        run = upgrading.begin(home, one.plan) if one.plan else None
    except SmenaError as error:
        return Came(instance=one.instance, state="refused", why=(error.message, *error.why))
    return Came(instance=one.instance, state="doing", run=run)


def _rested(home: Path, going: Mapping[str, str], opened: dict[str, float]) -> list[Came]:
    """A probation is waited for as with one instance: to its end, but not for ever."""
    came = []
    for run, instance in going.items():
        view = runs.view(home, run)
        if view.state == "open" and clock.ticks() - opened.setdefault(run, clock.ticks()) < _PATIENCE:
            continue
        if view.state in _RESTING:
            why = () if view.run.why is None else (view.run.why,)
            came.append(Came(instance=instance, state=view.state, run=run, why=why))
    return came
