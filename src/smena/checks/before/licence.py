"""licence: the keys cover the target, and the present version too, so that a rollback finds its licence.

smena cannot read any key of these products yet, so it says that nothing was measured, and a person
who has looked answers for it by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.text import _


def ask(_question: Mapping[str, object], scene: Scene) -> Iterator[Finding]:
    if scene.definition.keys is None or not any(hop.licence for hop in scene.plan.hops):
        return
    text = _("whether the licence covers {to} was not measured", to=scene.plan.to)
    why = _(
        "new licences must be there before the upgrade, and {from_} needs its own for a rollback",
        from_=scene.plan.from_,
    )
    yield Finding(check="licence", blocking=True, text=text, why=why, accept="licence-not-measured")
