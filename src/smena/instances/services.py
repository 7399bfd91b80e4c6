"""The services of an instance, spelled out for whatever runs them."""

from __future__ import annotations

from pathlib import Path

from smena.definition.model import Service
from smena.drivers import sc
from smena.drivers.iis import Iis
from smena.drivers.systemd_units import unit_file
from smena.errors import IisMissing, ServiceUnknown
from smena.host.paths import decode
from smena.instances.lookups import Lookups
from smena.instances.values import rendered
from smena.plan.params import ServiceSpec


def specs(found: Lookups) -> tuple[ServiceSpec, ...]:
    """All of them in the order of their start; secrets in an environment are references."""
    return tuple(_spec(found, service) for service in _run_here(found))


def bare_specs(found: Lookups) -> tuple[ServiceSpec, ...]:
    """As much as asking and stopping needs: that must work when the instance's own files cannot be read."""
    return tuple(
        ServiceSpec(
            name=service.name,
            unit=_maybe(service.unit, found),
            pool=_maybe(service.pool, found),
            stop_within=float(service.stop_within),
        )
        for service in _run_here(found)
    )


def _run_here(found: Lookups) -> tuple[Service, ...]:
    """All that is not optional, and what of the rest is there: smena runs commands, systemd units, Windows both of
    its own."""
    services = found.spec.services
    if found.instance.driver == "supervised":
        return tuple(service for service in services if service.command or not service.optional)
    return tuple(service for service in services if not service.optional or _is_there(service, found))


def _is_there(service: Service, found: Lookups) -> bool:
    if service.pool is not None:
        return has_pool(service, found)
    return has_service(service, found) if found.instance.driver == "windows" else has_unit(service, found)


def has_service(service: Service, found: Lookups) -> bool:
    """Whether Windows has a service of this name."""
    return service.unit is not None and sc.query(rendered(service.unit, found)) is not None


def has_pool(service: Service, found: Lookups) -> bool:
    """Whether IIS has the service's application pool; a host without IIS has none."""
    if service.pool is None:
        return False
    try:
        Iis(Path(decode(found["home"]))).pool(rendered(service.pool, found))
    except (IisMissing, ServiceUnknown):
        return False
    return True


def has_unit(service: Service, found: Lookups) -> bool:
    """Whether systemd finds a unit of the service on this host."""
    return service.unit is not None and unit_file(rendered(service.unit, found)) is not None


def _spec(found: Lookups, service: Service) -> ServiceSpec:
    return ServiceSpec(
        name=service.name,
        unit=_maybe(service.unit, found),
        pool=_maybe(service.pool, found),
        command=tuple(rendered(argument, found) for argument in service.command),
        directory=_maybe(service.directory, found),
        environment={name: rendered(value, found) for name, value in service.environment.items()},
        environment_file=_maybe(service.environment_file, found),
        ready=_maybe(service.ready, found),
        stop_within=float(service.stop_within),
        start_within=float(service.start_within),
    )


def _maybe(template: str | None, found: Lookups) -> str | None:
    return None if template is None else rendered(template, found)
