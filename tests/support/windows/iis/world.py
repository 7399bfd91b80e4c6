"""A Windows host for the IIS driver: a folder that stands for drive C:, and the stand-in either in this process or,
as a real `appcmd.exe`, below Wine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from smena.drivers.iis import Iis
from smena.drivers.iis_pools import IisPools
from smena.host import drives
from smena.host.console import text_of
from smena.host.process import Outcome
from support.windows.iis.standin import Standin

HERE = Path(__file__).parent
INETSRV = "drive_c/windows/system32/inetsrv"


def empty_prefix(root: Path) -> Path:
    """What `host.drives` takes for a Wine prefix: a drive C: and nothing in it."""
    prefix = root / "prefix"
    (prefix / "dosdevices").mkdir(parents=True)
    (prefix / "drive_c").mkdir()
    (prefix / "dosdevices/c:").symlink_to("../drive_c")
    return prefix


class IisWorld:
    """One test's IIS. `SMENA_WINE` must name the prefix already."""

    def __init__(self, root: Path, prefix: Path, *, wine: bool = False) -> None:
        drives.forget()
        self.root = root
        self.home = root / "home"
        self.prefix = prefix
        self.standin = Standin(prefix / INETSRV).made()
        self.calls: list[list[str]] = []
        if wine:
            compiled(prefix)
            self.iis = Iis(self.home)
        else:
            self.iis = Iis(self.home, self.run)
        self.pools = IisPools(self.home, self.iis)

    def run(self, args: Sequence[str], *, limit: float = 60.0) -> Outcome:
        """The stand-in without Wine around it."""
        self.calls.append(list(args[1:]))
        out, status = self.standin.answer(list(args[1:]))
        return Outcome(status, text_of(out), "", 0.0)

    def appcmd(self, *words: str) -> str:
        """Somebody else at the same IIS."""
        out, status = self.standin.answer(list(words))
        assert status == 0, out.decode()
        return out.decode()


def compiled(prefix: Path) -> None:
    """The stand-in as a program of Windows, and the word where its logic lies."""
    folder = prefix / INETSRV
    folder.mkdir(parents=True, exist_ok=True)
    exe = folder / "appcmd.exe"
    exe.unlink(missing_ok=True)
    command = ["x86_64-w64-mingw32-gcc", "-O1", "-s", "-o", str(exe), str(HERE / "appcmd.c"), "-lshell32"]
    subprocess.run(command, check=True)
    script = folder / "appcmd.sh"
    tests = HERE.parents[2]
    temp = prefix / "drive_c/windows/temp"
    temp.mkdir(parents=True, exist_ok=True)
    program = f'PYTHONPATH="{tests}" exec "{sys.executable}" -m support.windows.iis.standin'
    script.write_text(f'#!/bin/sh\n{program} "{folder}" "{temp}/$1"\n', "utf-8")
    script.chmod(0o755)
    (folder / "appcmd.standin").write_bytes(os.fsencode(script))
