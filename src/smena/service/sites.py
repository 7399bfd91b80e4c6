"""What stands before an instance's services, by the server that its definition names: one visible table.

Where nothing stands before them nobody answers while they are down, and the plan says so.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from smena import clock
from smena.drivers.nginx_header import Header
from smena.drivers.nginx_pages import NginxPages, Site
from smena.drivers.nginx_sites import NginxSites
from smena.plan.life_params import MakeSite, RemoveSite
from smena.plan.params import Page, SiteHeader

_LONGEST = timedelta(days=300)  # the days stand one by one in a word of the configuration, which nginx wants short


class Sites:
    """The pages and headers of one home's sites."""

    def __init__(self, home: Path) -> None:
        self._servers = {"nginx": NginxPages(home)}
        self._sites = {"nginx": NginxSites(home)}

    def up(self, page: Page) -> None:
        if server := self._servers.get(page.server):
            server.up(_site(page))

    def down(self, page: Page) -> None:
        if server := self._servers.get(page.server):
            server.down(_site(page))

    def replaces(self, page: Page) -> Path | None:
        server = self._servers.get(page.server)
        return server.replaces(_site(page)) if server else None

    def head(self, header: SiteHeader, write: Callable[[Path, bytes], None], back: Callable[[], None]) -> None:
        self._servers[header.server].change(_site(header), _header(header), write, back)

    def head_back(self, header: SiteHeader, back: Callable[[], None]) -> None:
        self._servers[header.server].changed_back(_site(header), back)

    def places(self, site: MakeSite) -> list[Path]:
        place = self._sites[site.server].where(_whole(site))
        return [path for path in place if path is not None]

    def lay(
        self,
        site: MakeSite,
        content: bytes,
        write: Callable[[Path, bytes], None],
        link: Callable[[Path, str], None],
        back: Callable[[], None],
    ) -> None:
        self._sites[site.server].lay(_whole(site), content, write, link, back)

    def take_away(self, site: RemoveSite, away: Callable[[Path], None], back: Callable[[], None]) -> None:
        self._sites[site.server].take_away(_whole(site), away, back)

    def back(self, site: MakeSite | RemoveSite, back: Callable[[], None]) -> None:
        self._sites[site.server].back(_whole(site), back)


def _whole(of: MakeSite | RemoveSite) -> Site:
    return Site(instance=of.instance, name=of.site, file=of.file)


def _site(of: Page | SiteHeader) -> Site:
    wait = of.retry_after if isinstance(of, Page) else 0
    return Site(instance=of.instance, name=of.site, file=of.file, retry_after=wait)


def _header(header: SiteHeader) -> Header:
    """From yesterday: the server counts its days where it stands, and may be behind."""
    today = clock.now().date()
    first, last = today - timedelta(days=1), today + min(timedelta(seconds=header.seconds), _LONGEST)
    return Header(header.instance, first, last, secure=header.secure)
