"""await-log: wait until a log's last line says that the product is done.

Only what the logs gained since the mark counts: the last hop's "completed" must not satisfy
this one. The services must stay the same running all the while: one that died, or was started
anew by a reboot, has left its work half done, and nobody may take that for whole.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec

from smena import clock
from smena.errors import LogSaysError, ServiceGone, WaitedTooLong
from smena.host import http, marks
from smena.host.paths import encode
from smena.plan.params import AwaitLog
from smena.run.step import Done
from smena.steps.tools import World
from smena.text import _

_LONGEST_LOOK = 0.25
_LOOK_AND_ASK = 1.0
_TELL = 2.0
_TAIL = 4000


class Watched(msgspec.Struct, frozen=True):
    """Which running of each service the wait began with."""

    running: dict[str, str]


def do(p: AwaitLog, ctx: World) -> Done:
    watched = _watched(p, ctx)
    log = marks.Gained(ctx.tools.folder, p.slot, p.glob, p.encoding)
    follower = _Follower(p, ctx)
    done = re.compile(p.last_line) if p.last_line is not None else None
    never = [re.compile(word) for word in p.never]
    while True:
        if p.ask is not None:
            http.ask(p.ask, timeout=10.0)  # some products begin only when somebody opens the site
        _refuse_errors(log, never)
        if done is None or any(done.search(line) for line in log.last().values()):
            return Done()
        _refuse_gone(p, ctx, watched)
        if ctx.ago() > p.within:
            raise WaitedTooLong(
                _("{files} did not say within {seconds} s that it is done", files=p.glob, seconds=round(p.within)),
                why=[_("{file} ends: {line}", file=encode(path), line=line) for path, line in log.last().items()],
            )
        follower.tell()
        ctx.pause(_LOOK_AND_ASK if p.ask else clock.next_look(ctx.ago(), _LONGEST_LOOK))


def _refuse_errors(log: marks.Gained, never: list[re.Pattern[str]]) -> None:
    for path, line in log.fresh():
        if any(word.search(line) for word in never):
            raise LogSaysError(_("{file} says: {line}", file=path.name, line=line.strip()))


def _watched(p: AwaitLog, ctx: World) -> Watched:
    watched = ctx.recorded(Watched)
    if watched is None:
        watched = Watched({spec.name: ctx.tools.services.identity(spec) or "" for spec in p.services})
        ctx.record(watched)
    return watched


def _refuse_gone(p: AwaitLog, ctx: World, watched: Watched) -> None:
    for spec in p.services:
        now = ctx.tools.services.identity(spec)
        if now is None or now != watched.running.get(spec.name):
            raise ServiceGone(
                _("{service} ended before its work was done", service=spec.unit or spec.name),
                why=[_("it last said: {words}", words=ctx.tools.services.last_words(spec))],
            )


class _Follower:
    """Shows people how far the product is: the last line of a log, when it is another one, and not too often."""

    def __init__(self, p: AwaitLog, ctx: World) -> None:
        self._p = p
        self._ctx = ctx
        self._told = ""
        self._at = clock.ticks() - _TELL

    def tell(self) -> None:
        if self._p.follow is None or clock.ticks() - self._at < _TELL:
            return
        self._at = clock.ticks()
        newest = max(marks.matching(self._p.follow), key=lambda path: path.stat().st_mtime_ns, default=None)
        line = "" if newest is None else _last_line(newest, self._p.encoding)
        if newest is not None and line and line != self._told:
            self._told = line
            self._ctx.say(_("{file}: {line}", file=newest.name, line=line))


def _last_line(path: Path, encoding: str) -> str:
    with path.open("rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - _TAIL))
        lines = file.read().decode(encoding, "replace").splitlines()
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
