"""Asking console programs to end, with Ctrl-Break: what Windows has for that.

Only who stands at a console can say something there, and a process stands at one only. So a small process of its
own goes to the console of each (`python -m smena.host.windows.asked PID:START…`), and whoever asked keeps his.
A console where only those that are to end stand hears it as a whole; where others stand, only the group that one
of those leads is told. A program without a console cannot be asked: it is ended when patience is over.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from smena.host.windows.api import consoles, process

if TYPE_CHECKING:
    from smena.host.ports import Identity

assert sys.platform == "win32"  # tells mypy too

_LIMIT = 15.0
_WITHOUT_CONSOLE = subprocess.DETACHED_PROCESS


def to_end(those: Sequence[Identity]) -> None:
    """Returns when they have been asked, not when they have ended."""
    words = [f"{who.pid}:{who.start}" for who in those]
    if not words:
        return
    nothing = subprocess.DEVNULL
    command = [sys.executable, "-P", "-m", "smena.host.windows.asked", *words]
    asking = subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing, creationflags=_WITHOUT_CONSOLE)
    with suppress(subprocess.TimeoutExpired):
        asking.wait(_LIMIT)


def ask(pids: Sequence[int]) -> None:
    """To be called by a process that stands at no console."""
    told: set[int] = set()
    for pid in pids:
        if pid not in told and consoles.attach(pid):
            consoles.be_deaf()  # at each console anew: coming to one takes away what was said before
            here = set(consoles.those_here()) - {os.getpid()}
            alone = here <= set(pids)
            consoles.ask_to_end(0 if alone else pid)
            told |= here if alone else {pid}
            consoles.leave()


def main(arguments: Sequence[str]) -> int:
    """Each is held while it is asked, so that its number stays its own."""
    held = []
    for word in arguments:
        pid, _colon, start = word.partition(":")
        handle = process.opened(int(pid), process.LOOK)
        if handle is not None and process.started(handle) == int(start):
            held.append((int(pid), handle))
    ask([pid for pid, _handle in held])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
