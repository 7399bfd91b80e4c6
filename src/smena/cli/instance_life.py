"""`smena instance create`, `configure`, `remove` and `open`: an instance comes to be, changes, goes, is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from smena.cli.complete import complete_products
from smena.cli.frame import Command, Frame, argument, asks, option
from smena.cli.instance_told import told
from smena.cli.said import complete_instances, pairs, secrets
from smena.errors import WrongUsage
from smena.text import Text, _

if TYPE_CHECKING:
    from smena.instances.adopt import Wish
    from smena.plan.model import Plan

NAME = _("The instance's name.")
DETACH = _("Start the run and return at once.")


@click.command(
    "create",
    cls=Command,
    words=_("Make a new instance: from its version's package, started and checked; on any failure nothing is left."),
    examples=("smena instance create sales --product comindware-platform --version 5.0 --set port=8080",),
)
@argument("name", words=NAME, metavar=_("NAME"))
@option(
    "--product", words=_("The product's name."), metavar=_("PRODUCT"), required=True, shell_complete=complete_products
)
@option(
    "--version",
    words=_("The version wanted: exact, or the newest that starts so."),
    metavar=_("VERSION"),
    required=True,
)
@option("--edition", words=_("The edition that was bought."), metavar=_("EDITION"))
@option("--component", "components", words=_("A part to install."), metavar=_("COMPONENT"), multiple=True)
@told()
@option("--detach", words=DETACH, is_flag=True)
@asks()
@click.pass_context
def create(ctx: click.Context, /, name: str, product: str, version: str, **said: Any) -> None:
    from smena.service import life as service

    frame: Frame = ctx.obj
    hidden = secrets(frame, said["secrets"])
    plan = service.plan_create(frame.home, product, version, _wish(name, said), hidden)
    question = _("Create {name}, an instance of {product} {version}?", name=name, product=product, version=plan.to)
    _carry_out(ctx, plan, [question], hidden, detach=said["detach"])


@click.command(
    "configure",
    cls=Command,
    words=_("Configure an instance: settings, and paths with or without their data; on any failure all is as before."),
    examples=(
        "smena instance configure sales --set port=8090",
        "smena instance configure sales --path database=/data/sales/Database --move",
    ),
)
@argument("name", words=NAME, metavar=_("NAME"), shell_complete=complete_instances)
@option("--set", "settings", words=_("A setting's new value."), metavar=_("NAME=VALUE"), multiple=True)
@option("--path", "paths", words=_("A path's new place."), metavar=_("NAME=PATH"), multiple=True)
@option(
    "--move",
    words=_("Carry what lies at the paths to their new places; without it they are only changed."),
    is_flag=True,
)
@option("--detach", words=DETACH, is_flag=True)
@asks()
@click.pass_context
def configure(ctx: click.Context, /, name: str, move: bool, detach: bool, **said: Any) -> None:
    from smena.host.paths import encode
    from smena.service import configuring

    frame: Frame = ctx.obj
    settings = {key: encode(value) for key, value in pairs(said["settings"]).items()}
    paths = {key: encode(value) for key, value in pairs(said["paths"]).items()}
    if not settings and not paths:
        raise WrongUsage(_("say what to change"), hint=_("give --set NAME=VALUE or --path NAME=PATH"))
    plan = configuring.plan_configure(frame.home, name, settings, paths, move=move)
    _carry_out(ctx, plan, [_("Stop {name}, change it and start it again?", name=name)], {}, detach=detach)


@click.command(
    "open",
    cls=Command,
    words=_("Print the address of an instance's site, and open it on a desktop."),
    examples=("smena instance open sales",),
)
@argument("name", words=NAME, metavar=_("NAME"), shell_complete=complete_instances)
@click.pass_obj
def open_(frame: Frame, /, name: str) -> None:
    from smena.service import opening

    url = opening.address(frame.home, name)
    opened = not frame.out.json and opening.show(url)
    frame.out.show({"instance": name, "url": url, "opened": opened}, lambda page: page.line(url))


@click.command(
    "remove",
    cls=Command,
    words=_("Remove an instance; its data stays unless it is asked for. Everything moves into a restore point."),
    examples=("smena instance remove sales", "smena instance remove sales --with-data"),
)
@argument("name", words=NAME, metavar=_("NAME"), shell_complete=complete_instances)
@option("--with-data", words=_("Its data, uploads and logs too; backups stay."), is_flag=True)
@option("--detach", words=DETACH, is_flag=True)
@asks()
@click.pass_context
def remove(ctx: click.Context, /, name: str, with_data: bool, detach: bool) -> None:
    from smena.service import life as service

    frame: Frame = ctx.obj
    plan = service.plan_remove(frame.home, name, data=with_data)
    second = _("Its data stays where it is. Really remove {name}?", name=name)
    if with_data:
        second = _("Its data goes too. Really remove {name} with its data?", name=name)
    _carry_out(ctx, plan, [_("Remove {name}?", name=name), second], {}, detach=detach)


def _wish(name: str, said: dict[str, Any]) -> Wish:
    from smena.cli.instance_adding import wish_of

    return wish_of(name, said)


def _carry_out(ctx: click.Context, plan: Plan, questions: list[Text], hidden: dict[str, str], *, detach: bool) -> None:
    """Show what will happen, ask, and watch the run."""
    from smena.cli.plan_shown import show_steps
    from smena.cli.watching import follow
    from smena.service import life as service

    frame: Frame = ctx.obj
    if not frame.out.json:
        frame.out.remark_page(lambda page: show_steps(page, plan))
    for question in questions:
        if not frame.confirmed(question):
            raise WrongUsage(_("not done: you said no"), state=_("nothing was changed"))
    ctx.exit(follow(frame, service.begin(frame.home, plan, hidden), detach=detach))
