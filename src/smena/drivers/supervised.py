"""Our own detached processes, for hosts and containers without systemd.

A service is a folder `HOME/services/NAME`: what it is (`spec.json`), who runs it now (`identity`, written by the process
itself in the instant before it becomes the program), a lock that makes starts and stops take turns, and its log. Nobody
watches a service: its state is measured each time from the identity (process number, start, boot), so
a process that merely got the same number is neither taken for it nor stopped in its place.

Starting a held instance (`HOME/hold/INSTANCE`) takes the run's permit. The hold is looked at under the lock:
a stop that comes after the hold finds either nothing running or what was started before it.
"""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from smena import faults
from smena.drivers.ports import Description, ServiceState
from smena.edit import documents
from smena.edit.format import Format
from smena.errors import BadContent, InstanceHeld, ServiceFailed, ServiceUnknown, ServiceWillNotStop
from smena.host import files, process
from smena.host.lock import Lock
from smena.host.native import attributes, processes, spawning
from smena.host.paths import decode, encode
from smena.host.ports import Identity
from smena.host.trouble import telling
from smena.text import Text, _, plain

_TURN = 120.0
_AFTER_KILL = 10.0
_TAIL = 8192


class Spec(msgspec.Struct, frozen=True):
    """What a service is; paths in the escaped form. Its environment is all that stands here, and no more."""

    name: str
    instance: str
    command: tuple[str, ...]
    directory: str | None = None
    environment: dict[str, str] = {}
    environment_file: str | None = None
    log: str | None = None


class Supervised:
    """All supervised services of one home."""

    def __init__(self, home: Path) -> None:
        self._services = home / "services"
        self._holds = home / "hold"

    def define(self, spec: Spec) -> None:
        """Make a service known, or say anew what it is. A running one is not touched: it changes at its next start."""
        folder = self._folder(spec.name)
        files.make_folder(folder, attributes.own(0o700))
        files.write_file(folder / "spec.json", msgspec.json.encode(spec), attributes.own(0o600))

    def names(self) -> list[str]:
        if not self._services.is_dir():
            return []
        return sorted(entry.parent.name for entry in self._services.glob("*/spec.json"))

    def state(self, name: str) -> ServiceState:
        self._spec(name)
        who = self._who(name)
        if who is None or not processes.same_boot(who):  # nobody starts supervised services at boot
            return ServiceState("stopped")
        if processes.alive(who):
            return ServiceState("running", who.pid, self._since(name), f"{who.boot}:{who.pid}:{who.start}")
        return ServiceState("died", since=self._since(name))

    def start(self, name: str, *, permit: bool = False) -> None:
        spec = self._spec(name)
        with self._turn(name, _("starting {service}", service=name)):
            if not permit and (self._holds / spec.instance).exists():
                raise InstanceHeld(
                    _("{service} was not started: {instance} is held", service=name, instance=spec.instance),
                    why=[_("a run is changing it, or was interrupted while it did")],
                    hint=plain("smena run list"),
                )
            if self.state(name).status != "running":
                self._start(spec)

    def stop(self, name: str, *, patience: float, kill: bool = False) -> None:
        self._spec(name)
        with self._turn(name, _("stopping {service}", service=name)):
            who = self._who(name)
            if who is None:
                return
            left = process.survivors(who, patience, force=False)
            if left and kill:
                left = process.survivors(who, _AFTER_KILL, force=True)
            if left:
                raise ServiceWillNotStop(
                    _("{service} did not stop within {seconds} seconds", service=name, seconds=patience),
                    why=[_named(member) for member in left],
                    state=_("it still runs"),
                )
            faults.point("supervised.stopped")
            files.remove_file(self._folder(name) / "identity")

    def describe(self, name: str) -> Description:
        spec = self._spec(name)
        definition = hashlib.blake2b(msgspec.json.encode(spec, order="sorted"), digest_size=16).hexdigest()
        return Description(name, spec.command, spec.directory, encode(self._log(spec)), definition)

    def last_words(self, name: str) -> str:
        log = self._log(self._spec(name))
        with telling(_("cannot read {path}", path=encode(log))):
            if not log.exists():
                return ""
            with log.open("rb") as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - _TAIL))
                return file.read().decode("utf-8", "backslashreplace")

    # -- inside -----------------------------------------------------------------

    def _start(self, spec: Spec) -> None:
        """What its last running left behind would be in its way (the port, the files)."""
        who = self._who(spec.name)
        left = processes.members(who) if who else []
        if left:
            raise ServiceFailed(
                _("{service} was not started: processes of its last start still run", service=spec.name),
                why=[_named(member) for member in left],
                hint=_("stop it first"),
            )
        folder, directory = self._folder(spec.name), spec.directory
        command = process.Command(
            tuple(decode(argument) for argument in spec.command),
            _environment(spec),
            cwd=Path(decode(directory)) if directory else None,
        )
        faults.point("supervised.starting")
        started = process.spawn(command, self._log(spec), folder / "identity")
        faults.point("supervised.started")
        if not processes.alive(started):
            raise ServiceFailed(_("{service} ended as soon as it was started", service=spec.name))

    def _folder(self, name: str) -> Path:
        if not name or name.startswith(".") or "/" in name or "\\" in name:
            raise ServiceUnknown(_("{service} is no name for a service", service=name))
        return self._services / name

    def _spec(self, name: str) -> Spec:
        path = self._folder(name) / "spec.json"
        try:
            return msgspec.json.decode(path.read_bytes(), type=Spec)
        except FileNotFoundError as error:
            raise ServiceUnknown(_("no service is called {service}", service=name)) from error
        except msgspec.DecodeError as error:
            raise BadContent(_("{path} is damaged", path=encode(path)), why=[plain(error)]) from error

    def _who(self, name: str) -> Identity | None:
        return spawning.read_note(self._folder(name) / "identity")

    def _since(self, name: str) -> str | None:
        try:
            seconds = (self._folder(name) / "identity").stat().st_mtime
        except FileNotFoundError:
            return None
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")

    def _log(self, spec: Spec) -> Path:
        return Path(decode(spec.log)) if spec.log else self._folder(spec.name) / "log"

    def _turn(self, name: str, purpose: Text) -> Lock:
        return Lock(self._folder(name) / "lock", str(purpose)).acquire(_TURN)


def _environment(spec: Spec) -> dict[str, str]:
    """The file's values over the given ones, as a service manager reads them; read at each start."""
    found = process.environment(**spec.environment)
    if spec.environment_file is None:
        return found
    path = Path(decode(spec.environment_file))
    with telling(_("cannot read {path}", path=spec.environment_file)):
        content = path.read_bytes()
    entries = documents.parse(Format("env", spec.environment_file), content).entries()
    return found | {entry.key[0]: entry.value or "" for entry in entries}


def _named(member: Identity) -> Text:
    return _("process {pid}: {program}", pid=member.pid, program=encode(processes.program(member.pid)))
