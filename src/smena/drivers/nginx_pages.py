"""The maintenance page in front of an instance's site, and other changes of the site's file.

Where nginx reads the site through a link (`sites-enabled`), the link is pointed at the page and the site's own file
is never touched; where it reads the file itself (`conf.d`), the file's content is exchanged. Rules:
- *Register before touching*: `HOME/pages/INSTANCE.json` holds the original before anything changes, and goes last.
- nginx judges before and after; what it refuses of ours is taken back before it is told anything.
- Both directions can be repeated after a death at any instant: where they stand is read off the disk.
- What somebody else has put in the page's place since (an upgrade its new site) is left as it is.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from smena import faults
from smena.drivers import nginx_page as pages
from smena.drivers.closed_sites import ClosedSites
from smena.drivers.nginx import Configuration, Nginx, Place
from smena.drivers.nginx_conf import read, written
from smena.drivers.nginx_header import Header, put_in
from smena.errors import SiteConfigBroken, SiteFailed
from smena.host import files
from smena.host.native import attributes
from smena.host.paths import decode, encode
from smena.text import Text, _

Write = Callable[[Path, bytes], None]
Back = Callable[[], None]

_FINISH = 2.0
"""Seconds for requests that the product was answering when the page came; who takes longer is cut off by the stop."""


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """The site of an instance, as its definition names it."""

    instance: str
    name: str | None = None
    file: str | None = None
    retry_after: int = 120


class Register(msgspec.Struct, frozen=True, kw_only=True):
    """What the page stands in place of. `link` is what the link pointed to; None where the file is read itself."""

    file: str
    read_as: str
    link: str | None = None
    original: bytes
    page: bytes


class NginxPages:
    """All maintenance pages of one home."""

    def __init__(self, home: Path, nginx: Nginx | None = None) -> None:
        self._closed = ClosedSites(home, Register)
        self.nginx = nginx or Nginx(home)

    def up(self, site: Site) -> None:
        """Users see the page when this returns. A page that is up already stays."""
        with self.nginx.turn(_("the maintenance page of {instance}", instance=site.instance)):
            known = self._closed.known(site.instance)
            if known is None or not _stands(known):
                known = self._register(site)
            _exchange(known)
            self._taken_up(site, known)

    def down(self, site: Site) -> None:
        """Users come to the site when this returns. Where no page is up, nothing is done."""
        with self.nginx.turn(_("the site of {instance}", instance=site.instance)):
            known = self._closed.known(site.instance)
            if known is None:
                return
            ours = _put_back(known)
            faults.point("nginx.put-back")
            try:
                configuration = self.nginx.configuration()
            except SiteConfigBroken as error:
                if ours:
                    _exchange(known)
                closed = _("the page stays, the site is not opened")
                self._judged(closed)  # broken with the page too: then it is not the site
                message = _("nginx refuses the site of {instance}", instance=site.instance)
                raise SiteFailed(message, why=error.why, state=closed, hint=error.hint) from error
            self.nginx.reload(configuration)
            faults.point("nginx.opened")
            self._forget(site, known)

    def replaces(self, site: Site) -> Path | None:
        """The file whose content the page will replace; None where it is a link that will point elsewhere, or where
        the page is up already."""
        known = self._closed.known(site.instance)
        if known is not None and _stands(known):
            file = Path(decode(known.file))
            return file if known.link is None and _holds(file, known.original) else None
        place = self._judged().place(site.file, site.name)
        return None if place.read_as.is_symlink() else place.file

    def is_up(self, site: Site) -> bool:
        """Whether a page stands in the site's place, or began to."""
        return self._closed.known(site.instance) is not None

    def change(self, site: Site, header: Header, write: Write, back: Back) -> None:
        """Put a header into the site's file. `write` keeps what lay there, `back` puts it back if nginx refuses."""
        with self.nginx.turn(_("the header of the site of {instance}", instance=site.instance)):
            configuration = self._judged()
            place = configuration.place(site.file, site.name)
            old = read(place.file)
            new = put_in(old, encode(place.file), configuration.base, header, configuration.outer_headers())
            write(place.file, written(new))
            faults.point("nginx.header-written")
            self._judged_or(back, site)

    def changed_back(self, site: Site, back: Back) -> None:
        """Undo a change."""
        with self.nginx.turn(_("the header of the site of {instance}", instance=site.instance)):
            back()
            self.nginx.reload(self.nginx.configuration())

    # -- inside -----------------------------------------------------------------

    def _register(self, site: Site) -> Register:
        configuration = self._judged()
        place = configuration.place(site.file, site.name)
        page = pages.page(read(place.file), encode(place.file), configuration.base, site.instance, site.retry_after)
        known = Register(
            file=encode(place.file),
            read_as=encode(place.read_as),
            link=_target(place),
            original=place.file.read_bytes(),
            page=written(page),
        )
        self._closed.add(site.instance, known)
        faults.point("nginx.registered")
        return known

    def _taken_up(self, site: Site, known: Register) -> None:
        """Ours, if refused, is taken back at once: a host that boots must find a configuration that works."""
        try:
            configuration = self.nginx.configuration()
        except SiteConfigBroken as error:
            _put_back(known)
            self._judged(_("the site's own file is in its place"))  # broken without ours too: then it is not ours
            self._forget(site, known)
            raise SiteFailed(
                _("nginx refuses the maintenance page for {file}", file=known.file),
                why=error.why,
                state=_("the site's own file is in its place"),
            ) from error
        faults.point("nginx.judged")
        self.nginx.reload(configuration, finish=_FINISH)
        faults.point("nginx.reloaded")

    def _judged(self, state: Text | None = None) -> Configuration:
        try:
            return self.nginx.configuration()
        except SiteConfigBroken as error:
            error.state = state or _("nothing was changed")
            raise

    def _judged_or(self, back: Back, site: Site) -> None:
        try:
            configuration = self.nginx.configuration()
        except SiteConfigBroken as error:
            back()
            raise SiteFailed(
                _("nginx refuses the header for the site of {instance}", instance=site.instance),
                why=error.why,
                state=_("the site's own file is in its place"),
            ) from error
        self.nginx.reload(configuration)

    def _forget(self, site: Site, known: Register) -> None:
        if known.link is not None:
            files.remove_file(_page_file(known))
        self._closed.forget(site.instance)


def _target(place: Place) -> str | None:
    return encode(place.read_as.readlink()) if place.read_as.is_symlink() else None


def _page_file(known: Register) -> Path:
    """Beside the site's file, where nginx may read; hidden, so that no include finds it by itself."""
    file = Path(decode(known.file))
    return file.with_name(f".{file.name}.smena-page")


def _exchange(known: Register) -> None:
    """The page into the site's place, in one instant."""
    read_as = Path(decode(known.read_as))
    if known.link is None:
        if not _holds(read_as, known.page):
            files.write_file(read_as, known.page)
    else:
        page = _page_file(known)
        if not _holds(page, known.page):
            files.write_file(page, known.page, attributes.read(decode(known.file)))
        faults.point("nginx.page-written")
        files.replace_link(read_as, os.fspath(page))
    faults.point("nginx.exchanged")


def _put_back(known: Register) -> bool:
    """The site into its place again, unless somebody else has put something there; whether that was needed."""
    read_as = Path(decode(known.read_as))
    files.tidy(read_as)
    if known.link is None:
        if read_as.exists() and not _holds(read_as, known.page):
            return False
        files.write_file(read_as, known.original)
        return True
    if os.path.lexists(read_as) and not _points_to(read_as, _page_file(known)):
        return False
    files.replace_link(read_as, decode(known.link))
    return True


def _stands(known: Register) -> bool:
    """Whether the register still tells what lies there: its original or its page."""
    read_as = Path(decode(known.read_as))
    if known.link is None:
        return _holds(read_as, known.page) or _holds(read_as, known.original)
    return _points_to(read_as, _page_file(known)) or _points_to(read_as, Path(decode(known.link)))


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _points_to(link: Path, target: Path) -> bool:
    return link.is_symlink() and link.readlink() == target
