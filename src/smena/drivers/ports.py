"""What every way of running services has to offer; one contract suite in the tests holds for all of them."""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec

Status = Literal["running", "stopped", "died"]


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
    """Services by name. One that is not defined is `ServiceUnknown`."""

    def state(self, name: str) -> ServiceState: ...

    def start(self, name: str, *, permit: bool = False) -> None:
        """Start it, unless it runs. A held instance is refused, save to the run itself, which has the permit.

        Returns when its process lives, not when it answers: that is a check's to find out.
        """

    def stop(self, name: str, *, patience: float, kill: bool = False) -> None:
        """Ask it to stop and wait. Who does not stop is named in `ServiceWillNotStop`, or killed if `kill`.

        One that does not run is left alone; children that it left behind are stopped too.
        """

    def describe(self, name: str) -> Description: ...

    def last_words(self, name: str) -> str:
        """The end of what it wrote, for people; empty where nothing is known."""
