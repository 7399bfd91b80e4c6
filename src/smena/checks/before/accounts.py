"""accounts: no service that an installer may make anew logs on with a password, which Windows tells nobody.

It is asked before, because a person who knows the password has to be there: after the upgrade for the new service, and
on a way back, where the run waits for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.drivers import service_accounts
from smena.host import target
from smena.text import _

_INSTALLERS = ("install-package", "package-back")


def ask(_question: Mapping[str, object], scene: Scene) -> Iterator[Finding]:
    if target.platform() != "windows" or all(step.kind not in _INSTALLERS for step in scene.plan.steps):
        return
    for spec in scene.measure().services:
        name = spec.unit or spec.name
        account = None if spec.pool else service_accounts.of(name)
        if account is not None and service_accounts.needs_password(account):
            yield Finding(
                check="accounts",
                blocking=scene.plan.kind == "upgrade",
                text=_(
                    "the service {service} runs as {account}, and smena cannot set the password of that account: "
                    "after an upgrade the account of the new service is set by hand, and so is this one after a way "
                    "back on which the installer made the service anew",
                    service=name,
                    account=account,
                ),
                accept="service-account",
                hint=_("have the password at hand"),
            )
