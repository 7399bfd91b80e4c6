"""A plan for people: the hops, every step, what it rests on, what has to be accepted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from smena.cli.sizes import size_words
from smena.text import Text, _, plain

if TYPE_CHECKING:
    from smena.checks.check import Finding
    from smena.cli.output import Page
    from smena.plan.model import Plan

PHASES = {
    "prepare": _("while the instance is up"),
    "switch": _("while it is down"),
    "closed": _("checked behind the page"),
    "open": _("with users in"),
}


def plan_value(plan: Plan, findings: Sequence[Finding], diff: bool) -> dict[str, object]:
    """For programs: the plan itself, its hash, and what was found."""
    import msgspec

    from smena.plan.model import encode

    value: dict[str, object] = msgspec.json.decode(encode(plan))
    value["steps"] = [
        {
            "seq": number,
            "kind": step.kind,
            "phase": step.phase,
            "hop": step.hop,
            "title": str(step.title),
            "detail": None if step.detail is None else str(step.detail),
            "params": msgspec.json.decode(step.params),
            "no-return": None if step.no_return is None else str(step.no_return),
        }
        for number, step in enumerate(plan.steps, 1)
    ]
    value["hash"] = plan.hash
    value["findings"] = [_finding_value(finding) for finding in findings]
    value["external"] = [str(text) for text in plan.external]
    value["notices"] = [str(text) for text in plan.notices]
    if not diff:
        value["config"] = [
            {"hop": c.hop, "file": c.file, "carried": c.carried, "conflicts": c.conflicts} for c in plan.config
        ]
    return value


def _finding_value(finding: Finding) -> dict[str, object]:
    return {
        "check": finding.check,
        "blocking": finding.blocking,
        "accepted": finding.accepted,
        "accept": finding.accept,
        "text": str(finding.text),
        "hint": None if finding.hint is None else str(finding.hint),
    }


def show_plan(page: Page, plan: Plan, findings: Sequence[Finding], diff: bool) -> None:
    """Everything."""
    show_short(page, plan)
    show_steps(page, plan)
    _show_config(page, plan, diff)
    _show_findings(page, findings)
    page.line()
    page.line(_("plan {hash}", hash=plan.hash[:12]))


def show_short(page: Page, plan: Plan) -> None:
    """What a person must know before saying yes."""
    page.line(_("{instance}: {start} → {goal}", instance=plan.instance, start=plan.from_, goal=plan.to))
    for number, hop in enumerate(plan.hops, 1):
        data = _("the data is converted") if hop.data == "converted" else _("the data stays as it is")
        page.item(_("hop {number}: {start} → {goal}, {data}", number=number, start=hop.from_, goal=hop.to, data=data))
    forecast = plan.forecast
    if forecast.downtime is not None:
        page.item(_("downtime: about {seconds} s", seconds=round(forecast.downtime)))
    elif forecast.downtime_basis is not None:
        page.item(_("downtime: {basis}", basis=forecast.downtime_basis))
    for room in forecast.room:
        needed, free = size_words(room.needed), size_words(room.free)
        page.item(_("room on {mount}: {needed} of {free} free", mount=room.mount, needed=needed, free=free))
    for risk in plan.risks:
        page.item(_("risk {name}: {why}", name=risk.name, why=plain(risk.why)))
    for number, step in enumerate(plan.steps, 1):
        if step.no_return is not None:
            page.item(_("no way back after step {number}: {why}", number=number, why=plain(step.no_return)))
    for text in plan.external:
        page.item(text)


def show_steps(page: Page, plan: Plan) -> None:
    """Every step, under the phase it belongs to."""
    phase = None
    for number, step in enumerate(plan.steps, 1):
        if step.phase != phase:
            phase = step.phase
            page.line()
            page.line(PHASES[step.phase])
        page.line(f"  {number:3}. {step.title}")
        if step.detail is not None:
            page.line(f"       {step.detail}")


def _show_config(page: Page, plan: Plan, diff: bool) -> None:
    if not plan.config:
        return
    page.line()
    page.line(_("configuration"))
    for change in plan.config:
        said: list[Text] = [_("{file} (hop {hop})", file=change.file, hop=change.hop)]
        if change.carried:
            said.append(_("yours stay: {keys}", keys=", ".join(change.carried)))
        if change.conflicts:
            said.append(_("to decide: {keys}", keys=", ".join(change.conflicts)))
        page.item("; ".join(map(str, said)))
        if diff and change.diff:
            page.block(change.diff)


def _show_findings(page: Page, findings: Sequence[Finding]) -> None:
    page.line()
    blocking = [finding for finding in findings if finding.blocking]
    if not blocking:
        page.line(_("Everything that can be asked now says yes."))
        return
    page.line(_("What says no now:"), colour="red")
    for finding in blocking:
        accept = _("; accept it with --accept {name}", name=finding.accept) if finding.accept else plain("")
        page.item(_("{name}: {text}{accept}", name=finding.check, text=finding.text, accept=accept))
