"""Our own detached processes, for hosts and containers without systemd.

A service has a folder `HOME/services/INSTANCE/NAME`: what was started (`started.json`, no secrets), who runs it
now (`identity`, written by the process itself in the instant before it becomes the program), a lock that makes
starts and stops take turns, and its log. Nobody watches a service: its state is measured each time from the
identity (process number, start, boot), so a process that merely got the same number is neither taken for it
nor stopped in its place.

Starting a held instance (`HOME/hold/INSTANCE`) takes the run's permit. The hold is looked at under the lock:
a stop that comes after the hold finds either nothing running or what was started before it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from smena import clock, faults
from smena.drivers.ports import Description, Service, ServiceState, Status, may_be_killed
from smena.errors import BadContent, InstanceHeld, ServiceFailed, ServiceUnknown, ServiceWillNotStop, SmenaError
from smena.host import files, process
from smena.host.lock import Lock
from smena.host.native import attributes, processes, spawning
from smena.host.output import masked
from smena.host.paths import decode, encode
from smena.host.ports import Identity
from smena.host.trouble import telling
from smena.text import Text, _, plain

_TURN = 60.0
_AFTER_KILL = 10.0
_TAIL = 8192


class Started(msgspec.Struct, frozen=True):
    """What was started last, and when."""

    instance: str
    command: tuple[str, ...]
    directory: str | None
    log: str
    at: str


class Supervised:
    """All supervised services of one home."""

    def __init__(self, home: Path) -> None:
        self._services = home / "services"
        self._holds = home / "hold"

    def state(self, service: Service) -> ServiceState:
        who, last = self._who(service), self._last(service)
        if who is None or last is None or not processes.same_boot(who):  # nobody starts supervised services at boot
            return ServiceState("stopped")
        if processes.alive(who):
            return ServiceState("running", who.pid, last.at, f"{who.boot}:{who.pid}:{who.start}")
        return ServiceState("died", since=last.at)

    def statuses(self, services: Sequence[Service]) -> list[Status | SmenaError]:
        return [self._status_or_error(service) for service in services]

    def identity(self, service: Service) -> str | None:
        return self.state(service).identity

    def start(self, service: Service, *, permit: bool = False) -> None:
        with self._turn(service, _("starting {service}", service=service.name)):
            if not permit and (self._holds / service.instance).exists():
                raise InstanceHeld(
                    _("{service} was not started: {instance} is held", service=service.name, instance=service.instance),
                    why=[_("a run is changing it, or was interrupted while it did")],
                    hint=plain("smena run list"),
                )
            if self.state(service).status != "running":
                self._refuse_leftovers(service)
                self._launch(service)

    def stop(self, service: Service, *, kill: bool = False) -> None:
        if not self._folder(service).is_dir():
            return
        with self._turn(service, _("stopping {service}", service=service.name)):
            who = self._who(service)
            if who is None:
                return
            left = process.survivors(who, service.stop_within, force=False)
            if left and kill:
                left = process.survivors(who, _AFTER_KILL, force=True)
            if left:
                raise ServiceWillNotStop(
                    _(
                        "{service} did not stop within {seconds} seconds",
                        service=service.name,
                        seconds=service.stop_within,
                    ),
                    why=[_named(member) for member in left],
                    state=_("it still runs"),
                    hint=may_be_killed(),
                )
            faults.point("supervised.stopped")
            files.remove_file(self._folder(service) / "identity")

    def describe(self, service: Service) -> Description:
        """Of the environment only the names count: its values may be secrets."""
        known = (service.instance, service.command, service.directory, sorted(service.environment))
        definition = hashlib.blake2b(msgspec.json.encode(known), digest_size=16).hexdigest()
        return Description(
            service.name, service.command, service.directory, encode(self._log(service)), definition=definition
        )

    def last_words(self, service: Service) -> str:
        log = self._log(service)
        with telling(_("cannot read {path}", path=encode(log))):
            if not log.exists():
                return ""
            with log.open("rb") as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - _TAIL))
                return masked(file.read().decode("utf-8", "backslashreplace"), service.secrets)

    # -- inside -----------------------------------------------------------------

    def _status_or_error(self, service: Service) -> Status | SmenaError:
        try:
            return self.state(service).status
        except SmenaError as error:
            return error

    def _refuse_leftovers(self, service: Service) -> None:
        """What its last running left behind would be in its way (the port, the files)."""
        who = self._who(service)
        left = processes.members(who) if who else []
        if left:
            raise ServiceFailed(
                _("{service} was not started: processes of its last start still run", service=service.name),
                why=[_named(member) for member in left],
                hint=_("stop it first"),
            )

    def _launch(self, service: Service) -> None:
        """`started.json` comes first: an identity without it would be a process that nobody knows the origin of."""
        folder, log = self._folder(service), self._log(service)
        started = Started(service.instance, service.command, service.directory, encode(log), clock.stamp())
        files.write_file(folder / "started.json", msgspec.json.encode(started), attributes.own(0o600))
        command = process.Command(
            tuple(decode(argument) for argument in service.command),
            process.environment(**service.environment),
            cwd=Path(decode(service.directory)) if service.directory else None,
            secrets=service.secrets,
        )
        faults.point("supervised.starting")
        who = process.spawn(command, log, folder / "identity")
        faults.point("supervised.started")
        if not processes.alive(who):
            why = [plain(line) for line in self.last_words(service).splitlines()[-5:]]
            raise ServiceFailed(_("{service} ended as soon as it was started", service=service.name), why=why)

    def _folder(self, service: Service) -> Path:
        for name in (service.instance, service.name):
            if not name or name.startswith(".") or "/" in name or "\\" in name:
                raise ServiceUnknown(_("{service} is no name for a service", service=name))
        return self._services / service.instance / service.name

    def _last(self, service: Service) -> Started | None:
        path = self._folder(service) / "started.json"
        try:
            return msgspec.json.decode(path.read_bytes(), type=Started)
        except FileNotFoundError:
            return None
        except msgspec.DecodeError as error:
            raise BadContent(_("{path} is damaged", path=encode(path)), why=[plain(error)]) from error

    def _who(self, service: Service) -> Identity | None:
        return spawning.read_note(self._folder(service) / "identity")

    def _log(self, service: Service) -> Path:
        return Path(decode(service.log)) if service.log else self._folder(service) / "log"

    @contextmanager
    def _turn(self, service: Service, purpose: Text) -> Iterator[None]:
        files.make_folder(self._folder(service), attributes.own(0o700))
        wait = service.stop_within + _AFTER_KILL + _TURN
        with Lock(self._folder(service) / "lock", str(purpose)).acquire(wait):
            yield


def _named(member: Identity) -> Text:
    return _("process {pid}: {program}", pid=member.pid, program=encode(processes.program(member.pid)))
