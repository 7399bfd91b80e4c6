"""units: systemd can stop, hold and start again what the run will stop.

Asked while everything still runs: a unit that cannot be started again, because it is masked or its account is gone,
would be found only with the instance down, on the way there and on the way back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.drivers.systemd_hold import refuse_unfit
from smena.drivers.systemd_units import properties_of, unit_name
from smena.errors import OwnerUnknown, SmenaError
from smena.host import owners
from smena.instances import registry
from smena.text import Text, _, plain


def ask(_question: Mapping[str, object], scene: Scene) -> Iterator[Finding]:
    instance = registry.find(scene.home, scene.plan.instance)
    if instance is None or instance.driver != "systemd":
        return
    units = [unit_name(service.unit or service.name) for service in scene.measure().services]
    for unit in units:
        yield from _fit(unit)
    yield from _accounts(units)


def _fit(unit: str) -> Iterator[Finding]:
    try:
        refuse_unfit([unit])
    except SmenaError as error:
        why = error.why[0] if error.why else None
        yield Finding(check="units", blocking=True, text=error.message, why=why, hint=error.hint)


def _accounts(units: Sequence[str]) -> Iterator[Finding]:
    """A number needs no name, and a dynamic account comes with the start."""
    for unit, shown in zip(units, properties_of(units, "User", "DynamicUser"), strict=True):
        user = shown["User"]
        if not user or user.isdigit() or shown["DynamicUser"] == "yes":
            continue
        try:
            owners.account(user)
        except OwnerUnknown:
            text: Text = _("the account {user} of {unit} does not exist", user=user, unit=unit)
            hint = plain(f"useradd --system --user-group --no-create-home --shell /usr/sbin/nologin {user}")
            yield Finding(check="units", blocking=True, text=text, hint=hint)
