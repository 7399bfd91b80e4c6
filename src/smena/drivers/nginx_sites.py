"""Whole sites: laid where nginx reads them, and taken away. nginx judges before and after, and takes each up.

Where a site belongs is asked of nginx's own includes: either its folder is read, or a folder of links beside it is
(`sites-enabled`). Some distributions want the ending `.conf`.
"""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from smena import faults
from smena.drivers.nginx import Configuration, Nginx
from smena.drivers.nginx_pages import Site
from smena.errors import ProgramMissing, SiteConfigBroken, SiteFailed, SiteUnknown
from smena.host.paths import decode, encode
from smena.text import Text, _

Write = Callable[[Path, bytes], None]
Link = Callable[[Path, str], None]
Away = Callable[[Path], None]
Back = Callable[[], None]
_ENDINGS = ("", ".conf")


class Belongs(NamedTuple):
    """A site's own file, and the link by which nginx reads it, where it reads links."""

    file: Path
    link: Path | None


def belongs(file: Path, includes: Sequence[Path]) -> Belongs:
    """Where the site of this file belongs, by what nginx includes."""
    names = [f"{file.name}{ending}" for ending in _ENDINGS]
    for name in names:
        if any(file.parent == include.parent and fnmatch.fnmatch(name, include.name) for include in includes):
            return Belongs(file.with_name(name), None)
    enabled = file.parent.with_name(file.parent.name.replace("available", "enabled"))
    for name in names:
        if any(enabled == include.parent and fnmatch.fnmatch(name, include.name) for include in includes):
            return Belongs(file.with_name(name), enabled / name)
    raise SiteUnknown(
        _("nginx would not read the site {path}", path=encode(file)),
        why=[_("it includes {patterns}", patterns=", ".join(encode(include) for include in includes) or "–")],
        hint=_("include its folder in {path}", path=encode(Path("nginx.conf"))),
    )


class NginxSites:
    """All sites of this host's nginx, as one home changes them."""

    def __init__(self, home: Path, nginx: Nginx | None = None) -> None:
        self.nginx = nginx or Nginx(home)

    def where(self, site: Site) -> Belongs:
        return belongs(Path(decode(site.file or "")), self.nginx.configuration().includes())

    def lay(self, site: Site, content: bytes, write: Write, link: Link, back: Back) -> None:
        """Put a new site in its place. Refused by nginx it is taken back at once by `back`."""
        with self.nginx.turn(_("the site of {instance}", instance=site.instance)):
            place = belongs(Path(decode(site.file or "")), self._judged().includes())
            write(place.file, content)
            if place.link is not None:
                link(place.link, os.path.relpath(place.file, place.link.parent))
            faults.point("nginx.laid")
            self._judged_or(back, _("nginx refuses the site of {instance}", instance=site.instance))

    def take_away(self, site: Site, away: Away, back: Back) -> None:
        """Nobody is served by it any more. Whatever nginx does not read is taken away all the same."""
        with self.nginx.turn(_("the site of {instance}", instance=site.instance)):
            try:
                configuration = self._judged()
            except ProgramMissing:
                self._file_away(site, away)
                return
            try:
                place = configuration.place(site.file, site.name)
            except SiteUnknown:
                self._file_away(site, away)
            else:
                if place.read_as.is_symlink():
                    away(place.read_as)
                away(place.file)
            faults.point("nginx.taken-away")
            self._judged_or(back, _("nginx cannot do without the site of {instance}", instance=site.instance))

    def back(self, site: Site, back: Back) -> None:
        """Undo either."""
        with self.nginx.turn(_("the site of {instance}", instance=site.instance)):
            back()
            try:
                self.nginx.reload(self.nginx.configuration())
            except ProgramMissing:
                return

    # -- inside -----------------------------------------------------------------

    def _file_away(self, site: Site, away: Away) -> None:
        for ending in _ENDINGS if site.file else ():
            file = Path(f"{decode(site.file or '')}{ending}")
            if os.path.lexists(file):
                away(file)

    def _judged(self) -> Configuration:
        try:
            return self.nginx.configuration()
        except SiteConfigBroken as error:
            error.state = _("nothing was changed")
            raise

    def _judged_or(self, back: Back, message: Text) -> None:
        try:
            configuration = self.nginx.configuration()
        except SiteConfigBroken as error:
            back()
            raise SiteFailed(message, why=error.why, state=_("everything is as before"), hint=error.hint) from error
        self.nginx.reload(configuration)
