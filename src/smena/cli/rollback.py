"""`smena rollback`: back to before a run, with what users wrote since kept aside."""

from __future__ import annotations

import click

from smena.cli.frame import Command, Frame, argument, asks, option
from smena.errors import WrongUsage
from smena.text import Text, _

_SHOWN = 20


@click.command(
    "rollback",
    cls=Command,
    words=_(
        "Go back to before the newest run of an instance, or to before an older one. "
        "What was written since is listed, and kept aside."
    ),
    examples=("smena rollback sales", "smena rollback sales --to 20261121-0932-k7f"),
)
@argument("instance", words=_("The instance's name."), metavar=_("INSTANCE"))
@option(
    "--to", words=_("The run whose restore point to go back to; without it, the newest."), metavar=_("RESTORE-POINT")
)
@option("--detach", words=_("Start and return at once."), is_flag=True)
@asks()
@click.pass_context
def rollback(ctx: click.Context, /, instance: str, to: str | None, detach: bool) -> None:
    from smena.cli.watching import follow
    from smena.service import rollback as service
    from smena.service import runs, upgrading

    frame: Frame = ctx.obj
    going = service.under_way(frame.home, instance)
    if going is not None:
        tell_changes(frame, going)
        _confirm(frame, _("Run {run} is under way. Take it back?", run=going))
        runs.cancel(frame.home, going)
        status = follow(frame, going, detach=detach)
        ctx.exit(0 if status == 1 else status)
    plan = service.plan_rollback(frame.home, instance, to)
    tell_changes(frame, plan.undoes[0])
    _confirm(
        frame, _("Take {instance} back from {start} to {goal}?", instance=instance, start=plan.from_, goal=plan.to)
    )
    ctx.exit(follow(frame, upgrading.begin(frame.home, plan), detach=detach))


def _confirm(frame: Frame, question: Text) -> None:
    if not frame.confirmed(question):
        raise WrongUsage(_("not taken back: you said no"), state=_("nothing was changed"))


def tell_changes(frame: Frame, run: str) -> None:
    """What will be kept aside when this run is taken back, if it has let users in."""
    from smena.service import rollback as service

    found = service.changed_since(frame.home, run)
    if found is None:
        return
    changed = list(found)
    if not changed:
        frame.out.remark(_("Nothing was changed since users were let in."))
        return
    frame.out.remark(_("Changed since users were let in; it will be kept aside ({count}):", count=len(changed)))
    for one in changed[:_SHOWN]:
        frame.out.remark(_("  {what} {path}", what=service.what_words(one.what), path=one.path))
    if len(changed) > _SHOWN:
        frame.out.remark(_("  … and {count} more", count=len(changed) - _SHOWN))
