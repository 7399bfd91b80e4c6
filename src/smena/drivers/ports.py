"""What every way of running services has to offer; one contract suite in the tests holds for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec

from smena.errors import SmenaError
from smena.text import Text, _

Status = Literal["running", "stopped", "died"]


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """One service, spelled out; paths in the escaped form. `unit` is for those who have units, `command` for the rest;
    on Windows `unit` names a service, and `pool` a pool of IIS.

    `environment` is given for a start only, and is kept nowhere: it may hold secrets, which `secrets` names
    so that no message shows them.
    """

    instance: str
    name: str
    unit: str | None = None
    pool: str | None = None
    """The IIS application pool, where the service is one."""
    command: tuple[str, ...] = ()
    directory: str | None = None
    environment: dict[str, str] = {}
    log: str | None = None
    stop_within: float = 60.0
    start_within: float = 120.0
    secrets: tuple[str, ...] = ()


class ServiceState(msgspec.Struct, frozen=True):
    """Measured just now.

    `running`: its main process lives. `died`: it was started and is gone without having been stopped, or
    only children of it are left. `identity` tells this running of it from every other one.
    """

    status: Status
    pid: int | None = None
    since: str | None = None
    identity: str | None = None


class Description(msgspec.Struct, frozen=True):
    """What a service is, for people and for comparing: `definition` changes when anything about it does."""

    name: str
    command: tuple[str, ...]
    directory: str | None
    log: str | None
    definition: str


class Services(Protocol):
    """Services, whatever runs them."""

    def state(self, service: Service) -> ServiceState: ...

    def statuses(self, services: Sequence[Service]) -> list[Status | SmenaError]:
        """Of many, in their order and asked at once; an error stands in the place of its own service only."""

    def identity(self, service: Service) -> str | None:
        """What tells this running of it from another one; None when it does not run."""

    def start(self, service: Service, *, permit: bool = False) -> None:
        """Start it, unless it runs. A held instance is refused, save to the run itself, which has the permit.

        Returns when its process lives, not when it answers: that is a check's to find out.
        """

    def stop(self, service: Service, *, kill: bool = False) -> None:
        """Ask it to stop, and wait. Who does not stop in time is named in `ServiceWillNotStop`, or killed if `kill`.

        One that does not run is left alone; children that it left behind are stopped too.
        """

    def describe(self, service: Service) -> Description: ...

    def last_words(self, service: Service) -> str:
        """The end of what it wrote, for people; empty where nothing is known."""


def may_be_killed() -> Text:
    """What a person can do about a process that goes on."""
    return _("end it if its end costs nothing, or have it killed: upgrade with --accept {name}", name="kill-service")
