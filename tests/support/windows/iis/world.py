"""A Windows host for the IIS driver: a folder that stands for drive C:, and the stand-in either in this process or,
as a real `appcmd.exe`, below Wine."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from smena.drivers.iis import Iis
from smena.drivers.iis_pools import IisPools
from smena.host import drives
from smena.host.console import text_of
from smena.host.process import Outcome
from support import wine
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

    def __init__(self, root: Path, prefix: Path, *, below_wine: bool = False) -> None:
        drives.forget()
        self.root = root
        self.home = root / "home"
        self.prefix = prefix
        self.standin = Standin(prefix / INETSRV).made()
        self.calls: list[list[str]] = []
        self._over = threading.Event()
        if below_wine:
            compiled(prefix)
            arguments = (self.standin, prefix / "drive_c/windows/temp", self._over)
            threading.Thread(target=serve, args=arguments, daemon=True).start()
            self.iis = Iis(self.home)
        else:
            self.iis = Iis(self.home, self.run)
        self.pools = IisPools(self.home, self.iis)

    def close(self) -> None:
        self._over.set()

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
    """The stand-in as a program of Windows."""
    folder = prefix / INETSRV
    (prefix / "drive_c/windows/temp").mkdir(parents=True, exist_ok=True)
    exe = folder / "appcmd.exe"
    exe.unlink(missing_ok=True)
    wine.build(HERE / "appcmd.c", exe, "-lshell32")


def serve(standin: Standin, temp: Path, over: threading.Event) -> None:
    """Answer every call below Wine, in the order in which they come, until it is over."""
    while not over.wait(0.003):
        for job in sorted(temp.glob("appcmd-*")):
            words = job / "words"
            if words.exists():
                out, status = standin.answer(words.read_bytes().decode("utf-8").split("\0")[:-1])
                words.rename(job / "asked")
                (job / "out").write_bytes(out)
                (job / "status.new").write_text(str(status), "utf-8")
                (job / "status.new").rename(job / "status")
