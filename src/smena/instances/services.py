"""The services of an instance, spelled out for whatever runs them."""

from __future__ import annotations

from smena.definition.model import Service
from smena.instances.lookups import Lookups
from smena.instances.values import rendered
from smena.plan.params import ServiceSpec


def specs(found: Lookups) -> tuple[ServiceSpec, ...]:
    """All of them in the order of their start; secrets in an environment are references."""
    services = found.spec.services
    if found.instance.driver == "supervised":
        services = tuple(service for service in services if service.command or not service.optional)
    return tuple(_spec(found, service) for service in services)


def _spec(found: Lookups, service: Service) -> ServiceSpec:
    def maybe(template: str | None) -> str | None:
        return None if template is None else rendered(template, found)

    return ServiceSpec(
        name=service.name,
        unit=maybe(service.unit),
        command=tuple(rendered(argument, found) for argument in service.command),
        directory=maybe(service.directory),
        environment={name: rendered(value, found) for name, value in service.environment.items()},
        environment_file=maybe(service.environment_file),
        ready=maybe(service.ready),
        stop_within=float(service.stop_within),
        start_within=float(service.start_within),
    )
