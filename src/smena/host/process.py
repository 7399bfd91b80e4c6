"""Running programs: argument lists, a time limit, bounded output, a named encoding, an explicit environment.

No shell, ever. A program that runs too long is ended with its whole process group. Its exit status is a
value; only `checked` makes an error of it. Secrets that the caller names are masked in every
message, and output that a program floods us with keeps its first and last part.
"""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Thread
from typing import IO, NamedTuple

import msgspec

from smena import clock
from smena.errors import ProgramFailed, ProgramMissing, ProgramTooSlow, SmenaError
from smena.host.drives import VARIABLE
from smena.host.native import processes, spawning
from smena.host.output import Kept, masked, tail
from smena.host.paths import encode
from smena.host.ports import Child, Identity
from smena.host.trouble import translated
from smena.text import Text, _, plain

_DRAIN = 1.0  # seconds that output may take once the program has ended: a child it left behind may hold the pipe


class Command(msgspec.Struct, frozen=True):
    """What is run, and how. `env` is all the environment there is; see `environment()` for a base."""

    args: Sequence[str]
    env: Mapping[str, str]
    cwd: Path | None = None
    limit: float = 60.0
    patience: float = 5.0
    encoding: str = "utf-8"
    input: bytes = b""
    keep: int = 1024 * 1024
    secrets: Sequence[str] = ()

    def __repr__(self) -> str:
        return f"Command({self.line})"

    @property
    def line(self) -> str:
        """For people: the command as one would type it, without its secrets."""
        return encode(masked(subprocess.list2cmdline(list(self.args)), self.secrets))


def environment(**more: str) -> dict[str, str]:
    """The least that programs expect: where programs lie, and answers in plain English, as UTF-8."""
    base = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}
    inherited = {name: os.environ[name] for name in (*spawning.CARRIED, VARIABLE) if name in os.environ}
    return {**base, **inherited, **more}


class Outcome(NamedTuple):
    """How a program ended. A negative status is the signal that ended it."""

    status: int
    out: str
    err: str
    seconds: float


def run(command: Command, started: Callable[[Identity], None] | None = None) -> Outcome:
    """Run to the end. `started` hears who runs before anything is waited for, so that a journal can name it."""
    began = clock.ticks()
    child = _start(command)
    out, err = _attended(child, command, started)
    return Outcome(child.returncode, out, err, clock.ticks() - began)


def checked(command: Command, good: Sequence[int] = (0,)) -> Outcome:
    """Run, and make an error of every other exit status."""
    outcome = run(command)
    if outcome.status in good:
        return outcome
    message = _("{command} ended with status {status}", command=command.line, status=outcome.status)
    raise ProgramFailed(message, why=_last_words(command, outcome.out, outcome.err))


def spawn(command: Command, log: Path, note: Path) -> Identity:
    """Start a program that outlives us, its output appended to `log`. `note` tells who it is, before it begins."""
    mark = secrets.token_hex(8)
    cwd = None if command.cwd is None else str(command.cwd)
    note.unlink(missing_ok=True)
    try:
        spawning.detached(command.args, cwd, {**command.env, processes.MARK: mark}, log, note)
    except (OSError, subprocess.SubprocessError) as error:
        note.unlink(missing_ok=True)
        raise _unstarted(error, command) from error
    who = spawning.read_note(note)
    if who is None:
        raise ProgramFailed(_("cannot run {command}", command=command.line))
    return who


def survivors(who: Identity, patience: float, *, force: bool) -> list[Identity]:
    """Ask a process and all of its session to end, or end them; who is still there after `patience` seconds."""
    deadline = clock.ticks() + patience
    left = processes.members(who)
    processes.end_all(left, force=force)
    while left and clock.ticks() < deadline:
        clock.sleep(0.005)
        if not processes.alive(who):  # a look at every process of the host is dear: only once the first one is gone
            left = processes.members(who)
    return processes.members(who) if left else []


def _start(command: Command) -> Child:
    cwd = None if command.cwd is None else str(command.cwd)
    try:
        return spawning.child(command.args, cwd, command.env)
    except OSError as error:
        raise _unstarted(error, command) from error


def _unstarted(error: Exception, command: Command) -> SmenaError:
    if isinstance(error, FileNotFoundError) and error.filename == command.args[0]:
        return ProgramMissing(_("cannot find the program {program}", program=encode(command.args[0])))
    message = _("cannot run {command}", command=command.line)
    if isinstance(error, OSError):
        return translated(error, message)
    return ProgramFailed(message, why=[plain(error)])


def _attended(child: Child, command: Command, started: Callable[[Identity], None] | None) -> tuple[str, str]:
    out, err = Kept(command.keep), Kept(command.keep)
    threads = [
        Thread(target=_read, args=(child.stdout, out), daemon=True),
        Thread(target=_read, args=(child.stderr, err), daemon=True),
        Thread(target=_write, args=(child.stdin, command.input), daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        who = processes.identity(child.pid)
        if started and who:
            started(who)
        spawning.await_end(child, command.limit)
    except subprocess.TimeoutExpired as error:
        _end(child, command.patience)
        message = _("{command} did not end within {seconds} seconds", command=command.line, seconds=command.limit)
        _drain(threads)
        why = _last_words(command, out.text(command.encoding), err.text(command.encoding))
        raise ProgramTooSlow(message, why=why, state=_("it was ended, with all that it had started")) from error
    except BaseException:
        _end(child, 0.0)
        raise
    finally:
        _drain(threads)
    return out.text(command.encoding), err.text(command.encoding)


def _end(child: Child, patience: float) -> None:
    """End the whole group: ask first, then insist. The child is collected last, so its number stays its own."""
    if child.returncode is not None:
        return
    who = processes.identity(child.pid)
    if patience:
        processes.end_group(child.pid, force=False)
        _gone_within(who, patience)
    processes.end_group(child.pid, force=True)
    child.wait()


def _gone_within(who: Identity | None, patience: float) -> None:
    deadline = clock.ticks() + patience
    while who and processes.members(who) and clock.ticks() < deadline:
        clock.sleep(0.02)


def _drain(threads: list[Thread]) -> None:
    deadline = clock.ticks() + _DRAIN
    for thread in threads:
        thread.join(max(0.0, deadline - clock.ticks()))


def _read(pipe: IO[bytes], kept: Kept) -> None:
    """The thread owns its end of the pipe: if a stranger keeps the other end open, only this thread waits for it."""
    with pipe:
        while piece := pipe.read(65536):
            kept.add(piece)


def _write(pipe: IO[bytes], content: bytes) -> None:
    rest = memoryview(content)
    try:
        with pipe:
            while rest:
                rest = rest[pipe.write(rest) :]
    except OSError as error:
        if not spawning.unread(error):  # it did not want to read: its right
            raise


def _last_words(command: Command, out: str, err: str) -> list[Text]:
    words = tail(err) or tail(out)
    return [plain(encode(masked(words, command.secrets)))] if words else []
