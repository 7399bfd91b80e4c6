"""Many deaths, quickly: one process that has everything imported and forks for each piece of work.

A piece of work is a function of a module under `tests/`, named `module:function`, with texts as arguments. It runs in
a child of its own, which dies at the fault point that it was told, by kill -9.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

TESTS = Path(__file__).resolve().parents[1]


class Ended(NamedTuple):
    """How a piece of work ended; a negative status is the signal that ended it."""

    status: int
    said: str


class Forks:
    """The process that forks."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process = process
        self._folder = folder
        self._serial = 0

    def perform(self, work: str, *arguments: object, fault: str = "", log: Path | None = None) -> Ended:
        self._serial += 1
        said = self._folder / f"said{self._serial}"
        order = [work, [str(argument) for argument in arguments], fault, str(log or ""), str(said)]
        status = self._ask(order)
        words = said.read_text("utf-8", "replace") if said.exists() else ""
        said.unlink(missing_ok=True)
        return Ended(status, words)

    def done(self, work: str, *arguments: object) -> None:
        """Perform it, and see that it ends well."""
        ended = self.perform(work, *arguments)
        assert ended.status == 0, ended.said

    def die(self, work: str, *arguments: object, point: str) -> None:
        """Perform it, and see that it dies there."""
        ended = self.perform(work, *arguments, fault=f"{point}=kill")
        assert ended.status == -signal.SIGKILL, f"{point}: {ended.said}"

    def points(self, work: str, *arguments: object) -> list[str]:
        """Every fault point that the work passes when nothing happens, in order, as `name@number`."""
        log = self._folder / "points"
        log.unlink(missing_ok=True)
        ended = self.perform(work, *arguments, log=log)
        assert ended.status == 0, ended.said
        return log.read_text("utf-8").splitlines() if log.exists() else []

    def _ask(self, order: object) -> int:
        pipe_in, pipe_out = self._process.stdin, self._process.stdout
        assert pipe_in is not None
        assert pipe_out is not None
        pipe_in.write(json.dumps(order) + "\n")
        pipe_in.flush()
        return int(pipe_out.readline())


@contextmanager
def forking(folder: Path) -> Iterator[Forks]:
    """A forking process for as long as the block lasts; `folder` is for its notes."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent)])}
    command = [sys.executable, __file__]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, encoding="utf-8"
    ) as process:
        yield Forks(process, folder)
        assert process.stdin is not None
        process.stdin.close()


def serve(orders: IO[str], answers: IO[str]) -> None:
    """Fork for each order; the parent does nothing else, so what a child finds is as it was at the beginning."""
    for line in orders:
        work, arguments, fault, log, said = json.loads(line)
        module, _colon, name = work.partition(":")
        function = getattr(importlib.import_module(module), name)
        child = os.fork()
        if child == 0:
            _perform(function, arguments, fault, log, Path(said))
        _number, status = os.waitpid(child, 0)
        answers.write(f"{os.waitstatus_to_exitcode(status)}\n")
        answers.flush()


def _perform(function: object, arguments: list[str], fault: str, log: str, said: Path) -> None:
    from smena import faults

    faults._plan, faults._log = fault, log
    faults._passed.clear()
    try:
        assert callable(function)
        function(*arguments)
        os._exit(0)
    except BaseException:  # noqa: BLE001 - whatever it was, the parent is told, and the child ends
        said.write_text(traceback.format_exc(), "utf-8")
        os._exit(1)


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout)
