"""await-log: wait until a log's last line says that the product is done.

Only what the logs gained since the mark counts: the last hop's "completed" must not satisfy
this one. The services must stay the same running all the while: one that died, or was started
anew by a reboot, has left its work half done, and nobody may take that for whole.
"""

from __future__ import annotations

import re

import msgspec

from smena.errors import LogSaysError, ServiceGone, WaitedTooLong
from smena.host import http, marks
from smena.plan.params import AwaitLog
from smena.run.step import Done, Kind, NoUndo
from smena.steps.tools import World
from smena.text import _

_LOOK = 0.1
_LOOK_AND_ASK = 1.0


class Watched(msgspec.Struct, frozen=True):
    """Which running of each service the wait began with."""

    running: dict[str, str]


def do(p: AwaitLog, ctx: World) -> Done:
    watched = _watched(p, ctx)
    last = re.compile(p.last_line) if p.last_line is not None else None
    never = [re.compile(word) for word in p.never]
    while True:
        if p.ask is not None:
            http.ask(p.ask, timeout=10.0)  # some products begin only when somebody opens the site
        said = _lines(p, ctx)
        _refuse_errors(said, never)
        if last is None or any(lines and last.search(lines[-1]) for lines in said.values()):
            return Done()
        _refuse_gone(p, ctx, watched)
        if ctx.ago() > p.within:
            raise WaitedTooLong(
                _("{files} did not say within {seconds} s that it is done", files=p.glob, seconds=round(p.within)),
                why=[_("{file} ends: {line}", file=name, line=lines[-1]) for name, lines in said.items() if lines],
            )
        _follow(p, ctx)
        ctx.pause(_LOOK if p.ask is None else _LOOK_AND_ASK)


def _lines(p: AwaitLog, ctx: World) -> dict[str, list[str]]:
    found = marks.gained(ctx.tools.folder, p.slot, p.glob)
    return {path.name: _split(data, p.encoding) for path, data in found}


def _split(data: bytes, encoding: str) -> list[str]:
    return [line for line in data.decode(encoding, "replace").splitlines() if line.strip()]


def _refuse_errors(said: dict[str, list[str]], never: list[re.Pattern[str]]) -> None:
    for name, lines in said.items():
        for line in lines:
            if any(word.search(line) for word in never):
                raise LogSaysError(_("{file} says: {line}", file=name, line=line.strip()))


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


def _follow(p: AwaitLog, ctx: World) -> None:
    if p.follow is None:
        return
    for path in marks.matching(p.follow)[-1:]:
        lines = path.read_bytes()[-2000:].decode(p.encoding, "replace").splitlines()
        if lines:
            ctx.say(_("{file}: {line}", file=path.name, line=lines[-1].strip()))


KIND = Kind(name="await-log", params=AwaitLog, do=do, undo=NoUndo("it only reads"))
