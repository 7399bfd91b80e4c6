"""The contracts of files, services and sites, tried on this host: real parts, in a scratch folder, and nothing is left.

What lies in the scratch folder goes with it. On systemd root's units are called `smena-selftest-…`, and go
too; nginx is one of its own, on loopback.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path

from smena.drivers import systemd_runs
from smena.drivers.nginx import Nginx
from smena.errors import ProgramMissing
from smena.selftest import files, service_worlds, services, sites
from smena.selftest.running import Part, Result, results, scratch_folder
from smena.selftest.site_worlds import LAYOUTS, Family, SiteWorld
from smena.text import Text, _

Tell = Callable[[Part, int], None]


def parts(home: Path) -> list[Part]:
    """All that there is to try; what cannot be tried here says why."""
    found = [
        Part("files", _("files"), files.SUITE, lambda folder: folder),
        Part("supervised", _("services run by smena itself"), services.SUITE, service_worlds.supervised),
        Part("systemd", _("services run by systemd"), services.SUITE, service_worlds.SystemdWorld, _no_systemd()),
    ]
    without = _no_nginx(home)
    return found + [_sites(family, without) for family in LAYOUTS]


def tried(home: Path, tell: Tell, base: Path | None = None) -> Generator[Result, None, None]:
    """Every result as it comes; `tell` hears which part begins, and how many cases it has."""
    if systemd_runs.available():
        service_worlds.sweep()
    with scratch_folder(base or _base(home)) as scratch:
        for part in parts(home):
            if part.why is None:
                tell(part, len(part.suite.cases))
                yield from results(part, scratch)


def _base(home: Path) -> Path:
    """The disk of the home is the one that counts."""
    return home if home.is_dir() and os.access(home, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())


def _sites(family: Family, why: Text | None) -> Part:
    title = _("sites of nginx, as {family} lays them out", family=family)
    return Part(f"nginx-{family}", title, sites.SUITE, partial(SiteWorld, family=family), why)


def _no_systemd() -> Text | None:
    if systemd_runs.available():
        return None
    return _("that needs systemd as process 1, and root")


def _no_nginx(home: Path) -> Text | None:
    try:
        Nginx(home, ("nginx",)).version()
    except ProgramMissing:
        return _("nginx is not here")
    return None
