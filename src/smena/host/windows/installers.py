"""Whether Windows' own installer is at work, for whomever.

The `msiexec` that is started is a client only: a service does the work, in a process that is no child of ours and goes
on when the client has ended. While it executes it has a mutex whose name is documented.
"""

from __future__ import annotations

import sys

from smena.host.windows.api import mutexes

assert sys.platform == "win32"  # tells mypy too

_AT_WORK = r"Global\_MSIExecute"


def at_work() -> bool:
    return mutexes.owned(_AT_WORK)
