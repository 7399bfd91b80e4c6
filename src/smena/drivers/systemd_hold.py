"""The hold on systemd: nobody but the run starts a half-switched instance, and no boot does.

Each unit of the instance gets a drop-in with two conditions of which one has to be true: the file `HOME/hold/N` is
not there, or the permit in /run is, which the run makes while it starts a service. The drop-in comes first and is
harmless alone; the file is what holds. The home's mount is required, and its folder of holds, because a hold that
cannot be seen would hold nothing: a home that was moved or is not mounted keeps everything down until it is back.

A release only takes the file away, because users may be waiting for it: the drop-ins stay for the next hold of the run,
and `tidy` collects them when the run is over. systemd is asked whether it knows what lies there, and reads
its units anew only where it does not: that is the dearest thing here.

Everything is repeatable: death at any instant leaves what the next hold, release or tidying completes. A folder for
drop-ins that we made is noted in the home *before* it is made, and goes with the drop-in unless somebody
else put something into it: afterwards the units are as before, byte by byte.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from smena import faults
from smena.drivers.systemd import PERMITS
from smena.drivers.systemd_units import (
    HOLD,
    SYSTEM,
    files_in,
    judge_loaded,
    properties_of,
    specified,
    systemctl,
    unit_name,
)
from smena.errors import ServiceUnfit
from smena.host import files
from smena.host.native import attributes, durable
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.text import _, plain

_DROP_IN = """# Made by smena while it changes {instance}: nothing half-switched may be started. It goes with the run.
[Unit]
RequiresMountsFor="{home}"
ConditionPathIsDirectory={holds}
ConditionPathExists=|!{hold}
ConditionPathExists=|{permit}
"""
_OURS = f".d/{HOLD}"
_OR = re.compile(r"^\s*Condition\w+\s*=\s*\|", re.MULTILINE)
_RESET = re.compile(r"^\s*Condition\w+\s*=\s*$", re.MULTILINE)


class SystemdHolds:
    """Holds of one home."""

    def __init__(self, home: Path, system: Path = SYSTEM, permits: Path = PERMITS) -> None:
        self._home = home
        self._system = system
        self._permits = permits

    def hold(self, instance: str, services: Sequence[str], *, coming: bool = False) -> None:
        """`coming`: units that are not there yet are held as well; their drop-ins wait for them."""
        units = [unit_name(name) for name in services]
        refuse_unfit(units, coming=coming)
        files.make_folder(self._home / "hold", attributes.own(0o700))
        for unit in units:
            self._drop(instance, unit)
        if any(not _known(shown) for shown in _loaded(units)):
            _read_anew()
        faults.point("hold.dropped-in")
        self._forget_permit(instance)
        files.write_file(self._home / "hold" / instance, b"")

    def release(self, instance: str, services: Sequence[str]) -> None:
        del services  # without the file their drop-ins hold nothing
        if (self._home / "hold").is_dir():
            files.remove_file(self._home / "hold" / instance)
        faults.point("hold.released")
        self._forget_permit(instance)

    def tidy(self, instance: str, services: Sequence[str]) -> None:
        if (self._home / "hold" / instance).exists():
            return  # another run's
        units = [unit_name(name) for name in services]
        for unit in units:
            self._pick_up(unit)
        if any(_OURS in shown["DropInPaths"] for shown in _loaded(units)):
            _read_anew()

    # -- inside -----------------------------------------------------------------

    def _drop(self, instance: str, unit: str) -> None:
        folder = self._folder(unit)
        content = _DROP_IN.format(
            instance=instance,
            home=specified(self._home),
            holds=specified(self._home / "hold"),
            hold=specified(self._home / "hold" / instance),
            permit=specified(self._permits / instance),
        )
        if not folder.exists():
            files.make_folder(self._notes, attributes.own(0o700))
            files.write_file(self._notes / unit, b"")
            faults.point("hold.noted")
            files.make_folder(folder, attributes.own(0o755))
        place = folder / HOLD
        if not place.is_file() or place.read_bytes() != content.encode():  # written anew, it would have to be read anew
            files.write_file(place, content.encode(), attributes.own(0o644))

    def _pick_up(self, unit: str) -> None:
        folder, note = self._folder(unit), self._notes / unit
        if folder.is_dir():
            files.tidy(folder / HOLD)
            files.remove_file(folder / HOLD)
        faults.point("hold.picked-up")
        if note.exists():
            files.tidy(folder)
            _remove_empty(folder)
            files.remove_file(note)

    def _forget_permit(self, instance: str) -> None:
        """A death in the middle of a start may have left it."""
        if self._permits.is_dir():
            files.remove_file(self._permits / instance)

    def _folder(self, unit: str) -> Path:
        return self._system / f"{unit}.d"

    @property
    def _notes(self) -> Path:
        """Units whose folder for drop-ins we made."""
        return self._home / "systemd"


def _loaded(units: Sequence[str]) -> list[dict[str, str]]:
    """What systemd has read of them."""
    return properties_of(units, "DropInPaths", "NeedDaemonReload") if units else []


def _read_anew() -> None:
    faults.point("systemd.reloading")
    systemctl("daemon-reload")


def _known(shown: Mapping[str, str]) -> bool:
    """Whether systemd goes by the drop-in as it lies there."""
    return _OURS in shown["DropInPaths"] and shown["NeedDaemonReload"] == "no"


def refuse_unfit(units: Sequence[str], *, coming: bool = False) -> None:
    """Alternative conditions of others would open the hold, and a reset after ours would undo it."""
    found = properties_of(units, "LoadState", "FragmentPath", "DropInPaths") if units else []
    for unit, shown in zip(units, found, strict=True):
        if not (coming and shown["LoadState"] == "not-found"):
            judge_loaded(unit, shown["LoadState"])
        for path in files_in(shown):
            text = path.read_text("utf-8", "replace")
            if _OR.search(text) or (path.parent.name.endswith(".d") and path.name > HOLD and _RESET.search(text)):
                raise ServiceUnfit(
                    _("{unit} cannot be kept from starting", unit=unit),
                    why=[_("{path} has conditions of its own that would let it start", path=encode(path))],
                    state=_("nothing was changed"),
                    hint=plain(f"systemctl edit {unit}"),
                )


def _remove_empty(folder: Path) -> None:
    with telling(_("cannot remove {path}", path=encode(folder))):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
            durable.sync_folder(str(folder.parent))
