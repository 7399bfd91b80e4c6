"""`smena demo`: a real upgrade before your eyes, and one that fails and goes back."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smena.cli.frame import Command, Frame, option
from smena.host import target
from smena.host.paths import decode, encode
from smena.text import Text, _, plain

if TYPE_CHECKING:
    from smena.cli.output import Page
    from smena.demo.story import Told
    from smena.plan.model import Plan
    from smena.service.runs import RunView


@click.command(
    "demo",
    cls=Command,
    words=_(
        "Shows smena at work, without root and without touching the host: a stand-in product is upgraded over every "
        "hop, then an upgrade is broken on purpose and goes back. Everything lies in one folder."
    ),
)
@option(
    "--folder",
    words=_("Where it happens; it is left there to be looked at."),
    metavar=_("FOLDER"),
    default="smena-demo",
)
@click.pass_context
def demo(ctx: click.Context, /, folder: str) -> None:
    from smena.demo import story

    _refuse_elsewhere()
    frame: Frame = ctx.obj
    told = story.tell(Path(folder).absolute(), Teller(frame))
    frame.out.show(told, lambda page: _show(page, told))
    ctx.exit(0 if told.upgraded and told.data_equal and told.went_back and told.back_equal else 1)


def _refuse_elsewhere() -> None:
    """The stand-in product is a program of Linux."""
    if target.platform() != "linux":
        from smena.errors import NotOnThisPlatform

        raise NotOnThisPlatform(_("the demo runs on Linux only"), hint=plain("smena doctor"))


class Teller:
    """Tells the story on standard error, line by line."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def head(self, words: Text) -> None:
        self._frame.out.remark(plain(""))
        self._frame.out.remark(_("== {words}", words=words))

    def say(self, words: Text) -> None:
        self._frame.out.remark(words)

    def plan(self, plan: Plan) -> None:
        from smena.cli.plan_shown import show_short

        self._frame.out.remark_page(lambda page: show_short(page, plan))

    def follow(self, views: Iterator[RunView]) -> RunView:
        from smena.cli.watching import Watcher, told

        view = Watcher(self._frame).watch(views)
        self._frame.out.remark(told(view))
        return view


def _show(page: Page, told: Told) -> None:
    smena = f"{_program()} --home {_near(Path(decode(told.folder)) / 'home')}"
    page.line()
    page.line(_("The report of the upgrade: {path}", path=told.report))
    page.line(_("Nothing runs any more; everything lies in {folder}.", folder=told.folder))
    page.line(_("Try next:"))
    for command in ("instance start sales", "run show", "plan shop --to 5.0 --diff", "rollback sales", "run list"):
        page.item(plain(f"{smena} {command}"))


def _program() -> str:
    """What to type here for this smena: its name where the shell finds it, else where it lies."""
    script = Path(sys.executable).with_name("smena")
    if not script.exists() or any(Path(folder, "smena").exists() for folder in os.get_exec_path()):
        return "smena"
    return _near(script)


def _near(path: Path) -> str:
    here = Path.cwd()
    return shlex.quote(encode(path.relative_to(here) if path.is_relative_to(here) else path))
