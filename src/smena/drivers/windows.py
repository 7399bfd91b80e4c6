"""Everything that runs on a Windows host for an instance: its services, and its pools of IIS.

A service of the definition that has a `pool` belongs to IIS, every other one to the service manager.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from smena.drivers.iis_pools import IisPools
from smena.drivers.ports import Description, Service, Services, ServiceState, Status
from smena.drivers.windows_service import WindowsServices
from smena.errors import SmenaError


class Windows:
    """Services and pools of one home's instances."""

    def __init__(self, home: Path) -> None:
        self._services: Services = WindowsServices(home)
        self._pools: Services = IisPools(home)

    def state(self, service: Service) -> ServiceState:
        return self._of(service).state(service)

    def statuses(self, services: Sequence[Service]) -> list[Status | SmenaError]:
        return [self._status_or_error(service) for service in services]

    def identity(self, service: Service) -> str | None:
        return self._of(service).identity(service)

    def start(self, service: Service, *, permit: bool = False) -> None:
        self._of(service).start(service, permit=permit)

    def stop(self, service: Service, *, kill: bool = False) -> None:
        self._of(service).stop(service, kill=kill)

    def describe(self, service: Service) -> Description:
        return self._of(service).describe(service)

    def last_words(self, service: Service) -> str:
        return self._of(service).last_words(service)

    def _status_or_error(self, service: Service) -> Status | SmenaError:
        try:
            return self.state(service).status
        except SmenaError as error:
            return error

    def _of(self, service: Service) -> Services:
        return self._services if service.pool is None else self._pools
