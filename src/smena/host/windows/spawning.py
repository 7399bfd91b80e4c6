"""Starting programs on Windows: a child of ours in a job of its own, or a process that outlives us.

Both are born stopped, in a job that ends them if we die before they may run; then the job lets them go. So a death
here leaves no process that stands still for ever. Before the detached one runs, the note says durably who it is. It
is in none of our jobs' hands, has no window and no console of ours, and inherits its log and nothing else.

A session (of SSH, say) may end all that it started; what we start leaves its job where that is allowed. Where it is
not, `outlives` says so.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from smena import faults
from smena.host import ports
from smena.host.ports import Identity
from smena.host.windows import children, finding, processes
from smena.host.windows import jobs as ours
from smena.host.windows.api import handles, jobs, process, starting, streams
from smena.host.windows.words import block, line

assert sys.platform == "win32"  # tells mypy too

CARRIED = (
    "ALLUSERSPROFILE",
    "APPDATA",
    "COMMONPROGRAMFILES",
    "COMMONPROGRAMFILES(X86)",
    "COMMONPROGRAMW6432",
    "COMPUTERNAME",
    "COMSPEC",
    "LOCALAPPDATA",
    "NUMBER_OF_PROCESSORS",
    "OS",
    "PATHEXT",
    "PROCESSOR_ARCHITECTURE",
    "PROGRAMDATA",
    "PROGRAMFILES",
    "PROGRAMFILES(X86)",
    "PROGRAMW6432",
    "PSMODULEPATH",
    "PUBLIC",
    "SYSTEMDRIVE",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "USERDOMAIN",
    "USERNAME",
    "USERPROFILE",
    "WINDIR",
)
"""Variables without which programs of Windows do not find its folders; none is a secret."""


def child(args: Sequence[str], cwd: str | None, env: Mapping[str, str]) -> children.Child:
    """A child that leads its group, in a job with all that it starts, with pipes."""
    pipes = children.Pipes()
    try:
        job = jobs.made()
        try:
            born = starting.born(_recipe(args, cwd, env, pipes.theirs), job)
            _let_run(born, job)
            ours.keep(born.pid, job)
        except BaseException:
            job.close()  # ends it, if it was born
            raise
    except BaseException:
        pipes.close()
        raise
    pipes.close_theirs()
    return children.Child(args, born.process, born.pid, pipes)


def await_end(child: ports.Child, limit: float | None) -> None:
    child.wait(limit)


def detached(args: Sequence[str], cwd: str | None, env: Mapping[str, str], log: Path, note: Path) -> None:
    """Start a program that outlives us; `note` then holds its identity (see `read_note`)."""
    with jobs.made() as job, streams.nothing() as nothing, streams.adding_to(str(log)) as output:
        recipe = _recipe(args, cwd, env, (nothing.number, output.number, output.number))
        with_leave = recipe._replace(flags=starting.LEAVE_JOB if jobs.may_leave() else 0)
        born = _born(with_leave, job)
        faults.point("spawning.born")
        with born.process:
            _write_note(note, born.pid, process.started(born.process), env.get(processes.MARK, ""))
            _let_run(born, job)


def outlives() -> bool:
    """Whether what we start now goes on when the session ends that we are in."""
    return not jobs.dies_with_its_job()


def unread(error: OSError) -> bool:
    """Whether a program that did not want to read what we write is all that is wrong."""
    return isinstance(error, BrokenPipeError) or error.errno == errno.EINVAL


def read_note(note: Path) -> Identity | None:
    """Who was started, if it was. A note that a power cut left empty tells of a process that is gone with the power."""
    try:
        pid, start, boot, mark = note.read_text("ascii").splitlines()
        return Identity(int(pid), int(start), boot, mark)
    except (FileNotFoundError, ValueError):
        return None


def _recipe(args: Sequence[str], cwd: str | None, env: Mapping[str, str], standard: Sequence[int]) -> starting.Recipe:
    return starting.Recipe(finding.program(args[0], env), line(args), block(env), cwd, standard)


def _born(recipe: starting.Recipe, job: handles.Handle) -> starting.Born:
    """A job further out may refuse what the nearest one allows: then it stays in it."""
    try:
        return starting.born(recipe, job)
    except PermissionError:
        if not recipe.flags:
            raise
        return starting.born(recipe._replace(flags=0), job)


def _let_run(born: starting.Born, job: handles.Handle) -> None:
    """In this order: dying between the two ends a program that has just begun, and leaves none that never does."""
    with born.thread:
        faults.point("spawning.ready")
        starting.resume(born.thread)
        faults.point("spawning.runs")
        jobs.let_go(job)


def _write_note(note: Path, pid: int, start: int, mark: str) -> None:
    fresh = f"{note}.new"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_BINARY, 0o600)
    try:
        os.write(descriptor, f"{pid}\n{start}\n{processes.boot()}\n{mark}\n".encode("ascii"))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.replace(fresh, note)
