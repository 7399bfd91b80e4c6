"""Services of Windows. They are the vendor's: asked, started and stopped through the service manager, never made.

State is measured by number (`drivers.sc`). A stop is a request: it is over when the service says so, and how often it
is asked follows the hint that it gives. Services that depend on it and run are stopped before it and written down, so
that the next start brings them back. Who does not stop is named with its process, and killed only when that was asked
for and the process is its own: a shared one has other services in it.

A held service cannot be started by anyone, because its start type says so (`drivers.windows_hold`). The run with its
permit lifts that for the instant of the start.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from smena import clock, faults
from smena.drivers import registry, sc
from smena.drivers.ports import Description, Service, ServiceState, Status, may_be_killed
from smena.drivers.registry_file import Values
from smena.errors import InstanceHeld, ServiceFailed, ServiceWillNotStop, SmenaError
from smena.host import files, programs
from smena.host.native import attributes
from smena.text import Text, _, plain

SERVICES = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\"
_LEAST, _MOST = 0.2, 2.0
_AFTER_KILL = 10.0
_AFTER_REFUSAL = 5.0
_SETTLED = (sc.STOPPED, sc.RUNNING)


class WindowsServices:
    """The services of this host, as one home's instances use them."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def state(self, service: Service) -> ServiceState:
        found = sc.known(_name(service))
        if found.state != sc.STOPPED:
            return ServiceState("running", found.pid or None, identity=f"{found.name}:{found.pid}")
        died = found.error not in (0, sc.NEVER_STARTED)
        return ServiceState("died" if died else "stopped")

    def statuses(self, services: Sequence[Service]) -> list[Status | SmenaError]:
        return [self._status_or_error(service) for service in services]

    def identity(self, service: Service) -> str | None:
        return self.state(service).identity

    def start(self, service: Service, *, permit: bool = False) -> None:
        name = _name(service)
        if not permit and (self._home / "hold" / service.instance).exists():
            raise InstanceHeld(
                _("{service} was not started: {instance} is held", service=name, instance=service.instance),
                why=[_("a run is changing it, or was interrupted while it did")],
                hint=plain("smena run list"),
            )
        if sc.known(name).state not in (sc.RUNNING, sc.START_PENDING):
            with _startable(name):
                self._start(service, name)
        self._start_dependents(service)

    def stop(self, service: Service, *, kill: bool = False) -> None:
        name = _name(service)
        if sc.known(name).state == sc.STOPPED:
            return
        _until(name, service.stop_within, *_SETTLED)  # one that is being started hears nothing yet
        self._stop_dependents(service, name, kill=kill)
        _ask_to_stop(name, service.stop_within)
        found = _until(name, service.stop_within, sc.STOPPED)
        if found.state == sc.STOPPED:
            return
        if kill and not found.shared and found.pid:
            programs.run(["taskkill", "/f", "/pid", str(found.pid)])
            found = _until(name, _AFTER_KILL, sc.STOPPED)
        if found.state != sc.STOPPED:
            raise _will_not_stop(service, found)

    def describe(self, service: Service) -> Description:
        known = registry.values(SERVICES + _name(service)) or {}
        told = repr(sorted((name, value) for name, value in known.items() if name != "start"))
        digest = hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        return Description(service.name, (str(known.get("imagepath", "")),), None, service.log, definition=digest)

    def last_words(self, service: Service) -> str:
        """A service writes no output; what the service manager knows of its end is told."""
        found = sc.query(_name(service))
        if found is None or found.error in (0, sc.NEVER_STARTED):
            return ""
        return f"WIN32_EXIT_CODE {found.error}, SERVICE_EXIT_CODE {found.own}"

    # -- inside -----------------------------------------------------------------

    def _status_or_error(self, service: Service) -> Status | SmenaError:
        try:
            return self.state(service).status
        except SmenaError as error:
            return error

    def _start(self, service: Service, name: str) -> None:
        _until(name, service.stop_within, *_SETTLED)  # one that is being stopped starts again once it is down
        faults.point("windows-service.starting")
        status = sc.tell(name, "start")
        if status not in (0, sc.RUNS_ALREADY):
            words = self.last_words(service)
            raise ServiceFailed(
                _("{service} did not start: error {number}", service=name, number=status),
                why=[plain(words)] if words else [],
            )
        found = _until(name, service.start_within, *_SETTLED)
        faults.point("windows-service.started")
        if found.state == sc.STOPPED:
            raise ServiceFailed(
                _("{service} ended as soon as it was started", service=name),
                why=[plain(self.last_words(service))],
            )

    def _note(self, service: Service) -> Path:
        return self._home / "services" / service.instance / f"{service.name}.dependents"

    def _stop_dependents(self, service: Service, name: str, *, kill: bool) -> None:
        """Written down before the first of them is stopped; what an interrupted stop wrote down is kept."""
        found = sc.dependents(name)
        if not found:
            return
        note = self._note(service)
        before = _noted(note)
        files.make_folder(note.parent, attributes.own(0o700))
        files.write_file(note, msgspec.json.encode([*found, *(n for n in before if n not in found)]))
        faults.point("windows-service.dependents-noted")
        for dependent in found:
            self.stop(Service(instance=service.instance, name=dependent, stop_within=service.stop_within), kill=kill)

    def _start_dependents(self, service: Service) -> None:
        note = self._note(service)
        for dependent in reversed(_noted(note)):
            if sc.query(dependent) is not None:
                wanted = Service(instance=service.instance, name=dependent, start_within=service.start_within)
                self.start(wanted, permit=True)
        if note.exists():
            files.remove_file(note)


def start_word(kept: Values) -> str:
    """How `sc config` is told the start type that stands in the registry."""
    number = kept.get("start")
    if number == 2:
        return "delayed-auto" if kept.get("delayedautostart") == 1 else "auto"
    return {0: "boot", 1: "system", 4: "disabled"}.get(number if isinstance(number, int) else 3, "demand")


@contextmanager
def _startable(name: str) -> Iterator[None]:
    """A held service may be started by us, now; whatever happens, then again by nobody."""
    held = (registry.values(SERVICES + name) or {}).get("start") == 4
    if held:
        sc.configure(name, start="demand")
    try:
        yield
    finally:
        if held:
            sc.configure(name, start="disabled")


def _ask_to_stop(name: str, within: float) -> None:
    """One that ends while it is asked may take the answer with it: then what is measured counts."""
    status = sc.tell(name, "stop")
    if status in (0, sc.NOT_RUNNING, sc.NOT_NOW):
        return
    if _until(name, min(within, _AFTER_REFUSAL), sc.STOPPED).state != sc.STOPPED:
        raise ServiceFailed(_("{service} cannot be stopped: error {number}", service=name, number=status))


def _until(name: str, within: float, *wanted: int) -> sc.Queried:
    """Wait until the service is in one of these states, at most so long; then it is told how it is."""
    deadline = clock.ticks() + within
    while (found := sc.known(name)).state not in wanted and clock.ticks() < deadline:
        clock.sleep(min(max(found.hint / 10_000, _LEAST), _MOST))
    return found


def _will_not_stop(service: Service, found: sc.Queried) -> ServiceWillNotStop:
    who: Text = _("process {pid}", pid=found.pid)
    if found.shared:
        who = _("process {pid}, which other services share: it is never killed", pid=found.pid)
    return ServiceWillNotStop(
        _("{service} did not stop within {seconds} seconds", service=found.name, seconds=service.stop_within),
        why=[who],
        state=_("it still runs"),
        hint=None if found.shared else may_be_killed(),
    )


def _noted(note: Path) -> list[str]:
    return msgspec.json.decode(note.read_bytes(), type=list[str]) if note.exists() else []


def _name(service: Service) -> str:
    return service.unit or service.name
