"""A process that has imported all that a run needs, and carries each run in a child of its own.

A death test starts hundreds of runs; this spares each of them the imports and nothing else: the child takes
the lock, opens the journal and dies like any other process. One wish a line comes in as JSON, one exit status
a line goes out.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from typing import NoReturn, TypedDict

from smena import faults
from smena.service import carrying


class Wish(TypedDict):
    """`arguments` as for `smena.service.carrying`, the fault and the list of faults as in `smena.faults`."""

    arguments: list[str]
    fault: str
    log: str
    said: str


def main() -> None:
    for line in sys.stdin:
        wish: Wish = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _carry(wish)
        _pid, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _carry(wish: Wish) -> NoReturn:
    status = 1
    try:
        os.setsid()
        _redirect(wish["said"])
        faults._plan, faults._log = wish["fault"], wish["log"]
        faults._passed.clear()
        status = carrying.main(wish["arguments"])
    except BaseException:  # noqa: BLE001 - as the interpreter does with what nobody caught
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _redirect(said: str) -> None:
    nothing, log = os.open(os.devnull, os.O_RDONLY), os.open(said, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for old, new in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(old, new)


if __name__ == "__main__":
    main()
