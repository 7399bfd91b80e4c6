"""What stands before an instance's services, by the server that its definition names: one visible table.

Where nothing stands before them nobody answers while they are down, and the plan says so.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from smena.drivers.nginx_pages import Site
from smena.drivers.nginx_sites import NginxSites
from smena.plan.life_params import MakeSite, RemoveSite
from smena.plan.params import Page, SiteHeader
from smena.plan.windows_params import SitePath
from smena.service.site_servers import IisServer, NginxServer, Server


class Sites:
    """The pages, headers and folders of one home's sites."""

    def __init__(self, home: Path) -> None:
        self._iis = IisServer(home)
        self._servers: dict[str, Server] = {"nginx": NginxServer(home), "iis": self._iis}
        self._sites = {"nginx": NginxSites(home)}

    def up(self, page: Page) -> None:
        if server := self._servers.get(page.server):
            server.up(page)

    def down(self, page: Page) -> None:
        if server := self._servers.get(page.server):
            server.down(page)

    def replaces(self, page: Page) -> Path | None:
        server = self._servers.get(page.server)
        return server.replaces(page) if server else None

    def head(self, header: SiteHeader, write: Callable[[Path, bytes], None], back: Callable[[], None]) -> None:
        self._servers[header.server].head(header, write, back)

    def head_back(self, header: SiteHeader, back: Callable[[], None]) -> None:
        self._servers[header.server].head_back(header, back)

    def path(self, where: SitePath) -> str:
        return self._iis.path(where.directory)

    def set_path(self, where: SitePath, path: str) -> None:
        self._iis.set_path(where.directory, path)

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
