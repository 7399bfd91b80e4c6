"""The hosts of `loginom_host` and `loginom_iis`, with smena on them as a Windows program, its home on drive C."""

from __future__ import annotations

import json
from pathlib import Path

from smena.host import drives
from support import windows_python
from support.loginom_host import OLD_PLACES, LoginomHost, Said
from support.loginom_iis import LoginomBehindIis


class Native(LoginomHost):
    """No Linux stands between smena and its host."""

    def smena(self, *words: str, faults: str = "", seconds: float = 600.0) -> Said:
        more = {"SMENA_HOME": r"C:\ProgramData\smena", **({"SMENA_FAULT": faults} if faults else {})}
        told = [drives.for_program(word) if word.startswith("/") else word for word in words]
        return Said(*windows_python.run(self.prefix, "-m", "smena", *told, more=more, seconds=seconds))

    def tasks(self) -> set[str]:
        """What the scheduler has of smena's."""
        (folder,) = (self.prefix / "drive_c/windows/system32").glob("[Tt]asks")
        return {path.name for path in (folder / "smena").iterdir() if path.suffix != ".pid"}

    def as_windows_sees_it(self) -> dict[str, list[str]]:
        """Content, access lists and marks of everything of version 6; what a start writes is left out."""
        places = [drives.to_windows(str(self.prefix / place)) for place in OLD_PLACES]
        said = windows_python.run(self.prefix, "-m", "support.windows_tree", *places)
        assert said.status == 0, said.err
        found: dict[str, list[str]] = json.loads(said.out)
        return {name: entry for name, entry in found.items() if ".smena" not in name and "started.txt" not in name}


class NativeHost(Native):
    """With the bundled web server."""

    def __init__(self, prefix: Path, packages: Path) -> None:
        super().__init__(prefix, prefix / "drive_c/ProgramData/smena", packages)


class NativeBehindIis(Native, LoginomBehindIis):
    """With IIS's stand-in, and Integrator."""
