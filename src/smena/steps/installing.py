"""What the steps around the platform's installer share: reaching a state of what is installed, by its own means.

What came is taken away, whatever that was, and what went is installed again from a package whose hash is recorded. It
is measured before and after, so it can be repeated after a death in its middle.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from smena import clock, faults
from smena.drivers import msi
from smena.errors import InstallerFailed, StepFailed
from smena.host import files
from smena.host.native import attributes, installers, processes
from smena.host.paths import decode
from smena.host.ports import Identity
from smena.plan.windows_params import InstallPackage, PackageBack
from smena.steps import verify
from smena.steps.tools import World
from smena.text import _, plain

INSTALLER = "msiexec"
_EVERY = 0.5


class Again(msgspec.Struct, frozen=True):
    """The package for what is gone."""

    package: str
    sha256: str
    features: tuple[str, ...]
    properties: dict[str, str]


class Change(NamedTuple):
    """What an installer changed: each product's code with its name and version."""

    came: dict[str, str]
    went: dict[str, str]


def change(before: Mapping[str, str], after: Mapping[str, str]) -> Change:
    """A product that is another version under its old code both came and went."""
    return Change(
        {code: shown for code, shown in after.items() if before.get(code) != shown},
        {code: shown for code, shown in before.items() if after.get(code) != shown},
    )


def take_back(done: Change, package: Again | None, p: InstallPackage | PackageBack, ctx: World) -> None:
    """What came goes, what went comes again; then hold again, because an installer makes services that a boot starts.

    What else came and went on the host meanwhile is somebody else's.
    """
    present = msi.products()
    for code in sorted(code for code, shown in done.came.items() if present.get(code) == shown):
        msi.carry_out(msi.Job(action="/x", what=code, log=log(ctx, "away"), within=p.within))
        faults.point("install-package.taken-away")
    if _missing(done.went):
        _install(done.went, package, p, ctx)
    ctx.tools.holds.hold(p.instance, p.services, coming=True)


def _install(went: Mapping[str, str], package: Again | None, p: InstallPackage | PackageBack, ctx: World) -> None:
    if package is None:
        raise StepFailed(
            _("the old version is gone, and its installer is not at hand"),
            why=[plain(shown) for shown in _missing(went)],
            hint=_("install it, then: smena run resume"),
        )
    verify.judge(Path(decode(package.package)), package.sha256)
    job = msi.Job(
        action="/i",
        what=decode(package.package),
        features=package.features,
        properties=package.properties,
        log=log(ctx, "back"),
        within=p.within,
    )
    msi.carry_out(job)
    faults.point("install-package.put-back")
    left = _missing(went)
    if left:  # one package need not be all that an installer took away
        raise InstallerFailed(
            _("the installer says that it is done, and this is not installed: {names}", names=", ".join(left)),
            hint=_("install it, then: smena run resume"),
        )


def _missing(went: Mapping[str, str]) -> list[str]:
    present = msi.products()
    return sorted(shown for code, shown in went.items() if present.get(code) != shown)


def outlived(who: Identity | None, within: float) -> None:
    """Our death did not end it, nor does its client's end: it is let to its end, then measured."""
    deadline = clock.ticks() + within
    while (left := bool(who and processes.members(who))) or installers.at_work():
        if clock.ticks() >= deadline:
            raise StepFailed(
                _("an installer still runs"),
                why=[_("process {pid}", pid=who.pid) if left and who else _("the service of Windows' own installer")],
                hint=_("let it end, then: smena run resume"),
            )
        clock.sleep(_EVERY)


def log(ctx: World, what: str) -> Path:
    folder = ctx.tools.folder / "installer"
    files.make_folder(folder, attributes.own(0o700))
    return folder / f"{ctx.seq}-{what}.log"
