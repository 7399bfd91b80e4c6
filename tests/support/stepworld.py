"""A small real host for one step: an instance with files, links and services, a home, packages, a run in its middle.

The services are shell scripts that smena supervises. The page is a file. Everything else is what a run
of the product uses: the real journal, engine, restore point and table of kinds.
"""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import msgspec

from smena import clock
from smena.checks.check import Finding
from smena.drivers.ports import Service
from smena.drivers.supervised import Supervised
from smena.drivers.systemd_files import SystemdFiles
from smena.host import files
from smena.instances import registry
from smena.instances.instance import Instance
from smena.journal.journal import Journal
from smena.journal.rows import Header, NewStep
from smena.plan import life_params as life
from smena.plan import params as p
from smena.plan.windows_params import SitePath
from smena.restore.copies import Copies
from smena.restore.point import RestorePoint
from smena.run.engine import Engine
from smena.run.status import State
from smena.service.control import Control, FileHolds
from smena.steps.all import TABLE
from smena.steps.reserve import relieve
from smena.steps.tools import Tools
from smena.text import plain
from support import trees
from support.restoreworld import Place

RUN = "run"
NAME = "main"
SECRET = "${secret:password}"  # the mark of a secret, not one
Steps = Sequence[tuple[str, p.Params]]

_SERVICE = """#!/bin/sh
# What a product's service does at its start: it says so in its log, converts its data, and stays.
echo "started $2" >> "$1/logs/$2.log"
version=$(basename "$(dirname "$(readlink "$1/inst/bin")")")
if [ "$2 $version" = "base 2" ] && ! grep -q converted "$1/inst/data/base"; then
  echo half > "$1/inst/data/base"
  echo converted > "$1/inst/data/base"
  echo "Upgrade completed" >> "$1/logs/base.log"
fi
exec sleep 600
"""


class Pages:
    """The page is a file; the site is another, whose header is its last line."""

    def __init__(self, root: Path) -> None:
        self.page = root / "site" / "page"
        self.site = root / "site" / "site.conf"

    def up(self, page: p.Page) -> None:
        files.write_file(self.page, page.instance.encode())

    def down(self, _page: p.Page) -> None:
        files.remove_file(self.page)

    def replaces(self, _page: p.Page) -> Path | None:
        return self.site

    def head(self, header: p.SiteHeader, write: Callable[[Path, bytes], None], back: Callable[[], None]) -> None:
        first = self.site.read_bytes().splitlines(keepends=True)[0]
        write(self.site, first + f"header {header.instance}\n".encode())

    def places(self, site: life.MakeSite) -> list[Path]:
        return [Path(site.file)]

    def lay(
        self,
        site: life.MakeSite,
        content: bytes,
        write: Callable[[Path, bytes], None],
        link: Callable[[Path, str], None],
        back: Callable[[], None],
    ) -> None:
        write(Path(site.file), content)
        link(Path(f"{site.file}.link"), Path(site.file).name)

    def take_away(self, site: life.RemoveSite, away: Callable[[Path], None], back: Callable[[], None]) -> None:
        away(Path(f"{site.file}.link"))
        away(Path(site.file or ""))

    def back(self, site: life.MakeSite | life.RemoveSite, back: Callable[[], None]) -> None:
        back()

    def head_back(self, _header: p.SiteHeader, back: Callable[[], None]) -> None:
        back()

    def path(self, where: SitePath) -> str:
        return (self.site.parent / where.directory).read_text("utf-8")

    def set_path(self, where: SitePath, path: str) -> None:
        files.write_file(self.site.parent / where.directory, path.encode())


class Alone:
    """Nobody asks for anything."""

    def stopping(self) -> bool:
        return False

    def asked(self, request: str) -> bool:
        return False

    def answered(self, request: str) -> None: ...

    def sleep(self, seconds: float) -> None:
        clock.sleep(seconds)


class Cancelled(Alone):
    """A person has asked to cancel."""

    def asked(self, request: str) -> bool:
        return request == "cancel"


class StepWorld:
    """One test's host."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.place = Place(root)
        self.inst = root / "inst"
        self.home = root / "home"
        self.folder = self.home / "runs" / RUN
        self.logs = root / "logs"
        self.place.others = [self.home, self.logs, root / "site", root / ".smena-home", root / "units-known"]
        self.package = root / "packages" / "package.tar.gz"
        self.page = p.Page(instance=NAME, server="toy", site="main")
        self.services = tuple(self._spec(name) for name in ("base", "front"))

    def _spec(self, name: str) -> p.ServiceSpec:
        command = ("/bin/sh", str(self.root / "service"), str(self.root), name)
        return p.ServiceSpec(name=name, command=command, stop_within=5.0)

    def made(self) -> StepWorld:
        self.place.made()
        for folder in (self.folder, self.logs, self.root / "site", self.package.parent):
            folder.mkdir(parents=True)
        (self.root / "service").write_text(_SERVICE, "utf-8")
        (self.root / "site/site.conf").write_text("site\n", "utf-8")
        (self.root / "site/app").write_text("C:\\old\\Client", "utf-8")
        (self.inst / "data/base").write_text("old data", "utf-8")
        (self.inst / "conf/site.yml").write_bytes(b"# of the administrator\nport: 80\nname: 'old'\r\n")
        (self.inst / "conf/site.xml").write_bytes(b'<a><b value="old"/></a>')
        (self.inst / "conf/site.env").write_bytes(b"PORT=80\nNAME=old\n")
        (self.inst / "conf/three.conf").chmod(0o600)
        trees.grow_old(self.inst)
        with tarfile.open(self.package, "w:gz") as archive:
            archive.add(self.root / "versions/2", "top/of/it")
        return self

    # -- the run -------------------------------------------------------------------

    def new_run(self, steps: Steps, run: str = RUN) -> None:
        """The run's journal, with these steps."""
        folder = self.folder.with_name(run)
        folder.mkdir(exist_ok=True)
        words = {"kind": "upgrade", "instance": NAME, "product": "toy", "from_version": "1", "to_version": "2"}
        header = Header(id=run, **words, plan=b"{}", plan_hash="", options=b"{}", smena="0", who="me", host="here")
        rows = [
            NewStep(kind=kind, params=msgspec.json.encode(params), title=plain(kind), version=TABLE[kind].version)
            for kind, params in steps
        ]
        Journal.create(folder, header, rows).close()

    def tools(self, journal: Journal, run: str = RUN) -> Tools:
        point = RestorePoint(journal, run, [self.inst, self.root / "versions"])
        folder = self.folder.with_name(run)
        instance = Instance(name=NAME, product="toy")
        return Tools(
            home=self.home,
            folder=folder,
            instance=NAME,
            product="toy",
            point=point,
            copies=Copies(point, folder / "copies"),
            services=Control(self.home, instance, Supervised(self.home), permit=True),
            holds=FileHolds(self.home),
            pages=Pages(self.root),
            units=SystemdFiles(self.home, self.root / "units", (self.root / "units",), self.read_units),
            reveal=lambda text: text.replace(SECRET, "hush"),
            ask=self._ask,
            facts=lambda: {"version": "1"},
        )

    def read_units(self) -> None:
        """What systemd would know now."""
        known = sorted(path.name for path in (self.root / "units").glob("*.service"))
        (self.root / "units-known").write_text("\n".join(known), "utf-8")

    def _ask(self, asked: Sequence[p.Asked]) -> list[Finding]:
        return [Finding(check=one.kind, blocking=False, text=plain(one.kind)) for one in asked]

    def carry(self, run: str = RUN, control: Alone | None = None) -> State:
        """Take the run to its end: a person lets it go on as often as it asks."""
        with closing(Journal.open(self.folder.with_name(run))) as journal:
            journal.store.relief = lambda: relieve(journal)
            engine = Engine(journal, TABLE, self.tools(journal, run), control or Alone())
            state = engine.carry()
            for _time in range(6):
                if state not in (State.WAITING, State.PARKED):
                    break
                state = engine.carry(resume=True)
            return state

    # -- what there is ----------------------------------------------------------------

    def seen(self) -> dict[str, object]:
        """The instance, what stands before it, what runs, and what this home knows of it."""
        found: dict[str, object] = {f"inst/{path}": entry for path, entry in self.place.seen().items()}
        for name in ("site", "units"):
            found |= {f"{name}/{path}": entry[:-1] for path, entry in self._beside(name).items()}
        found["held"] = (self.home / "hold" / NAME).exists()
        found["running"] = self.running()
        found["registered"] = [msgspec.structs.replace(one, added="") for one in registry.instances(self.home)]
        found["marked"] = sorted(path.name for path in self.root.glob(".smena-home*"))
        return found

    def _beside(self, name: str) -> dict[str, trees.Entry]:
        folder = self.root / name
        return (
            {path: entry for path, entry in trees.seen(folder).items() if ".smena" not in path}
            if folder.is_dir()
            else {}
        )

    def comparable(self) -> dict[str, object]:
        """Without times of files: what is done twice is done later."""
        return {name: entry[:-1] if isinstance(entry, tuple) else entry for name, entry in self.seen().items()}

    def running(self) -> list[str]:
        supervised = Supervised(self.home)
        return [spec.name for spec in self.services if supervised.identity(self._service(spec)) is not None]

    def start(self, *names: str) -> None:
        """Start these services, all of them when none is named."""
        for spec in self.services:
            if not names or spec.name in names:
                Supervised(self.home).start(self._service(spec), permit=True)

    def close(self) -> None:
        for spec in self.services:
            Supervised(self.home).stop(self._service(spec), kill=True)

    def _service(self, spec: p.ServiceSpec) -> Service:
        return Service(instance=NAME, name=spec.name, command=spec.command, stop_within=2.0)

    # -- for parameters -------------------------------------------------------------------

    def sha256(self, path: Path) -> str:
        return hashlib.sha256(path.read_bytes()).hexdigest()

    def failing(self) -> tuple[str, p.Params]:
        """A step that fails: whatever came before it is undone."""
        return "verify", p.Verify(file=str(self.package), sha256="0" * 64, size=1)


def carry(root: str, run: str = RUN) -> None:
    """In a process that may die."""
    StepWorld(Path(root)).carry(run)
