"""site: the web server before the instance works, and its site is this instance's and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.drivers.nginx import Configuration, Nginx, Place
from smena.drivers.nginx_conf import read
from smena.drivers.nginx_page import receiving, servers
from smena.drivers.nginx_pages import NginxPages, Site
from smena.errors import ProgramMissing, SiteConfigBroken, SiteUnknown, SiteUnreadable, SmenaError
from smena.host.paths import encode
from smena.plan.world import SiteSpec
from smena.text import Text, _

_TROUBLE = (ProgramMissing, SiteConfigBroken, SiteUnknown, SiteUnreadable)


def ask(_question: Mapping[str, object], scene: Scene) -> Iterator[Finding]:
    site = scene.measure().site
    instance = scene.plan.instance
    if site is None or site.server != "nginx" or NginxPages(scene.home).is_up(Site(instance=instance)):
        return
    nginx = Nginx(scene.home)
    try:
        configuration = nginx.configuration()
        place = configuration.place(site.file, site.name)
        listens = _listens(place, configuration)
    except _TROUBLE as error:
        yield _told(error)
        return
    yield from _another(site, place, configuration)
    yield from _ports(site, place, listens)
    if nginx.master(configuration) is None:
        yield Finding(check="site", blocking=True, text=_("nginx does not run"), accept="nginx-down")


def _told(error: SmenaError) -> Finding:
    return Finding(
        check="site",
        blocking=True,
        text=error.message,
        why=error.why[0] if error.why else None,
        hint=error.hint,
    )


def _another(site: SiteSpec, place: Place, configuration: Configuration) -> Iterator[Finding]:
    """Two sites of one name: nginx takes one and passes over the other."""
    for path in configuration.files:
        if path != place.read_as and path.name in (site.name, f"{site.name}.conf"):
            text = _("there is another site called {name}: {path}", name=site.name or "", path=encode(path))
            yield _blocking(text, "site-name-taken")
    names = _names(place, configuration)
    for warning in configuration.warnings:
        if "conflicting server name" in warning and any(f'"{name}"' in warning for name in names):
            text = _("nginx passes over one of two sites for the same address: {warning}", warning=warning)
            yield _blocking(text, "site-name-taken")


def _ports(site: SiteSpec, place: Place, listens: set[int]) -> Iterator[Finding]:
    """The site is where users of this instance come in, and is not where the checks behind the page ask."""
    outside, behind = _port(site.url), _port(site.probe)
    file = encode(place.file)
    if outside not in listens:
        ports = ", ".join(str(port) for port in sorted(listens))
        text = _("{file} listens on {ports}, users of this instance open {url}", file=file, ports=ports, url=site.url)
        yield _blocking(text, "site-port-differs")
    if behind in listens:
        text = _("{probe} is asked behind the maintenance page, but it leads to the page itself", probe=site.probe)
        hint = _("name the address at which the product itself answers")
        yield Finding(check="site", blocking=True, text=text, hint=hint)


def _blocking(text: Text, accept: str) -> Finding:
    return Finding(check="site", blocking=True, text=text, accept=accept)


def _listens(place: Place, configuration: Configuration) -> set[int]:
    """The ports on which the site's file has nginx listen."""
    found = set()
    for server in servers(read(place.file), encode(place.file)):
        words = [d.args[0] for d in receiving(server, configuration.base) if d.name == "listen" and d.args]
        ports = [word.rpartition(":")[2] for word in words] or ["80"]
        found |= {int(port) if port.isdecimal() else 80 for port in ports}
    return found


def _names(place: Place, configuration: Configuration) -> set[str]:
    found = servers(read(place.file), encode(place.file))
    return {name for s in found for d in receiving(s, configuration.base) if d.name == "server_name" for name in d.args}


def _port(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)
