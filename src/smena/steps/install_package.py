"""install-package: the platform's installer on a package whose hash is recorded.

It is foreign code: an interruption inside it takes the run back. What is installed is measured before and after, so
undo takes away what came, whatever that was, and installs again what went. The folders that the installer changes were
kept before, and come back byte by byte once it has been undone. What it sets up in IIS is set back value by value. An
installer that outlived us is waited for, never ended: one that is ended leaves neither version.
"""

from __future__ import annotations

import functools
from pathlib import Path

import msgspec

from smena import faults
from smena.drivers import msi, service_accounts
from smena.drivers.windows_hold import POOL
from smena.errors import InstallerFailed, StepFailed
from smena.host.paths import decode
from smena.host.ports import Identity
from smena.plan.windows_params import InstallPackage
from smena.run.step import Done
from smena.steps import applications, installing, verify
from smena.steps.applications import Seen
from smena.steps.shared import alone_with
from smena.steps.tools import World
from smena.text import Text, _

_INSTALLER = installing.INSTALLER


class Began(msgspec.Struct, frozen=True):
    """What was installed before, the installer's process once it runs, and what of IIS it sets up."""

    before: dict[str, str]
    who: Identity | None = None
    after: dict[str, str] | None = None
    """What was installed once the installer was done: what came later is somebody else's."""
    application: Seen = Seen({})


def do(p: InstallPackage, ctx: World) -> Done:
    with alone_with(_INSTALLER, ctx):
        return _install(p, ctx)


def _install(p: InstallPackage, ctx: World) -> Done:
    if any(ctx.tools.reveal(value) != value for value in p.properties.values()):
        raise StepFailed(_("{program} would be given a secret on its command line", program=_INSTALLER))
    verify.judge(Path(decode(p.package)), p.sha256)
    before = msi.products()
    began = Began(before, application=Seen(applications.look(p.application, ctx)))
    ctx.record(began)
    faults.point("install-package.recorded")
    accounts = _accounts(p)
    action = "/x" if p.action == "remove" else "/i"
    job = msi.Job(
        action=action,
        what=decode(p.package),
        features=p.features,
        properties=p.properties,
        log=installing.log(ctx, p.action),
        within=p.within,
    )
    restart = msi.carry_out(job, started=lambda who: ctx.record(msgspec.structs.replace(began, who=who)))
    faults.point("install-package.installed")
    applications.rest(p.application, ctx)
    after = msi.products()
    seen = Seen(began.application.before, applications.look(p.application, ctx))
    ctx.record(msgspec.structs.replace(began, after=after, application=seen))
    ctx.tools.holds.hold(p.instance, p.services, coming=True)  # the installer has made services that a boot starts
    if after == before:
        raise InstallerFailed(
            _("the installer of {package} says that it is done, and nothing was installed", package=_name(p)),
            why=[_("the installer's log: {path}", path=str(job.log))],
        )
    return Done(_told(restart, accounts, _accounts(p)))


def _accounts(p: InstallPackage) -> dict[str, str]:
    found = {name: service_accounts.of(name) for name in p.services if not name.startswith(POOL)}
    return {name: account for name, account in found.items() if account is not None}


def _told(restart: bool, before: dict[str, str], after: dict[str, str]) -> Text | None:
    """What a person has to know: of a restart, and of services that run as somebody else now."""
    told = [_("Windows wants to be restarted: do that when the run is over")] if restart else []
    told += [
        _("the service {service} ran as {old}, the new one runs as {new}", service=name, old=account, new=after[name])
        for name, account in before.items()
        if name in after and not service_accounts.same(after[name], account)
    ]
    return functools.reduce(lambda one, more: _("{one}; {more}", one=one, more=more), told) if told else None


def undo(p: InstallPackage, ctx: World) -> None:
    began = ctx.recorded(Began)
    if began is None:
        return
    with alone_with(_INSTALLER, ctx):
        installing.outlived(began.who, p.within)
        wanted = _aim(p, began, ctx)
        done = installing.change(began.before, began.after if began.after is not None else msi.products())
        installing.take_back(done, _again(p), p, ctx)
        applications.set_so(p.application, wanted, ctx)


def _again(p: InstallPackage) -> installing.Again | None:
    if p.old is None:
        return None
    features, properties = with_what(p)
    return installing.Again(p.old, p.old_sha256, features, properties)


def with_what(p: InstallPackage) -> tuple[tuple[str, ...], dict[str, str]]:
    """The features and properties of the old version."""
    return p.old_features or p.features, p.old_properties or p.properties


def _aim(p: InstallPackage, began: Began, ctx: World) -> applications.Values:
    """Decided before the installers change it again, and once."""
    seen = began.application
    if seen.wanted is not None:
        return seen.wanted
    wanted = applications.aim(p.application, seen.before, seen.after, ctx)
    decided = Seen(seen.before, seen.after, wanted)
    ctx.record(msgspec.structs.replace(began, application=decided))
    return wanted


def _name(p: InstallPackage) -> str:
    return p.package.replace("\\", "/").rpartition("/")[2]
