"""`smena run`: runs that go on, wait, or are over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from smena.cli.frame import Command, Frame, Group, argument, option
from smena.cli.run_words import kind_words, moment
from smena.text import Text, _, plain

if TYPE_CHECKING:
    from smena.cli.output import Page
    from smena.service.held import Held
    from smena.service.runs import RunView

run = Group("run", words=_("Runs: what goes on, what waits for a person, and what was done."))


def _run_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    words = _("The run's name; without it, the newest.")
    return argument("name", words=words, metavar=_("RUN"), required=False)(function)


def _name(frame: Frame, name: str | None) -> str:
    from smena.errors import RunUnknown
    from smena.service import runs

    if name is not None:
        return name
    newest = runs.newest(frame.home)
    if newest is None:
        raise RunUnknown(_("there is no run yet"), hint=_("smena upgrade INSTANCE --to VERSION"))
    return newest.run.id


@run.command("list", cls=Command, words=_("All runs, the newest first."))
@option("--instance", words=_("Only this instance's."), metavar=_("INSTANCE"))
@click.pass_obj
def list_runs(frame: Frame, /, instance: str | None) -> None:
    from smena.cli.watching import summary
    from smena.service import held, runs

    found, troubles = runs.readable(frame.home, instance)
    rooms = {one.run.id: held.noted(frame.home, one.run.id) for one in found}
    listed = [summary(one) | {"restore-point": rooms[one.run.id]} for one in found]
    shown = {"runs": listed, "troubles": [str(trouble) for trouble in troubles]}
    frame.out.show(shown, lambda page: _table(page, found, rooms))
    for trouble in troubles:
        frame.out.remark(trouble)


def _table(page: Page, found: list[RunView], rooms: Mapping[str, Held | None]) -> None:
    from smena.service.runs import state_words

    if not found:
        page.line(_("There is no run yet."))
        return
    heads = [_("RUN"), _("WHAT"), _("INSTANCE"), _("FROM"), _("TO"), _("STATE"), _("BEGAN"), _("RESTORE POINT")]
    rows = [
        [*_row(one), state_words(one.state), moment(one.run.started), _room_words(rooms[one.run.id])] for one in found
    ]
    page.table(heads, rows)


def _room_words(held: Held | None) -> Text:
    """How much room it takes, as measured when the run ended."""
    if held is None:
        return plain("–")
    if held.given_up:
        return _("given up")
    return _("none") if not held.files else _("{size} MB", size=-(-held.bytes // 1_000_000))


def _row(view: RunView) -> list[object]:
    run = view.run
    return [run.id, kind_words(run.kind), run.instance, run.from_version, run.to_version]


@run.command("show", cls=Command, words=_("What happened in a run, for somebody who was not there."))
@_run_argument
@click.pass_obj
def show(frame: Frame, /, name: str | None) -> None:
    from smena.cli.run_shown import run_value, show_run
    from smena.service import held, runs

    view = runs.view(frame.home, _name(frame, name))
    keeps = held.shown(frame.home, view.run.id)
    frame.out.show(run_value(view, keeps), lambda page: show_run(page, view, keeps))


@run.command("watch", cls=Command, words=_("Watch a run as it goes."))
@_run_argument
@click.pass_context
def watch(ctx: click.Context, /, name: str | None) -> None:
    from smena.cli.watching import follow

    ctx.exit(follow(ctx.obj, _name(ctx.obj, name)))


@run.command("resume", cls=Command, words=_("Let a run go on that waits for a person, is parked or was interrupted."))
@_run_argument
@option("--detach", words=_("Return at once."), is_flag=True)
@click.pass_context
def resume(ctx: click.Context, /, name: str | None, detach: bool) -> None:
    from smena.cli.watching import follow
    from smena.service import runs

    found = _name(ctx.obj, name)
    runs.resume(ctx.obj.home, found)
    ctx.exit(follow(ctx.obj, found, detach=detach))


@run.command("cancel", cls=Command, words=_("Take a run back: everything as before."))
@_run_argument
@option("--detach", words=_("Return at once."), is_flag=True)
@click.pass_context
def cancel(ctx: click.Context, /, name: str | None, detach: bool) -> None:
    from smena.cli.rollback import tell_changes
    from smena.cli.watching import follow
    from smena.service import runs

    found = _name(ctx.obj, name)
    tell_changes(ctx.obj, found)
    runs.cancel(ctx.obj.home, found)
    status = follow(ctx.obj, found, detach=detach)
    ctx.exit(0 if status == 1 else status)  # taken back is what was asked for


@run.command("finish", cls=Command, words=_("End the probation now: the run becomes final."))
@_run_argument
@click.pass_context
def finish(ctx: click.Context, /, name: str | None) -> None:
    from smena.cli.watching import follow
    from smena.service import runs

    found = _name(ctx.obj, name)
    runs.finish(ctx.obj.home, found)
    ctx.exit(follow(ctx.obj, found))


@run.command("report", cls=Command, words=_("One HTML file and one JSON file that tell the whole run."))
@_run_argument
@option("-o", "output", words=_("The folder to write to; without it, the run's own."), metavar=_("FOLDER"))
@click.pass_obj
def report(frame: Frame, /, name: str | None, output: str | None) -> None:
    from pathlib import Path

    from smena.service import reports

    found = _name(frame, name)
    written = reports.write(frame.home, found, Path(output) if output else None)
    frame.out.show(
        {"html": str(written.html), "json": str(written.json)},
        lambda page: page.line(f"{written.html}\n{written.json}"),
    )
