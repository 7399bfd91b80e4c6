"""install-package: the platform's installer on a package whose hash is recorded.

It is foreign code: an interruption inside it takes the run back. What is installed is measured before and after, so
undo takes away what came, whatever that was, and installs again what went. The folders that the installer changes were
kept before, and come back byte by byte once it has been undone. An installer that outlived us is waited for, never
ended: one that is ended leaves neither version.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from smena import clock, faults
from smena.drivers import msi
from smena.errors import InstallerFailed, StepFailed
from smena.host import files
from smena.host.native import attributes, processes
from smena.host.paths import decode
from smena.host.ports import Identity
from smena.plan.windows_params import InstallPackage
from smena.run.step import Done
from smena.steps import verify
from smena.steps.shared import alone_with
from smena.steps.tools import World
from smena.text import _, plain

_INSTALLER = "msiexec"
_EVERY = 0.5


class Began(msgspec.Struct, frozen=True):
    """What was installed before, and the installer's process once it runs."""

    before: dict[str, str]
    who: Identity | None = None


def do(p: InstallPackage, ctx: World) -> Done:
    with alone_with(_INSTALLER, ctx):
        return _install(p, ctx)


def _install(p: InstallPackage, ctx: World) -> Done:
    if any(ctx.tools.reveal(value) != value for value in p.properties.values()):
        raise StepFailed(_("{program} would be given a secret on its command line", program=_INSTALLER))
    verify.judge(Path(decode(p.package)), p.sha256)
    before = msi.products()
    ctx.record(Began(before))
    faults.point("install-package.recorded")
    action = "/x" if p.action == "remove" else "/i"
    job = msi.Job(
        action=action,
        what=decode(p.package),
        features=p.features,
        properties=p.properties,
        log=_log(ctx, p.action),
        within=p.within,
    )
    restart = msi.carry_out(job, started=lambda who: ctx.record(Began(before, who)))
    faults.point("install-package.installed")
    ctx.tools.holds.hold(p.instance, p.services, coming=True)  # the installer has made services that a boot starts
    if msi.products() == before:
        raise InstallerFailed(
            _("the installer of {package} says that it is done, and nothing was installed", package=_name(p)),
            why=[_("the installer's log: {path}", path=str(job.log))],
        )
    return Done(_("Windows wants to be restarted: do that when the run is over") if restart else None)


def undo(p: InstallPackage, ctx: World) -> None:
    began = ctx.recorded(Began)
    if began is None:
        return
    with alone_with(_INSTALLER, ctx):
        if began.who is not None:
            _outlived(began.who, p.within)
        _take_back(p, ctx, began.before)


def _take_back(p: InstallPackage, ctx: World, before: dict[str, str]) -> None:
    now = msi.products()
    for code in sorted(now.keys() - before.keys()):
        msi.carry_out(msi.Job(action="/x", what=code, log=_log(ctx, "undo"), within=p.within))
        faults.point("install-package.taken-away")
    gone = sorted(code for code, shown in before.items() if msi.products().get(code) != shown)
    if gone and p.old is None:
        raise StepFailed(
            _("the old version is gone, and its installer is not at hand"),
            why=[plain(before[code]) for code in gone],
            hint=_("install it, then: smena run resume"),
        )
    if gone and p.old is not None:
        verify.judge(Path(decode(p.old)), p.old_sha256)
        again = msi.Job(
            action="/i",
            what=decode(p.old),
            features=p.features,
            properties={name: value for name, value in p.properties.items() if name != "DOUPGRADE"},
            log=_log(ctx, "back"),
            within=p.within,
        )
        msi.carry_out(again)
        faults.point("install-package.put-back")
    ctx.tools.holds.hold(p.instance, p.services, coming=True)


def _outlived(who: Identity, within: float) -> None:
    """Our death did not end it: it is let to its end, then measured."""
    deadline = clock.ticks() + within
    while processes.members(who):
        if clock.ticks() >= deadline:
            raise StepFailed(
                _("an installer still runs"),
                why=[_("process {pid}", pid=who.pid)],
                hint=_("let it end, then: smena run resume"),
            )
        clock.sleep(_EVERY)


def _log(ctx: World, what: str) -> Path:
    folder = ctx.tools.folder / "installer"
    files.make_folder(folder, attributes.own(0o700))
    return folder / f"{ctx.seq}-{what}.log"


def _name(p: InstallPackage) -> str:
    return p.package.replace("\\", "/").rpartition("/")[2]
