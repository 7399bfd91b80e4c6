"""The files that make an instance's units: where they lie, what wants them at boot, and having systemd read them.

Whoever makes or takes away units moves files; the links by which a boot starts a unit are files too, so that all of it
comes back byte by byte. Only `read_anew` talks to systemd.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from smena.drivers.systemd_units import FOLDERS, HOLD, SYSTEM, systemctl, unit_name
from smena.host import files
from smena.host.native import attributes

_INSTALL = re.compile(r"^\[Install\][ \t]*$(.*?)(?=^\[|\Z)", re.MULTILINE | re.DOTALL)
_WANTED = re.compile(r"^(WantedBy|RequiredBy)=(.*)$", re.MULTILINE)
_KINDS = {"WantedBy": "wants", "RequiredBy": "requires"}
_FOR_ONE_BOOT = Path("/run")


def _daemon_reload() -> None:
    systemctl("daemon-reload")


class SystemdFiles:
    """The unit files of one host, as one home's runs change them."""

    def __init__(
        self,
        home: Path,
        system: Path = SYSTEM,
        folders: Sequence[Path] = FOLDERS,
        reload: Callable[[], None] = _daemon_reload,
    ) -> None:
        self._home = home
        self._system = system
        self._folders = [folder for folder in folders if not folder.is_relative_to(_FOR_ONE_BOOT)]
        self._reload = reload

    def place(self, unit: str) -> Path:
        """Where the file of a new unit belongs."""
        return self._system / unit_name(unit)

    def links(self, unit: str, content: str) -> dict[Path, Path]:
        """The links by which a boot starts it, as its file asks for them; each with what it points to."""
        name, found = unit_name(unit), {}
        for section in _INSTALL.findall(content):
            for kind, targets in _WANTED.findall(section):
                for target in targets.split():
                    found[self._system / f"{target}.{_KINDS[kind]}" / name] = self.place(unit)
        return found

    def of(self, unit: str) -> list[Path]:
        """Everything that is this unit's alone: first what starts it at boot, then its drop-ins, its file last.

        A template that several units share is not this one's; nor is our hold.
        """
        name = unit_name(unit)
        wanted = [path for kind in _KINDS.values() for path in sorted(self._system.glob(f"*.{kind}/{name}"))]
        own: dict[Path, Path] = {}
        for folder in self._folders:
            for path in (*sorted((folder / f"{name}.d").glob("*.conf")), folder / name):
                if path.name != HOLD and (path.is_symlink() or path.is_file()):
                    own.setdefault(path.parent.resolve() / path.name, path)
        return [*wanted, *own.values()]

    def leave_to_hold(self, unit: str) -> None:
        """Its folder for drop-ins goes with the hold, if nothing else lies there then."""
        name = unit_name(unit)
        if (self._system / f"{name}.d").is_dir():
            files.make_folder(self._home / "systemd", attributes.own(0o700))
            files.write_file(self._home / "systemd" / name, b"")

    def read_anew(self) -> None:
        self._reload()
