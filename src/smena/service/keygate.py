"""When the gate refuses an upgrade for want of a licence: the question for exactly what is missing, ready to send."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from smena.checks.before import licence
from smena.checks.check import Finding
from smena.errors import ChecksFailed, SmenaError
from smena.keys import presence
from smena.keys.coverage import allows, in_words
from smena.keys.pins import Pins
from smena.keys.presence import Present
from smena.plan.model import Plan
from smena.service import keyexchange
from smena.service.keyexchange import Wanted
from smena.service.keyletters import Outgoing
from smena.service.scene import scene_of
from smena.text import _


def wants_question(findings: Sequence[Finding]) -> bool:
    """Whether a licence is missing that nobody can accept away."""
    return any(one.check == "licence" and one.blocking and one.accept is None for one in findings)


def ready(home: Path, plan: Plan, pins: Pins | None = None) -> Outgoing | None:
    """The question of the key that is nearest; None where no key can ask. An open one is shown again."""
    found = presence.all_of(home, plan.product, pins)
    lacking = licence.missing(scene_of(home, plan, pins=pins), found)
    asking = _nearest(found, plan.from_)
    if asking is None or not lacking:
        return None
    reason = _(
        "upgrade of {product} from {start} to {goal}; missing: {lacks}",
        product=plan.product,
        start=plan.from_,
        goal=plan.to,
        lacks=in_words(lacking),
    )
    return keyexchange.question(home, asking.place, Wanted(reason=str(reason)), pins)


def with_question(error: ChecksFailed, home: Path, plan: Plan, pins: Pins | None = None) -> ChecksFailed:
    """The same refusal, with the question that leads on. A key that cannot ask leaves the refusal as it is."""
    try:
        out = ready(home, plan, pins)
    except SmenaError:  # the refusal itself says already why the key does not count
        return error
    if out is None:
        return error
    address = out.letter.to or _("the vendor's support")
    said = _("the question for it, ready for {address}; it lies in {file}", address=address, file=out.file)
    return ChecksFailed(
        error.message,
        why=[*error.why, _("{said}:\n{text}", said=said, text=out.text)],
        state=_(
            "nothing of {instance} was changed; the question is open on the key {key}",
            instance=plan.instance,
            key=out.key,
        ),
        hint=_("smena key wizard --key {name} leads through the exchange", name=out.key),
    )


def _nearest(found: Sequence[Present], version: str) -> Present | None:
    """Rather the key that the present version uses."""
    able = [one for one in found if one.held is not None]
    using = [one for one in able if one.held is not None and allows(one.held.licence, version, None)]
    return next(iter(using or able), None)
