"""Asking console programs to end, with Ctrl-Break: what Windows has for that.

Only who stands at a console can say something there, and a process stands at one only. So a small process of its
own goes to the console of each (`python -c "…" PID:START…`), and whoever asked keeps his. It begins at a console that
nobody sees and leaves it: the program that stands for Python in a virtual environment starts the real one, which
Windows would give a console of its own. It needs nothing but smena's own folder, which is told: a task of ours finds
smena where the Python of the system itself does not look.
A console where only those that are to end stand hears it as a whole; where others stand, only the group that one
of those leads is told. A program without a console cannot be asked: it is ended when patience is over.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from smena.host.windows.api import consoles, process

if TYPE_CHECKING:
    from smena.host.ports import Identity

assert sys.platform == "win32"  # tells mypy too

_LIMIT = 15.0
_BEGIN = (
    "import sys; sys.path.insert(0, {place!r}); from smena.host.windows.asked import main; sys.exit(main(sys.argv[1:]))"
)


def to_end(those: Sequence[Identity]) -> None:
    """Returns when they have been asked, not when they have ended."""
    if not those:
        return
    nothing, unseen = subprocess.DEVNULL, subprocess.CREATE_NO_WINDOW
    asking = subprocess.Popen(command(those), stdin=nothing, stdout=nothing, stderr=nothing, creationflags=unseen)
    with suppress(subprocess.TimeoutExpired):
        asking.wait(_LIMIT)


def command(those: Sequence[Identity]) -> list[str]:
    """Of the small process."""
    code = _BEGIN.format(place=str(Path(__file__).parents[3]))
    return [sys.executable, "-I", "-S", "-B", "-c", code, *(f"{who.pid}:{who.start}" for who in those)]


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
    consoles.leave()
    ask([pid for pid, _handle in held])
    return 0
