"""All checks in one visible list, and the one way to ask them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from smena.checks.after import as_wanted, http, log, services, version
from smena.checks.before import (
    accounts,
    answers,
    closed,
    confirm,
    facts,
    iis,
    licence,
    mounted,
    packages,
    port_free,
    restart,
    risks,
    room,
    site,
    software,
    units,
    writable,
)
from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.plan.params import Asked

Ask = Callable[[Mapping[str, object], Scene], Iterable[Finding]]

CHECKS: dict[str, Ask] = {
    "facts": facts.ask,
    "risks": risks.ask,
    "packages": packages.ask,
    "room": room.ask,
    "writable": writable.ask,
    "mounted": mounted.ask,
    "units": units.ask,
    "restart": restart.ask,
    "accounts": accounts.ask,
    "software": software.ask,
    "site": site.ask,
    "iis": iis.ask,
    "licence": licence.ask,
    "closed": closed.ask,
    "answers": answers.ask,
    "port-free": port_free.ask,
    "confirm": confirm.ask,
    "services": services.ask,
    "http": http.ask,
    "version": version.ask,
    "log": log.ask,
    "as-wanted": as_wanted.ask,
}


def ask_all(asked: Iterable[Asked], scene: Scene) -> list[Finding]:
    """Every finding of every check, never only the first."""
    return [finding for item in asked for finding in CHECKS[item.kind](item.question, scene)]
