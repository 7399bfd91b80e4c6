"""Starting programs on Windows: not written yet, because they could not be ended with all that they started."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from smena.host.ports import Identity
from smena.host.windows.unfit import unfit
from smena.text import _


def child(args: Sequence[str], cwd: str | None, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    raise unfit(_("run a program"))


def await_end(child: subprocess.Popen[bytes], limit: float | None) -> None:
    child.wait(limit)


def detached(args: Sequence[str], cwd: str | None, env: Mapping[str, str], log: Path, note: Path) -> None:
    raise unfit(_("start a program that outlives smena"))


def read_note(note: Path) -> Identity | None:
    raise unfit(_("look at processes"))
