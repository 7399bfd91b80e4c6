"""judge: ask everything that can be asked before a hop; a blocking finding turns the run back."""

from __future__ import annotations

from smena.checks.check import judged, refuse_if_blocked
from smena.plan.params import Judge
from smena.run.step import Done
from smena.steps.tools import World
from smena.text import _


def do(p: Judge, ctx: World) -> Done:
    findings = judged(ctx.tools.ask(p.checks), p.accepted)
    for finding in findings:
        ctx.say(_("{name}: {text}", name=finding.check, text=finding.text))
    refuse_if_blocked(findings, _("hop {hop} is refused", hop=p.hop))
    return Done(_("findings, none that forbids it: {count}", count=len(findings)) if findings else None)
