"""How plans speak of services: by which names, and what happens to one that does not stop."""

from __future__ import annotations

from smena.plan.params import ServiceSpec
from smena.plan.request import KILL, Request
from smena.text import Text, _


def held_names(services: tuple[ServiceSpec, ...]) -> tuple[str, ...]:
    """The names that the hold knows them under."""
    return tuple(f"pool:{spec.pool}" if spec.pool else spec.unit or spec.name for spec in services)


def names(services: tuple[ServiceSpec, ...]) -> str:
    return ", ".join(service.unit or service.pool or service.name for service in services)


def may_kill(request: Request) -> bool:
    """A service is killed only where a person has accepted that by name."""
    return KILL in request.options.accepted


def stop_title(services: tuple[ServiceSpec, ...], *, kill: bool) -> Text:
    told = names(tuple(reversed(services)))
    if kill:
        return _("stop {services}; who does not stop in time is killed", services=told)
    return _("stop {services}", services=told)
