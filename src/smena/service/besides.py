"""What earlier runs changed beside files, read from their journals so that a rollback can take it back.

The web server, the installer and the registry have books of their own. Each step recorded what it met, so going back to
that is a step of the same kind, with an undo of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from smena.drivers import msi
from smena.errors import NothingToRollBack
from smena.host.paths import decode
from smena.journal.journal import Journal
from smena.journal.rows import StepRow
from smena.plan.rollback import Beside
from smena.plan.windows_params import InstallPackage, KeepRegistry, PackageBack, SitePath
from smena.service import places
from smena.steps.install_package import Began, with_what
from smena.steps.installing import Change, change
from smena.steps.site_path import Was
from smena.text import _

_INSTALLERS = {"install-package": InstallPackage, "package-back": PackageBack}


def beside(home: Path, runs: Sequence[str]) -> Beside:
    """Of these runs, the newest first; raises where one of them cannot be taken back any more."""
    done = [(run, step) for run in runs for step in _done(home, run)]
    return Beside(
        places=tuple(_places(step for _run, step in done)),
        packages=tuple(_packages(done)),
        keys=tuple(_keys(done)),
    )


def _done(home: Path, run: str) -> list[StepRow]:
    """The last first."""
    journal = Journal.read(places.run_folder(home, run))
    try:
        return [step for step in reversed(journal.steps()) if step.status == "done"]
    finally:
        journal.close()


def _places(steps: Iterator[StepRow]) -> Iterator[SitePath]:
    """Where the web server's places pointed before; each only if it is still the run's."""
    for step in steps:
        if step.kind == "site-path":
            params = msgspec.json.decode(step.params, type=SitePath)
            was = msgspec.json.decode(step.record or b"null", type=Was | None)
            if was is not None:
                yield msgspec.structs.replace(params, path=was.path, instead_of=params.path)


def _packages(done: Sequence[tuple[str, StepRow]]) -> Iterator[PackageBack]:
    for run, step in done:
        if step.kind in _INSTALLERS:
            params = msgspec.json.decode(step.params, type=_INSTALLERS[step.kind])
            began = msgspec.json.decode(step.record or b"null", type=Began)
            if params.old is None or not Path(decode(params.old)).is_file():
                raise NothingToRollBack(
                    _("{run} cannot be taken back: the installer of the old version is not at hand", run=run),
                    state=_("nothing was changed"),
                    hint=_("smena release add FILE"),
                )
            changed = _changed(params, began)
            features, properties = _with_what(params)
            yield PackageBack(
                instance=params.instance,
                services=params.services,
                came=changed.came,
                went=changed.went,
                package=params.old,
                sha256=params.old_sha256,
                old=params.package,
                old_sha256=params.sha256,
                features=features,
                properties=properties,
                within=params.within,
                changes=params.changes,
                application=params.application,
                application_was=began.application.before,
                application_ours=began.application.after or {},
            )


def _with_what(params: InstallPackage | PackageBack) -> tuple[tuple[str, ...], dict[str, str]]:
    return with_what(params) if isinstance(params, InstallPackage) else (params.features, params.properties)


def _changed(params: InstallPackage | PackageBack, began: Began) -> Change:
    if isinstance(params, PackageBack):
        return Change(params.went, params.came)
    return change(began.before, msi.products() if began.after is None else began.after)


def _keys(done: Sequence[tuple[str, StepRow]]) -> Iterator[KeepRegistry]:
    """As it was before the oldest of the runs that kept it."""
    oldest: dict[str, KeepRegistry] = {}
    for run, step in done:
        if step.kind == "keep-registry":
            params = msgspec.json.decode(step.params, type=KeepRegistry)
            oldest[params.key] = KeepRegistry(key=params.key, slot=f"{params.slot}-back", back_to=run, of=params.slot)
    yield from oldest.values()
