"""A check and its findings.

A check never raises for what it finds: it answers with findings, all of them, so that a
person sees everything at once. What may be accepted by a person has a name under which it is
accepted (`--accept NAME`); accepting is written into the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from smena.errors import ChecksFailed
from smena.text import Text, _


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One answer."""

    check: str
    """The check's name: `room`, `software`, …"""
    blocking: bool
    text: Text
    """What was found."""
    why: Text | None = None
    hint: Text | None = None
    """The one next command or action."""
    accept: str | None = None
    """The name by which a person may accept it; None: it cannot be accepted."""
    accepted: bool = False


def judged(findings: Iterable[Finding], accepted: Sequence[str]) -> list[Finding]:
    """Findings with those that a person accepted by name marked, and no longer blocking."""
    return [
        msgspec.structs.replace(finding, accepted=True, blocking=False)
        if finding.accept is not None and finding.accept in accepted
        else finding
        for finding in findings
    ]


def refuse_if_blocked(findings: Sequence[Finding], message: Text, state: Text | None = None) -> None:
    """Every blocking finding in one refusal."""
    blocking = [finding for finding in findings if finding.blocking]
    if not blocking:
        return
    names = [finding.accept for finding in blocking if finding.accept]
    if names and len(names) == len(blocking):
        hint: Text | None = _("accept it by name: {options}", options=" ".join(f"--accept {name}" for name in names))
    else:
        hint = next((finding.hint for finding in blocking if finding.hint), None)
    why = [_("{name}: {text}", name=finding.check, text=finding.text) for finding in blocking]
    raise ChecksFailed(message, why=why, state=state, hint=hint)
