"""Services as systemd units. The units are the vendor's: they are asked, started and stopped, never written.

State is what `systemctl show` measures; the invocation's id tells one running from another. A start is believed
only when the unit is active afterwards: a start whose condition does not hold (see `systemd_hold`) ends with
status 0. A few starts in a row meet systemd's limit: then it is told to forget them. A unit that is missing or
masked is named. Users wait while this is done, so nothing is asked that need not be.

What a service is (command, environment, log) stands in its unit, so only its name and its limits count here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from smena import faults
from smena.drivers.ports import Description, Service, ServiceState, Status
from smena.drivers.systemd_units import (
    command,
    files_of,
    fits,
    is_masked,
    judge_loaded,
    listed_units,
    properties,
    systemctl,
    unit_file,
    unit_name,
)
from smena.errors import InstanceHeld, ProgramMissing, ProgramTooSlow, ServiceFailed, ServiceWillNotStop, SmenaError
from smena.host import files, process
from smena.host.native import attributes, processes
from smena.host.output import masked
from smena.host.paths import encode
from smena.text import Text, _, plain

PERMITS = Path("/run/smena/permit")
"""A boot forgets it: nobody but the run in its start makes one."""

_STATE = ("LoadState", "ActiveState", "SubState", "MainPID", "InvocationID")
_TIMES = ("ActiveEnterTimestamp", "InactiveEnterTimestamp")
_ENDED = ("Result", "ConditionResult", "AssertResult", "StatusText", "Type", "ExecMainStatus")
_AFTER_KILL = 10.0
_LINES = 50
_CGROUPS = ("/sys/fs/cgroup", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified")
Shown = dict[str, str]


class Systemd:
    """The units of this host, as one home's instances use them."""

    def __init__(self, home: Path, permits: Path = PERMITS) -> None:
        self._holds = home / "hold"
        self._permits = permits

    def state(self, service: Service) -> ServiceState:
        """A missing unit is an error: nothing good can be said of it."""
        shown = _known(service)
        status = _status(shown)
        if status == "stopped":
            return ServiceState("stopped")
        if status == "died":
            return ServiceState("died", since=_moment(shown["InactiveEnterTimestamp"]))
        pid = int(shown["MainPID"] or 0) or None
        return ServiceState("running", pid, _moment(shown["ActiveEnterTimestamp"]), shown["InvocationID"] or None)

    def statuses(self, services: Sequence[Service]) -> list[Status | SmenaError]:
        """One question for all of them: what systemd does not have in its memory does not run."""
        listed = listed_units([_unit(service) for service in services if fits(service.unit or service.name)])
        return [self._status_or_error(service, listed) for service in services]

    def identity(self, service: Service) -> str | None:
        return self.state(service).identity

    def start(self, service: Service, *, permit: bool = False) -> None:
        """systemd leaves alone what runs, and starts what is being stopped just now once it is down."""
        if not permit:
            self._refuse_held(service)
        unit = _unit(service)
        faults.point("systemd.starting")
        with self._permitted(service, wanted=permit):
            words = self._started(service)
            if words and properties(unit, "Result")["Result"] == "start-limit-hit":
                systemctl("reset-failed", "--", unit)
                words = self._started(service)
        faults.point("systemd.started")
        self._judge(service, words)

    def stop(self, service: Service, *, kill: bool = False) -> None:
        unit = _unit(service)
        if not _stopped(unit, service.stop_within):
            self._insist(service, kill=kill)
        faults.point("systemd.stopped")
        if properties(unit, "ActiveState")["ActiveState"] == "failed":
            systemctl("reset-failed", "--", unit)

    def describe(self, service: Service) -> Description:
        """The definition is what the unit's files say, the administrator's drop-ins among them."""
        unit = _unit(service)
        shown = properties(unit, "ExecStart", "WorkingDirectory", "UnitFileState")
        found = hashlib.blake2b(shown["UnitFileState"].encode(), digest_size=16)
        for path in files_of(unit):
            found.update(b"\0" + bytes(path) + b"\0" + path.read_bytes())
        argv = re.search(r"argv\[\]=(.*?) ; ", shown["ExecStart"])
        arguments = tuple(argv[1].split()) if argv else ()
        return Description(service.name, arguments, shown["WorkingDirectory"] or None, None, found.hexdigest())

    def last_words(self, service: Service) -> str:
        """From the journal; where there is none, what the service told systemd."""
        unit = _unit(service)
        words = ("journalctl", "--quiet", "--no-pager", "--output=cat", f"--lines={_LINES}", f"--unit={unit}")
        try:
            process.run(process.Command(("journalctl", "--sync"), process.environment()))  # it may be a moment behind
            said = process.run(process.Command(words, process.environment(TZ="UTC"))).out
        except ProgramMissing:
            said = properties(unit, "StatusText")["StatusText"]
        return masked(said, service.secrets)

    # -- inside -----------------------------------------------------------------

    def _status_or_error(self, service: Service, listed: Mapping[str, Shown]) -> Status | SmenaError:
        try:
            shown = listed.get(_unit(service))
            if shown is None:
                return self._unlisted(service)
            return _status(shown) if shown["ActiveState"] != "deactivating" else self.state(service).status
        except SmenaError as error:
            return error

    def _unlisted(self, service: Service) -> Status:
        """Not in systemd's memory, or there under the name that this one is a link to."""
        file = unit_file(_unit(service))
        if file is None or (file.is_symlink() and not is_masked(file)):
            return self.state(service).status
        return "stopped"

    def _refuse_held(self, service: Service) -> None:
        if (self._holds / service.instance).exists():
            raise InstanceHeld(
                _("{service} was not started: {instance} is held", service=service.name, instance=service.instance),
                why=[_("a run is changing it, or was interrupted while it did")],
                hint=plain("smena run list"),
            )

    @contextmanager
    def _permitted(self, service: Service, *, wanted: bool) -> Iterator[None]:
        """The permit is there only while the run starts a service: whoever comes later finds the hold alone."""
        if not wanted or not (self._holds / service.instance).exists():
            yield
            return
        permit = self._permits / service.instance
        files.make_folder(self._permits, attributes.own(0o755))
        files.write_file(permit, b"")
        try:
            yield
        finally:
            files.remove_file(permit)

    def _started(self, service: Service) -> list[Text]:
        """What systemctl says, if it is not content. A slow start goes on: the state tells what came of it."""
        try:
            outcome = process.run(command("start", "--", _unit(service), limit=max(1.0, service.start_within)))
        except ProgramTooSlow as error:
            return [error.message]
        return [plain(line) for line in outcome.err.splitlines()[:1]] if outcome.status else []

    def _judge(self, service: Service, words: list[Text]) -> None:
        """Active, or why not."""
        shown = properties(_unit(service), *_STATE, *_ENDED)
        if _status(shown) == "running":
            return
        if shown["Type"] == "oneshot" and (shown["Result"], shown["ConditionResult"]) == ("success", "yes"):
            return  # it did its work, and is over
        judge_loaded(_unit(service), shown["LoadState"])
        if "no" in (shown["ConditionResult"], shown["AssertResult"]) and shown["ActiveState"] == "inactive":
            self._refuse_held(service)
            raise ServiceFailed(
                _("{service} was not started: a condition in its unit does not hold", service=service.name),
                hint=plain(f"systemctl status {_unit(service)}"),
            )
        said = [plain(line) for line in self.last_words(service).splitlines()[-5:]]
        raise ServiceFailed(
            _("{service} was started and does not run", service=service.name),
            why=[*words, *([plain(shown["StatusText"])] if shown["StatusText"] else []), *said],
            state=_(
                "systemd calls it {state} ({result}, {status})",
                state=shown["ActiveState"],
                result=shown["Result"],
                status=shown["ExecMainStatus"],
            ),
            hint=plain(f"journalctl --unit={_unit(service)}"),
        )

    def _insist(self, service: Service, *, kill: bool) -> None:
        unit = _unit(service)
        if kill:
            systemctl("kill", "--signal=SIGKILL", "--", unit, good=(0, 1))  # it may have ended by now
            if _stopped(unit, _AFTER_KILL):
                return
        raise ServiceWillNotStop(
            _("{service} did not stop within {seconds} seconds", service=service.name, seconds=service.stop_within),
            why=[_named(pid) for pid in _processes(unit)],
            state=_("it still runs"),
            hint=plain(f"systemctl status {unit}"),
        )


def _unit(service: Service) -> str:
    return unit_name(service.unit or service.name)


def _known(service: Service) -> Shown:
    """Measured; a unit that is nowhere is named. One whose file was removed while it ran still counts."""
    shown = properties(_unit(service), *_STATE, *_TIMES)
    if shown["ActiveState"] == "inactive" and shown["LoadState"] != "masked":
        judge_loaded(_unit(service), shown["LoadState"])
    return shown


def _status(shown: Shown) -> Status:
    """`deactivating` without a main process: only children are left. An automatic restart means that it died."""
    active = shown["ActiveState"]
    if active == "deactivating":
        return "died" if shown["MainPID"] in ("", "0") else "running"
    if active == "activating" and shown["SubState"].startswith("auto-restart"):
        return "died"
    if active in ("active", "reloading", "refreshing", "activating"):
        return "running"
    return "died" if active == "failed" else "stopped"


def _stopped(unit: str, within: float) -> bool:
    """Ask it to stop, and wait; false when it takes longer. systemd goes on with it then."""
    try:
        outcome = process.run(command("stop", "--", unit, limit=within))
    except ProgramTooSlow:
        return False
    return outcome.status == 0 or properties(unit, "ActiveState")["ActiveState"] in ("inactive", "failed")


def _processes(unit: str) -> list[int]:
    shown = properties(unit, "ControlGroup", "MainPID")
    for top in _CGROUPS:
        listed = Path(f"{top}{shown['ControlGroup']}/cgroup.procs")
        if shown["ControlGroup"] and listed.exists():
            return [int(line) for line in listed.read_text("ascii").split()]
    return [int(shown["MainPID"])] if shown["MainPID"] not in ("", "0") else []


def _named(pid: int) -> Text:
    return _("process {pid}: {program}", pid=pid, program=encode(processes.program(pid)))


def _moment(shown: str) -> str | None:
    """`Sat 2026-11-21 09:29:56 UTC` as everywhere else here."""
    try:
        return datetime.strptime(shown, "%a %Y-%m-%d %H:%M:%S UTC").replace(tzinfo=UTC).isoformat()
    except ValueError:
        return None
