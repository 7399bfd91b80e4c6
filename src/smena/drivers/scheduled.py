"""Windows' task scheduler, told through `schtasks`: tasks are made from a file, started, asked about, removed.

Its words come in the language of Windows, so none is read: that something went well is told by the exit status, what a
task is by its XML. There is one status for everything that can go wrong, so a task that cannot be
asked about counts as missing; to make it then says what is wrong.

Tasks of ours stand in the scheduler's folder `smena`: `run-NAME` for each run that is not over, and `recover` for what
an interruption left, at each start of the host.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from smena.errors import TaskRefused
from smena.host import drives, files, programs
from smena.host.facts.init import init_system
from smena.host.native import attributes, rights
from smena.host.output import tail
from smena.host.programs import Outcome
from smena.text import _, plain

FOLDER = "\\smena\\"
TaskState = Literal["missing", "disabled", "old", "current"]
_LIMIT = 60.0


def available() -> bool:
    """A Windows of its own, and we may tell its scheduler what to do. Wine's cannot be given a task."""
    return init_system().value == "windows" and drives.prefix() is None and rights.everything()


def run_task(run: str) -> str:
    return f"{FOLDER}run-{run}"


def recover_task(home: Path, usual: Path) -> str:
    """Each home has its own; the usual one's has the plain name."""
    if home == usual:
        return f"{FOLDER}recover"
    return f"{FOLDER}recover-{hashlib.blake2b(os.fsencode(os.path.normcase(home)), digest_size=4).hexdigest()}"


def create(name: str, content: bytes, file: Path) -> None:
    """Make it, or make it anew, from the file; a running one goes on as it is."""
    files.write_file(file, content, attributes.own(0o600))
    _sure(name, "create", "/tn", name, "/xml", drives.for_program(str(file)), "/f")


def start(name: str) -> None:
    """Start it now; one that runs already is left alone."""
    _sure(name, "run", "/tn", name)


def delete(name: str) -> None:
    """Take it out of the scheduler. What it started goes on."""
    if exists(name):
        _sure(name, "delete", "/tn", name, "/f")


def exists(name: str) -> bool:
    return _schtasks("query", "/tn", name).status == 0


def state(name: str, content: bytes) -> TaskState:
    """How the task is, measured by what it should be; nothing is changed by asking."""
    from smena.drivers import task_text

    told = _schtasks("query", "/tn", name, "/xml")
    if told.status:
        return "missing"
    try:
        found, wanted = task_text.meaning(told.out), task_text.meaning(content.decode("utf-16"))
    except ValueError:
        return "old"
    if found._replace(enabled=True) != wanted:
        return "old"
    return "current" if found.enabled else "disabled"


def _sure(name: str, what: str, *more: str) -> None:
    outcome = _schtasks(what, *more)
    if outcome.status:
        raise failed(name, outcome)


def failed(name: str, outcome: Outcome) -> TaskRefused:
    words = tail(outcome.err) or tail(outcome.out)
    return TaskRefused(
        _("the task scheduler refused {task}: status {status}", task=name, status=outcome.status),
        why=[plain(words)] if words else [],
        hint=_("see whether its service runs: {command}", command="sc query Schedule"),
    )


def _schtasks(what: str, *more: str) -> Outcome:
    words: Sequence[str] = ["schtasks", f"/{what}", *more]
    return programs.run(words, limit=_LIMIT)
