"""`smena doctor`: what of this host smena can see and use, what is missing, and the command to get it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from smena.cli.frame import Command, Frame, option
from smena.errors import WrongUsage
from smena.text import Text, _

if TYPE_CHECKING:
    from smena.cli.output import Page
    from smena.service.doctor.finding import Finding

_NEEDS_PERSON = 4


@click.command(
    "doctor",
    cls=Command,
    words=_(
        "Looks at this host, this home and every instance, and says what is well, what is missing and what is wrong, "
        "each with the one next command. Nothing is changed."
    ),
    examples=("smena doctor", "smena doctor --self-test", "smena doctor --install-resume"),
)
@option(
    "--self-test",
    words=_("Try the contracts of files, services and sites on this host, in a scratch folder; nothing is left."),
    is_flag=True,
)
@option(
    "--folder",
    words=_("Where the self-test is to lie; without it, on the disk of the home."),
    metavar=_("FOLDER"),
)
@option(
    "--install-resume",
    words=_("Install or refresh what takes up interrupted runs at boot: a unit (systemd, root) or a task (Windows)."),
    is_flag=True,
)
@click.pass_context
def doctor(ctx: click.Context, /, *, self_test: bool, folder: str | None, install_resume: bool) -> None:
    frame: Frame = ctx.obj
    if self_test and install_resume:
        raise WrongUsage(_("--self-test and --install-resume are two different things"))
    if self_test:
        from smena.cli.self_test import run

        ctx.exit(run(frame, folder))
    if install_resume:
        _install(frame)
        return
    from smena.service.doctor import probes

    found = probes.look(frame.home_as_it_is)
    healthy = probes.healthy(found)
    frame.out.show({"healthy": healthy, "findings": found}, lambda page: _show(page, found, healthy=healthy))
    ctx.exit(0 if healthy else _NEEDS_PERSON)


def _show(page: Page, found: Sequence[Finding], *, healthy: bool) -> None:
    heads = [_("WHAT"), _("STATE"), _("FOUND"), _("NEXT")]
    page.table(heads, [[one.what, _state(one), one.found, one.hint or ""] for one in found])
    page.line()
    if healthy:
        page.line(_("Nothing here needs a person."))
    else:
        count = sum(one.state == "wrong" for one in found)
        page.line(_("A person has to look at: {count}", count=count), colour="red")


def _state(one: Finding) -> Text:
    return {"ok": _("ok"), "missing": _("missing"), "wrong": _("wrong")}[one.state]


def _install(frame: Frame) -> None:
    from smena.service import booting

    way = booting.known()
    changed = way.prepare(frame.home)
    unit = way.name(frame.home)
    told = _("{unit} is installed and enabled", unit=unit) if changed else _("{unit} is up to date", unit=unit)
    frame.out.show({"unit": unit, "changed": changed}, lambda page: page.line(told))
