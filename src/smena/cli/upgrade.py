"""`smena plan` and `smena upgrade`: what would happen, and making it happen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smena.cli.frame import Command, Frame, argument, asks, option
from smena.cli.pins import pins
from smena.errors import FileMissing, WrongUsage
from smena.text import _

if TYPE_CHECKING:
    from smena.plan.model import Plan
    from smena.plan.request import Options


WANTED = _("The version wanted: exact, or the newest that starts so.")


def choices(function: Any) -> Any:
    """The options that decide how a plan is made; the same for `plan` and `upgrade`."""
    accept = _("Accept a risk by its name; may be given several times.")
    resolve = _("A file that settles configuration conflicts.")
    probation = _("Seconds for which the instance is watched once users are in (60).")
    back = _("Go back by itself even when users are in; what they did meanwhile is kept aside.")
    function = option("--accept", words=accept, metavar=_("NAME"), multiple=True)(function)
    function = option("--resolve", words=resolve, metavar=_("FILE"))(function)
    function = option("--probation", words=probation, metavar=_("SECONDS"), type=click.FloatRange(0), default=60.0)(
        function
    )
    return option("--rollback-when-open", words=back, is_flag=True)(function)


@click.command(
    "plan",
    cls=Command,
    words=_("What an upgrade would do, step by step, with every path and command line. Nothing is changed."),
    examples=("smena plan sales --to 5.0", "smena plan sales --to 5.0 --diff -o plan.json"),
)
@argument("instance", words=_("The instance's name."), metavar=_("INSTANCE"))
@option(
    "--to", words=_("The version wanted: exact, or the newest that starts so."), metavar=_("VERSION"), required=True
)
@option("--diff", words=_("Show every changed line of configuration; secrets are masked."), is_flag=True)
@option("-o", "output", words=_("Write the plan to a file, for `smena upgrade --plan`."), metavar=_("FILE"))
@choices
@click.pass_obj
def plan(frame: Frame, /, instance: str, to: str, *, diff: bool, output: str | None, **chosen: Any) -> None:
    from smena.cli.plan_shown import plan_value, show_plan
    from smena.service import booting, planfiles, planning

    made = planning.make(frame.home, instance, to, _options(chosen))
    findings = planning.findings(frame.home, made, pins(frame, None))
    if output is not None:
        planfiles.write(Path(output), made)
    frame.out.show(plan_value(made, findings, diff), lambda page: show_plan(page, made, findings, diff))
    told = booting.told(frame.home)
    if told is not None:
        frame.out.remark(told)
    if output is not None:
        frame.out.remark(
            _("written to {file}; it runs with: smena upgrade {name} --plan {file}", file=output, name=instance)
        )


@click.command(
    "upgrade",
    cls=Command,
    words=_("Upgrade an instance: plan, prove, run, verify; on any failure everything goes back by itself."),
    examples=("smena upgrade sales --to 5.0 --accept adjust-applications", "smena upgrade --plan plan.json"),
)
@argument("instance", words=_("The instance's name."), metavar=_("INSTANCE"), required=False)
@option("--to", words=WANTED, metavar=_("VERSION"))
@option("--plan", "file", words=_("Run exactly the plan in this file."), metavar=_("FILE"))
@option("--all", "product", words=_("Every instance of this product."), metavar=_("PRODUCT"))
@option("--parallel", words=_("So many at once, with --all (1)."), metavar=_("N"), type=click.IntRange(1), default=1)
@option("--stop-on-failure", words=_("With --all: begin no further one after a failure."), is_flag=True)
@option("--detach", words=_("Start the run and return at once."), is_flag=True)
@choices
@asks()
@click.pass_context
def upgrade(ctx: click.Context, /, instance: str | None, to: str | None, file: str | None, **rest: Any) -> None:
    from smena.cli.plan_shown import show_short
    from smena.cli.watching import follow
    from smena.service import upgrading

    frame: Frame = ctx.obj
    detach, product = rest.pop("detach"), rest.pop("product")
    together = {"parallel": rest.pop("parallel"), "stop_on_failure": rest.pop("stop_on_failure")}
    if product is not None:
        ctx.exit(_all(frame, product, to, rest, together))
    made = _wanted(frame, instance, to, file, rest)
    upgrading.prove(frame.home, made, pins(frame, None))
    if not frame.out.json:
        frame.out.remark_page(lambda page: show_short(page, made))
    if not frame.yes and not frame.confirmed(
        _("Upgrade {instance} from {start} to {goal} now?", instance=made.instance, start=made.from_, goal=made.to)
    ):
        raise WrongUsage(_("not upgraded: you said no"), state=_("nothing was changed"))
    run = upgrading.begin(frame.home, made)
    ctx.exit(follow(frame, run, detach=detach))


def _all(frame: Frame, product: str, to: str | None, chosen: dict[str, Any], together: dict[str, Any]) -> int:
    from smena.cli.upgrade_all import upgrade_all

    if to is None:
        raise WrongUsage(_("say to which version"), hint=_("smena upgrade --all PRODUCT --to VERSION"))
    return upgrade_all(frame, product, to, _options(chosen), **together)


def _wanted(frame: Frame, instance: str | None, to: str | None, file: str | None, chosen: dict[str, Any]) -> Plan:
    from smena.service import planfiles, planning

    if file is not None:
        return planfiles.read(Path(file))
    if instance is None or to is None:
        raise WrongUsage(_("say which instance, and to which version"), hint=_("smena upgrade INSTANCE --to VERSION"))
    return planning.make(frame.home, instance, to, _options(chosen))


def _options(chosen: dict[str, Any]) -> Options:
    from smena.plan.request import Options
    from smena.service import planfiles

    resolve = chosen["resolve"]
    if resolve is not None and not Path(resolve).exists():
        raise FileMissing(_("there is no file {path}", path=resolve))
    return Options(
        accepted=tuple(chosen["accept"]),
        resolutions=planfiles.resolutions(Path(resolve)) if resolve else {},
        rollback_when_open=chosen["rollback_when_open"],
        probation=chosen["probation"],
    )
