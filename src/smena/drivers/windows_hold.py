"""The hold on Windows: nobody starts a half-switched instance, and no boot does.

What starts by itself is told not to: a service gets the start type `disabled`, an IIS pool or site loses its
auto-start. What each was before is written down in the home first, once: whoever dies between the two finds it there,
and a hold that is repeated, because an installer has made the services anew, does not take its own work for the
administrator's. A release gives back what was written down, also to the new version's services, and forgets it last.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from smena import faults
from smena.drivers import registry, sc
from smena.drivers.iis_pools import IisPools
from smena.drivers.windows_service import SERVICES, start_word
from smena.errors import IisMissing, ServiceUnknown
from smena.host import files
from smena.host.native import attributes

POOL = "pool:"
"""Before the name of a pool, among the names of services."""
_DISABLED, _AUTO = "disabled", "auto"


class AutoStart(Protocol):
    """What has things started by themselves; `word` is of its own, and means something to it alone."""

    def word(self, name: str) -> str | None:
        """How this one is started now; None where there is none of this name."""

    def off(self, name: str) -> None: ...

    def give_back(self, name: str, word: str) -> None: ...


class StartTypes:
    """The start types of services."""

    def word(self, name: str) -> str | None:
        values = registry.values(SERVICES + name)
        return None if values is None or "start" not in values else start_word(values)

    def off(self, name: str) -> None:
        if self.word(name) != _DISABLED:
            sc.configure(name, start=_DISABLED)

    def give_back(self, name: str, word: str) -> None:
        if self.word(name) not in (None, word):
            sc.configure(name, start=word)


class PoolStarts:
    """Whether a boot starts application pools of IIS."""

    def __init__(self, home: Path) -> None:
        self._pools = IisPools(home)

    def word(self, name: str) -> str | None:
        try:
            return _AUTO if self._pools.auto_start(name) else _DISABLED
        except (IisMissing, ServiceUnknown):
            return None

    def off(self, name: str) -> None:
        self._pools.set_auto_start(name, False)

    def give_back(self, name: str, word: str) -> None:
        if self.word(name) is not None:
            self._pools.set_auto_start(name, word == _AUTO)


class WindowsHolds:
    """Holds of one home."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "hold"
        self._before = home / "hold-before"
        self._services: AutoStart = StartTypes()
        self._pools: AutoStart = PoolStarts(home)

    def hold(self, instance: str, services: Sequence[str], *, coming: bool = False) -> None:
        """Names that are not there are left out; they may come, and are held when this is repeated."""
        del coming
        for folder in (self._folder, self._before):
            files.make_folder(folder, attributes.own(0o700))
        noted = self._noted(instance)
        words = {name: self._word(name) for name in services if name not in noted}
        noted |= {name: word for name, word in words.items() if word is not None}
        files.write_file(self._note(instance), msgspec.json.encode(noted))
        faults.point("hold.noted")
        files.write_file(self._folder / instance, b"")
        for name in services:
            if self._word(name) is not None:
                self._of(name).off(_plain(name))
                faults.point("hold.switched-off")

    def release(self, instance: str, services: Sequence[str]) -> None:
        del services  # what was written down says which they were
        if not self._before.is_dir():
            return
        for name, word in self._noted(instance).items():
            self._of(name).give_back(_plain(name), word)
            faults.point("hold.given-back")
        files.remove_file(self._folder / instance)
        files.remove_file(self._note(instance))

    def tidy(self, instance: str, services: Sequence[str]) -> None:
        """Nothing stays behind."""

    def _noted(self, instance: str) -> dict[str, str]:
        note = self._note(instance)
        return msgspec.json.decode(note.read_bytes(), type=dict[str, str]) if note.exists() else {}

    def _note(self, instance: str) -> Path:
        return self._before / instance

    def _word(self, name: str) -> str | None:
        return self._of(name).word(_plain(name))

    def _of(self, name: str) -> AutoStart:
        return self._pools if name.startswith(POOL) else self._services


def _plain(name: str) -> str:
    return name.removeprefix(POOL)
