"""shortcut: a shortcut on the desktop of all users; what lay there under its name is kept."""

from __future__ import annotations

from pathlib import Path

from smena.drivers import shell_link
from smena.host.paths import decode
from smena.plan.windows_params import Shortcut
from smena.run.step import Done
from smena.steps.tools import World


def do(p: Shortcut, ctx: World) -> Done:
    content = shell_link.write(shell_link.Link(target=p.target, directory=p.directory))
    ctx.tools.point.write(ctx.seq, Path(decode(p.file)), content)
    return Done()


def undo(_p: Shortcut, ctx: World) -> None:
    ctx.tools.point.put_back(ctx.seq)
