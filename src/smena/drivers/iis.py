"""IIS through `appcmd`: what there is, and each single change of it.

Everything is measured: whether a site or pool was started already is asked of its state, before and after, and never
taken from what appcmd says. Names are compared as Windows does, without regard to case. Whoever changes anything
holds the shared lock, because IIS keeps one configuration for all sites. What fails for a moment only (the
configuration file in use, a service between two states) is tried again.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import msgspec

from smena import clock
from smena.drivers.iis_answers import Element, Trouble, parse, trouble
from smena.drivers.iis_trouble import IN_USE, NO_CONTROL, NOT_RUNNING, RPC_GONE, RUNS_ALREADY, raised
from smena.errors import IisMissing, ServiceUnknown, SiteUnknown
from smena.host import common, programs
from smena.host.paths import decode
from smena.host.programs import Outcome
from smena.text import Text, _

_WAIT = 120.0
_TRIES, _PAUSE = 10, 0.5
_FOR_A_MOMENT = frozenset((IN_USE, NO_CONTROL, RPC_GONE))
FOLDER = r"system32\inetsrv"


class Run(Protocol):
    """How a Windows program is run: `host.programs.run`."""

    def __call__(self, args: Sequence[str], *, limit: float = 60.0) -> Outcome: ...


class Binding(msgspec.Struct, frozen=True):
    """Where a site listens: `http`, `*:80:name`; `flags` say where a certificate comes from."""

    protocol: str
    information: str
    flags: str = "0"


class Site(msgspec.Struct, frozen=True):
    """`state` is a word of IIS: Started, Stopped, Starting, Stopping, Unknown."""

    name: str
    state: str
    bindings: tuple[Binding, ...]
    auto_start: bool


class App(msgspec.Struct, frozen=True):
    """An application, called `SITE/PATH`."""

    name: str
    site: str
    pool: str


class Folder(msgspec.Struct, frozen=True):
    """A virtual directory, called `APPLICATION/PATH`, and where its files lie."""

    name: str
    app: str
    path: str
    """As it stands there: `%SystemDrive%` and such are left."""


class Pool(msgspec.Struct, frozen=True):
    """An application pool."""

    name: str
    state: str


class Iis:
    """The IIS of this host, as one home uses it."""

    def __init__(self, home: Path, run: Run | None = None) -> None:
        self._home = home
        self._run: Run = run or programs.run

    @contextmanager
    def turn(self, purpose: Text) -> Iterator[None]:
        """Whoever changes anything does it alone."""
        with common.alone(self._home, "iis", str(purpose), _WAIT):
            yield

    # -- what there is --------------------------------------------------------------

    def sites(self) -> list[Site]:
        return [_site(element) for element in self.listed("site", "/config:*").all("SITE")]

    def site(self, name: str) -> Site:
        found = next((site for site in self.sites() if same(site.name, name)), None)
        if found is None:
            raise SiteUnknown(_("IIS has no site {site}", site=name))
        return found

    def apps(self) -> list[App]:
        rows = [element.attributes for element in self.listed("app").all("APP")]
        return [App(row["APP.NAME"], row.get("SITE.NAME", ""), row.get("APPPOOL.NAME", "")) for row in rows]

    def folders(self) -> list[Folder]:
        rows = [element.attributes for element in self.listed("vdir").all("VDIR")]
        return [Folder(row["VDIR.NAME"], row.get("APP.NAME", ""), row.get("physicalPath", "")) for row in rows]

    def folder(self, name: str) -> Folder:
        """A virtual directory by its whole name; an application's own is called as it is, with a `/`."""
        found = next((one for one in self.folders() if same(one.name.rstrip("/"), name.rstrip("/"))), None)
        if found is None:
            raise SiteUnknown(_("IIS has no virtual directory {name}", name=name))
        return found

    def pools(self) -> list[Pool]:
        rows = (element.attributes for element in self.listed("apppool").all("APPPOOL"))
        return [Pool(row["APPPOOL.NAME"], row.get("state", "Unknown")) for row in rows]

    def pool(self, name: str) -> Pool:
        found = next((pool for pool in self.pools() if same(pool.name, name)), None)
        if found is None:
            raise ServiceUnknown(_("IIS has no application pool {pool}", pool=name))
        return found

    def workers(self, pool: str) -> tuple[int, ...]:
        """The processes of a pool. Asked for after its state: one that is Stopped by then gets no new ones."""
        rows = (element.attributes for element in self.listed("wp").all("WP"))
        return tuple(int(row["WP.NAME"]) for row in rows if same(row.get("APPPOOL.NAME", ""), pool))

    def listed(self, kind: str, *more: str) -> Element:
        """The answer to a list of all objects of a kind."""
        return parse(self.command("list", kind, *more, "/xml"))

    # -- changing it: under `turn` --------------------------------------------------

    def start_site(self, name: str) -> None:
        if self.site(name).state != "Started":
            self.command("start", "site", f"/site.name:{name}", "/xml", fine=(RUNS_ALREADY,))

    def stop_site(self, name: str) -> None:
        if self.site(name).state != "Stopped":
            self.command("stop", "site", f"/site.name:{name}", "/xml", fine=(NOT_RUNNING,))

    def set(self, kind: str, name: str, *values: str) -> None:
        """Change attributes of one object, in one commit."""
        word = {"pool": "apppool", "folder": "vdir"}.get(kind, kind)
        self.command("set", word, f"/{word}.name:{name}", *values, "/xml")

    def add(self, kind: str, *values: str) -> None:
        self.command("add", {"pool": "apppool", "folder": "vdir"}.get(kind, kind), *values, "/xml")

    def delete(self, kind: str, name: str) -> None:
        word = {"pool": "apppool", "folder": "vdir"}.get(kind, kind)
        self.command("delete", word, f"/{word}.name:{name}", "/xml")

    def command(self, *arguments: str, fine: Sequence[int] = ()) -> str:
        """One call of appcmd; numbers in `fine` are no trouble, any other raises its named error."""
        told, found = self._told(arguments)
        for _try in range(_TRIES):
            if found is None or found.number in fine or found.number not in _FOR_A_MOMENT:
                break
            clock.sleep(_PAUSE)
            told, found = self._told(arguments)
        if found is None or found.number in fine:
            return told.out
        raise raised(found, arguments)

    def _told(self, arguments: Sequence[str]) -> tuple[Outcome, Trouble | None]:
        told = self._run([program(), *arguments])
        return told, trouble(told.status, told.out)


def same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def program() -> str:
    """Where appcmd lies; refused where it does not."""
    path = f"{windows()}\\{FOLDER}\\appcmd.exe"
    if not Path(decode(path)).is_file():
        raise IisMissing(
            _("IIS is not installed on this host"),
            why=[_("{path} is not there", path=path)],
            hint=_("add the role Web Server (IIS), with its management scripts and tools"),
        )
    return path


def windows() -> str:
    return os.environ.get("SYSTEMROOT", r"C:\Windows") if sys.platform == "win32" else r"C:\windows"


def _site(element: Element) -> Site:
    own = next(element.below("site"), element)
    bindings = tuple(
        Binding(row["protocol"], row["bindingInformation"], row.get("sslFlags", "0"))
        for binding in own.below("binding")
        for row in [binding.attributes]
    )
    return Site(
        element.attributes["SITE.NAME"],
        element.attributes.get("state", "Unknown"),
        bindings,
        own.attributes.get("serverAutoStart", "true").lower() != "false",
    )
