"""check: what is asked after a hop, behind the page. A blocking finding turns the run back by itself."""

from __future__ import annotations

import msgspec

from smena.checks.check import refuse_if_blocked
from smena.plan.params import Check
from smena.run.step import Done
from smena.steps.tools import World
from smena.text import _


def do(p: Check, ctx: World) -> Done:
    findings = ctx.tools.ask(p.checks)
    for finding in findings:
        ctx.say(_("{name}: {text}", name=finding.check, text=finding.text))
    if p.facts:
        facts = {name: msgspec.json.encode(value) for name, value in ctx.tools.facts().items()}
        ctx.tools.point.journal.note_facts("after", facts)
    refuse_if_blocked(findings, _("hop {hop} did not come out right", hop=p.hop))
    return Done(_("{count} checks passed", count=len(p.checks)))
