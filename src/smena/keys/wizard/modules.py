"""Which modules of a product run: they must be closed while its key is changed, and opened again afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

import msgspec

from smena.errors import ModulesOpen
from smena.host.facts.programs import Program
from smena.text import Text, _

ACCEPT = "modules-open"


class Module(msgspec.Struct, frozen=True):
    """One that runs: a process, or a service of an instance."""

    name: str
    pid: int | None = None
    instance: str | None = None

    @property
    def words(self) -> Text:
        if self.instance is not None:
            return _("{name} of the instance {instance}", name=self.name, instance=self.instance)
        return _("{name} (process {pid})", name=self.name, pid=self.pid or 0)


def among(programs: Iterable[Program], patterns: Sequence[str]) -> list[Module]:
    """Processes whose program is called so, with or without its ending."""
    wanted = [_bare(pattern) for pattern in patterns]
    return [
        Module(program.name, program.pid)
        for program in programs
        if any(fnmatchcase(_bare(program.name), pattern) for pattern in wanted)
    ]


def refuse_open(found: Sequence[Module], accepted: Sequence[str]) -> None:
    """Keys are changed while nothing uses them; a person may answer for it by name."""
    if found and ACCEPT not in accepted:
        raise ModulesOpen(
            _("modules of the product run; close them before its key is changed"),
            why=[module.words for module in found],
            state=_("nothing was changed"),
            hint=_("close them, or accept it by name: --accept {name}", name=ACCEPT),
        )


def _bare(name: str) -> str:
    return name.lower().removesuffix(".exe")
