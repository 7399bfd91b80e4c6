"""What each web server does for the site of an instance, in the words of a plan: one class a server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from smena import clock
from smena.drivers.iis import Iis
from smena.drivers.iis_header import IisHeaders
from smena.drivers.iis_pages import Closing, IisPages
from smena.drivers.nginx_header import Header
from smena.drivers.nginx_pages import NginxPages, Site
from smena.plan.params import Page, SiteHeader
from smena.text import _

_LONGEST = timedelta(days=300)  # the days stand one by one in a word of nginx's configuration, which it wants short


class Server(Protocol):
    """The maintenance page, and the header for browsers."""

    def up(self, page: Page) -> None: ...
    def down(self, page: Page) -> None: ...
    def replaces(self, page: Page) -> Path | None: ...
    def head(self, header: SiteHeader, write: Callable[[Path, bytes], None], back: Callable[[], None]) -> None: ...
    def head_back(self, header: SiteHeader, back: Callable[[], None]) -> None: ...


class NginxServer:
    """A page in the site's place."""

    def __init__(self, home: Path) -> None:
        self._pages = NginxPages(home)

    def up(self, page: Page) -> None:
        self._pages.up(_site(page))

    def down(self, page: Page) -> None:
        self._pages.down(_site(page))

    def replaces(self, page: Page) -> Path | None:
        return self._pages.replaces(_site(page))

    def head(self, header: SiteHeader, write: Callable[[Path, bytes], None], back: Callable[[], None]) -> None:
        self._pages.change(_site(header), _header(header), write, back)

    def head_back(self, header: SiteHeader, back: Callable[[], None]) -> None:
        self._pages.changed_back(_site(header), back)


class IisServer:
    """The site's bindings, and values of the server's own configuration. No file of the product is touched."""

    def __init__(self, home: Path) -> None:
        self.iis = Iis(home)
        self._pages = IisPages(home, self.iis)
        self._headers = IisHeaders(home, self.iis)

    def up(self, page: Page) -> None:
        if page.application is None:
            self._pages.up(_closing(page))

    def down(self, page: Page) -> None:
        if page.application is None:
            self._pages.down(_closing(page))

    def replaces(self, _page: Page) -> Path | None:
        return None

    def head(self, header: SiteHeader, write: Callable[[Path, bytes], None], back: Callable[[], None]) -> None:
        del write, back  # no file is written
        within = (header.application or "").strip("/")
        last = clock.now().date() + timedelta(seconds=header.seconds)
        self._headers.put(header.instance, f"{header.site}/{within}", last, secure=header.secure)

    def head_back(self, header: SiteHeader, back: Callable[[], None]) -> None:
        del back
        self._headers.take_away(header.instance)

    def path(self, directory: str) -> str:
        return self.iis.folder(directory).path

    def set_path(self, directory: str, path: str) -> None:
        with self.iis.turn(_("the folder of {directory}", directory=directory)):
            self.iis.set("folder", self.iis.folder(directory).name, f"/physicalPath:{path}")


def _closing(page: Page) -> Closing:
    return Closing(instance=page.instance, site=page.site or "", probe=page.probe or "")


def _site(of: Page | SiteHeader) -> Site:
    wait = of.retry_after if isinstance(of, Page) else 0
    return Site(instance=of.instance, name=of.site, file=of.file, retry_after=wait)


def _header(header: SiteHeader) -> Header:
    """From yesterday: the server counts its days where it stands, and may be behind."""
    today = clock.now().date()
    first, last = today - timedelta(days=1), today + min(timedelta(seconds=header.seconds), _LONGEST)
    return Header(header.instance, first, last, secure=header.secure)
