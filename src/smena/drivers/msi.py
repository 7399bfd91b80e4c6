"""Packages of Windows' own installer: installed, updated and taken away by `msiexec`, quietly and without a restart.

What came of it is measured at the registry's list of installed products, before and after: a product is one with a code
in braces, as only this installer makes them. Exit statuses have names here. While another installation goes on the
installer refuses (1618), so it is asked again for a while. A restart that it asks for is a person's to make.

No secret is ever a property: every user of the host can read a command line.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from smena import clock
from smena.definition import installer
from smena.drivers import registry
from smena.errors import InstallerBusy, InstallerFailed, InstallerRefused, SmenaError
from smena.host import drives, programs
from smena.host.paths import encode
from smena.host.ports import Identity
from smena.text import Text, _

BUSY, RESTART_BEGUN, RESTART_NEEDED, UNKNOWN = 1618, 1641, 3010, 1605
_LISTS = (
    r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall",
    r"HKLM\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall",
)
_CODE = re.compile(r"\{[0-9A-F-]{36}\}", re.IGNORECASE)
_RESTART_MARKS = (
    r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending",
    r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired",
    r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Installer\InProgress",
)
_RENAMES = r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager", "PendingFileRenameOperations"
"""Files that only a restart can put in the place of those that are in use: why the installer asks for one."""
_PATIENCE, _EVERY = 600.0, 10.0
Started = Callable[[Identity], None]


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One call of the installer: `what` is a package's file on this host, or a product's code."""

    action: str
    """`/i` to install, `/x` to take away."""
    what: str
    features: Sequence[str] = ()
    properties: Mapping[str, str] = {}
    log: Path
    within: float = 1800.0


def command(job: Job) -> list[str]:
    """The words of the command line."""
    what = job.what if _CODE.fullmatch(job.what) else drives.for_program(job.what)
    return installer.words(job.action, what, job.features, job.properties, drives.for_program(str(job.log)))


def carry_out(job: Job, started: Started | None = None, patience: float = _PATIENCE) -> bool:
    """Run the installer to its end; whether a person must restart the host. `started` hears who runs."""
    words, deadline = command(job), clock.ticks() + patience
    while (status := programs.run(words, limit=job.within, started=started).status) == BUSY:
        if clock.ticks() >= deadline:
            break
        clock.sleep(min(_EVERY, patience))
    if status not in (0, RESTART_BEGUN, RESTART_NEEDED):
        raise trouble(status, job)
    return status != 0


def products() -> dict[str, str]:
    """What this installer has installed: code → name and version."""
    found: dict[str, str] = {}
    for place in _LISTS:
        for key, values in registry.below(place).items():
            code = key.rpartition("\\")[2]
            if _CODE.fullmatch(code):
                shown = (str(values.get(name, "")) for name in ("displayname", "displayversion"))
                found[code.upper()] = " ".join(shown).strip()
    return found


def installed_version(name: str) -> str | None:
    """The version under which Windows lists a program, however that was installed; `*` stands for anything."""
    for place in _LISTS:
        for values in registry.below(place).values():
            shown, version = str(values.get("displayname", "")), str(values.get("displayversion", ""))
            if version and fnmatch.fnmatchcase(shown.casefold(), name.casefold()):
                return version
    return None


def restart_pending() -> list[str]:
    """The marks in the registry that say that Windows has to be restarted, or is being installed to."""
    found = [mark for mark in _RESTART_MARKS if registry.values(mark) is not None]
    return [*found, "\\".join(_RENAMES)] if registry.value(*_RENAMES) else found


def trouble(status: int, job: Job) -> SmenaError:
    """What an exit status means."""
    shown = job.what.replace("\\", "/").rpartition("/")[2]
    log = _("the installer's log: {path}", path=encode(job.log))
    if status == BUSY:
        return InstallerBusy(
            _("another installation goes on, so {package} was not installed", package=shown),
            hint=_("let it end, then try again"),
        )
    refused = _refusals(shown).get(status)
    if refused is not None:
        return InstallerRefused(refused, why=[_("msiexec ended with status {status}", status=status), log])
    message = _("the installer of {package} failed", package=shown)
    return InstallerFailed(message, why=[_("msiexec ended with status {status}", status=status), log])


def _refusals(package: str) -> dict[int, Text]:
    return {
        UNKNOWN: _("{package} is not installed, so it cannot be changed or taken away", package=package),
        1619: _("the installer cannot open {package}", package=package),
        1620: _("{package} is no package of the Windows installer", package=package),
        1625: _("a policy of this host forbids installing {package}", package=package),
        1638: _("another version of {package} is installed already", package=package),
    }
