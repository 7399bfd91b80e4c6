"""`smena upgrade --all PRODUCT`: every instance of a product, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from smena.cli.frame import Frame
from smena.errors import ProductUnused, WrongUsage
from smena.text import Text, _, plain

if TYPE_CHECKING:
    from smena.cli.output import Page
    from smena.plan.request import Options
    from smena.service.many import Came, Proven

STATES = {
    "there": _("runs it already"),
    "refused": _("refused before any change"),
    "left": _("not begun"),
    "final": _("done"),
    "open": _("done, being watched"),
    "undone": _("failed, everything as before"),
    "waiting": _("waits for a person"),
    "parked": _("parked: a person has to look"),
}
EXITS = {"undone": 1, "refused": 3, "left": 1, "waiting": 4, "parked": 4}


def upgrade_all(frame: Frame, product: str, to: str, options: Options, *, parallel: int, stop_on_failure: bool) -> int:
    """The worst that happened is the exit status: a person is needed, a failure, a refusal."""
    from smena.service import many

    proven = many.prove_all(frame.home, product, to, options)
    if not proven:
        raise ProductUnused(
            _("no instance of {product} is registered", product=product), hint=plain("smena instance list")
        )
    if not frame.out.json:
        frame.out.remark_page(lambda page: _foretell(page, proven))
    ready = [one.instance for one in proven if one.plan is not None]
    if ready and not frame.confirmed(_("Upgrade {names} to {to} now?", names=", ".join(ready), to=to)):
        raise WrongUsage(_("not upgraded: you said no"), state=_("nothing was changed"))
    came = []
    for one in many.carry_all(frame.home, proven, parallel=parallel, stop_on_failure=stop_on_failure):
        came.append(one)
        frame.out.remark(_("{instance}: {state}", instance=one.instance, state=STATES[one.state]))
    frame.out.show({"instances": came}, lambda page: _table(page, came))
    statuses = {EXITS.get(one.state, 0) for one in came}
    return next((status for status in (4, 1, 3) if status in statuses), 0)


def _foretell(page: Page, proven: Sequence[Proven]) -> None:
    for one in proven:
        if one.plan is not None:
            page.item(_("{instance}: {start} → {goal}", instance=one.instance, start=one.plan.from_, goal=one.plan.to))
        else:
            state = STATES["there"] if one.there else STATES["refused"]
            page.item(_("{instance}: {state}", instance=one.instance, state=state))
            for why in one.why:
                page.item(why, depth=2)


def _table(page: Page, came: Sequence[Came]) -> None:
    heads: list[Text | str] = [_("INSTANCE"), _("STATE"), _("RUN"), _("REASON")]
    page.table(heads, [[one.instance, STATES[one.state], one.run or "–", "; ".join(map(str, one.why))] for one in came])
