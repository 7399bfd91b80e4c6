"""Which driver runs an instance's services, holds it, and stands before its site: chosen once, here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from smena.drivers.ports import Service, Services, Status
from smena.drivers.supervised import Supervised
from smena.drivers.systemd import Systemd
from smena.drivers.systemd_hold import SystemdHolds
from smena.drivers.windows import Windows
from smena.drivers.windows_hold import WindowsHolds
from smena.edit.documents import parse
from smena.edit.format import Format
from smena.errors import SmenaError
from smena.host import files
from smena.host.native import attributes
from smena.host.paths import decode
from smena.instances import secrets
from smena.instances.instance import Driver, Instance
from smena.plan.params import ServiceSpec
from smena.service.sites import Sites
from smena.steps.tools import Holds

_DRIVERS: dict[Driver, type[Supervised | Systemd | Windows]] = {
    "supervised": Supervised,
    "systemd": Systemd,
    "windows": Windows,
}


class Control:
    """The services of one instance, as steps and checks use them; `permit`: under the hold, by the run itself."""

    def __init__(self, home: Path, instance: Instance, services: Services, *, permit: bool) -> None:
        self._home = home
        self._instance = instance
        self._services = services
        self._permit = permit

    def running(self, spec: ServiceSpec) -> bool:
        return self.identity(spec) is not None

    def those_running(self, specs: Sequence[ServiceSpec]) -> list[ServiceSpec]:
        statuses = self._services.statuses([self._service(spec) for spec in specs])
        for status in statuses:
            if isinstance(status, SmenaError):
                raise status
        return [spec for spec, status in zip(specs, statuses, strict=True) if status == "running"]

    def identity(self, spec: ServiceSpec) -> str | None:
        return self._services.identity(self._service(spec))

    def start(self, spec: ServiceSpec) -> None:
        self._services.start(self._service(spec, secret=True), permit=self._permit)

    def stop(self, spec: ServiceSpec, *, kill: bool = False) -> None:
        self._services.stop(self._service(spec), kill=kill)

    def last_words(self, spec: ServiceSpec) -> str:
        return self._services.last_words(self._service(spec))

    def _service(self, spec: ServiceSpec, *, secret: bool = False) -> Service:
        """Secrets are put in only for a start, the one moment they are needed."""
        environment = {**_environment_of(spec), **spec.environment} if secret else {}
        shown = {name: secrets.reveal(self._home, self._instance.name, value) for name, value in environment.items()}
        return Service(
            instance=self._instance.name,
            name=spec.name,
            unit=spec.unit,
            pool=spec.pool,
            command=spec.command,
            directory=spec.directory,
            environment=shown,
            stop_within=spec.stop_within,
            start_within=spec.start_within,
            secrets=tuple(shown[name] for name, value in environment.items() if shown[name] != value),
        )


class FileHolds:
    """A file in the home that the supervisor looks for before it starts anything."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "hold"

    def hold(self, instance: str, services: Sequence[str], *, coming: bool = False) -> None:
        del services, coming  # the file stands for all of them
        files.make_folder(self._folder, attributes.own(0o700))
        files.write_file(self._folder / instance, b"")

    def release(self, instance: str, services: Sequence[str]) -> None:
        del services
        if self._folder.is_dir():
            files.remove_file(self._folder / instance)

    def tidy(self, instance: str, services: Sequence[str]) -> None:
        """There is nothing but the file."""


def running(home: Path, wanted: Sequence[tuple[Instance, ServiceSpec]]) -> list[bool | SmenaError]:
    """Which of these services run, in their order: one question for each driver, however many instances there are."""
    found: dict[int, bool | SmenaError] = {}
    for driver in dict.fromkeys(instance.driver for instance, _spec in wanted):
        places = [place for place, (instance, _spec) in enumerate(wanted) if instance.driver == driver]
        asked = [
            Service(
                instance=wanted[at][0].name, name=wanted[at][1].name, unit=wanted[at][1].unit, pool=wanted[at][1].pool
            )
            for at in places
        ]
        statuses = _DRIVERS[driver](home).statuses(asked)
        found |= {at: _runs(status) for at, status in zip(places, statuses, strict=True)}
    return [found[place] for place in range(len(wanted))]


def _runs(status: Status | SmenaError) -> bool | SmenaError:
    return status if isinstance(status, SmenaError) else status == "running"


def services_of(home: Path, instance: Instance, *, permit: bool = False) -> Control:
    return Control(home, instance, _DRIVERS[instance.driver](home), permit=permit)


def holds_of(home: Path, instance: Instance) -> Holds:
    if instance.driver == "windows":
        return WindowsHolds(home)
    return SystemdHolds(home) if instance.driver == "systemd" else FileHolds(home)


def pages_of(home: Path, _instance: Instance) -> Sites:
    return Sites(home)


def _environment_of(spec: ServiceSpec) -> dict[str, str]:
    """The variables in the service's environment file, which is the administrator's."""
    if spec.environment_file is None:
        return {}
    path = Path(decode(spec.environment_file))
    if not path.is_file():
        return {}
    document = parse(Format("env", spec.environment_file), path.read_bytes())
    return {entry.key[-1]: entry.value or "" for entry in document.entries()}
