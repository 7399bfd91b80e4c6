"""Interrupted runs and the boot, on Windows: runs are tasks of the scheduler, and a task at start takes them up.

A run's task is made when the run is started and has no time of its own; it goes when the run is over. The file that it
was made from stays beside the journal as long as the task does, so that a task which a death left is known, and
goes with the next run. The task at start is brought up to date before each run, and stays.

A task runs as the system itself and gets nothing of its maker's environment, so what it needs of that is among its
arguments: where smena and its libraries lie, and smena's own settings.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from smena.drivers import scheduled
from smena.drivers.scheduled import TaskState
from smena.errors import PathUnfit
from smena.host import files
from smena.host.native import attributes
from smena.host.paths import encode
from smena.host.windows.words import line
from smena.instances.instance import Instance
from smena.service import home_access, places
from smena.service.home import home as home_of
from smena.service.openruns import OVER
from smena.text import Text, _

TASK = "task.xml"
_SETTINGS = ("SMENA_FAULT", "SMENA_FAULT_LOG", "SMENA_HOME", "SMENA_LANG")
_LONGEST = 220
"""Of a home: the scheduler takes folders of 260 letters, and those of runs lie in the home."""
_ALONGSIDE = "msgspec"
"""One of smena's libraries: the others lie where it does."""
_BEGIN = (
    "import sys; sys.path[:0] = [place for place in {places} if place not in sys.path]; "
    "from smena.service.tasked import main; sys.exit(main(sys.argv[1:]))"
)


class Tasks:
    """Windows' scheduler."""

    driver = "windows"

    def start(self, home: Path, run: str, instance: Instance, words: Sequence[str], *, log: Path) -> None:
        del instance
        self.tidy(home)
        self.prepare(home)
        name = scheduled.run_task(run)
        content = _text("run", words, log, f"smena: {run}", at_boot=False)
        scheduled.create(name, content, log.parent / TASK)
        scheduled.start(name)

    def name(self, home: Path) -> str:
        return scheduled.recover_task(home, home_of(environ={**os.environ, "SMENA_HOME": ""}))

    def prepare(self, home: Path, *coming: Instance) -> bool:
        del coming
        _refuse_too_long(home)
        if self.state(home) == "current":
            return False
        files.make_folder(home, attributes.own(0o700))
        home_access.refuse_if_not_ours(home)
        scheduled.create(self.name(home), _recovery(home), home / TASK)
        return True

    def state(self, home: Path) -> TaskState:
        return scheduled.state(self.name(home), _recovery(home))

    def told(self, home: Path) -> Text:
        return _(
            "runs are tasks of the scheduler here: {task} while the run is not over, {recover} at start of the host",
            task=scheduled.run_task("…"),
            recover=self.name(home),
        )

    def tidy(self, home: Path) -> None:
        """Tasks of runs that are over."""
        for folder in _over(home):
            scheduled.delete(scheduled.run_task(folder.name))
            files.remove_file(folder / TASK)


def _refuse_too_long(home: Path) -> None:
    """A task begins in its run's folder, so that what a vendor's program writes beside itself lies there."""
    if len(str(home)) > _LONGEST:
        raise PathUnfit(
            _("the path of the home {path} is too long for the task scheduler", path=encode(home)),
            why=[_("it has {count} letters; {most} are taken", count=len(str(home)), most=_LONGEST)],
            state=_("nothing was changed"),
            hint=_("give --home FOLDER"),
        )


def _over(home: Path) -> Iterable[Path]:
    return (file.parent for file in sorted(places.runs(home).glob(f"*/{TASK}")) if (file.parent / OVER).exists())


def _recovery(home: Path) -> bytes:
    return _text("recover", [str(home)], home / "recover.log", "smena: takes up interrupted runs", at_boot=True)


def _text(what: str, words: Sequence[str], log: Path, shown: str, *, at_boot: bool) -> bytes:
    from smena.drivers.task_text import Action, text

    settings = [f"{name}={os.environ[name]}" for name in _SETTINGS if name in os.environ and not at_boot]
    code = _BEGIN.format(places=_imported())
    arguments = ["-B", "-P", "-X", "utf8", "-c", code, what, str(log), *settings, "--", *words]
    return text(Action(sys.executable, line(arguments), str(log.parent)), shown, at_boot=at_boot)


def _imported() -> list[str]:
    """Where smena and its libraries are found now; a library that the system's own Python has is not repeated."""
    return [
        place
        for place in dict.fromkeys(sys.path)
        if any((Path(place) / name).is_dir() for name in ("smena", _ALONGSIDE)) and Path(place).is_absolute()
    ]
