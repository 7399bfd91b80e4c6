"""What `smena demo` shows: a real upgrade over every hop, and one that fails and goes back.

Everything happens in one folder, without root and without touching the host: the stand-in product is
put there as its installer would, served on loopback, upgraded by the same functions that every surface
calls, and stopped at the end. The folder stays, so that what happened can be looked at.
"""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Protocol

import msgspec

from smena import clock
from smena.demo.standin import client, install, packages
from smena.demo.standin.client import Data
from smena.demo.standin.releases import RELEASES
from smena.errors import FolderTaken
from smena.host.removal import clear
from smena.instances import registry
from smena.instances.adopt import Wish
from smena.plan.model import Plan
from smena.plan.request import Options
from smena.service import instances, planning, releases, reports, runs, upgrading
from smena.service.runs import RunView
from smena.text import Text, _

MARK = ".smena-demo"
PRODUCT = "comindware-standin"
ACCEPTED = ("adjust-applications",)


class Stage(Protocol):
    """Where the story is told."""

    def head(self, words: Text) -> None: ...

    def say(self, words: Text) -> None: ...

    def plan(self, plan: Plan) -> None: ...

    def follow(self, views: Iterator[RunView]) -> RunView: ...


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """How it came out, measured."""

    folder: str
    upgraded: bool
    data_equal: bool
    downtime: float
    went_back: bool
    back_equal: bool
    report: str


def tell(folder: Path, stage: Stage) -> Told:
    """The whole story."""
    prepare(folder)
    home, root = folder / "home", folder / "root"
    sales = _install(home, root, "sales", "3.5", stage)
    try:
        good = _upgrade(home, sales, stage)
        shop = _install(home, root, "shop", "4.2", stage)
        bad = _fail(home, root, shop, stage)
    finally:
        stop_all(home)
    report = reports.write(home, good.run, folder)
    return Told(
        folder=str(folder),
        upgraded=good.state == "final",
        data_equal=good.equal,
        downtime=good.downtime,
        went_back=bad.state == "undone",
        back_equal=bad.equal,
        report=str(report.html),
    )


def prepare(folder: Path) -> None:
    """An empty folder of ours: a demo of before is cleared away, anything else is left alone."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise FolderTaken(
                _("{folder} is not empty, and no demo of smena", folder=folder), hint=_("give another --folder")
            )
        stop_all(folder / "home")
        clear(folder)
    (folder / "home/products").mkdir(parents=True)
    (folder / MARK).touch()
    definition = Path(install.__file__).parent / "product.yaml"
    (folder / "home/products" / f"{PRODUCT}.yaml").write_bytes(definition.read_bytes())


class Running(msgspec.Struct, frozen=True):
    """An instance of the stand-in, serving, with what users put in."""

    name: str
    url: str
    data: Data


class Ended(msgspec.Struct, frozen=True):
    """How a run came out."""

    run: str
    state: str
    equal: bool
    downtime: float


def _install(home: Path, root: Path, name: str, version: str, stage: Stage) -> Running:
    stage.head(_("{name}: an instance of the stand-in product, version {version}", name=name, version=version))
    port = free_port()
    install.create(root, name, version, port)
    settings = {"root": str(root), "python": sys.executable}
    instances.add(home, Wish(name=name, settings=settings), product=PRODUCT)
    instances.start(home, name)
    url = f"http://127.0.0.1:{port}"
    client.wait(url)
    data = client.fill(url, 300, 10)
    said = {"url": url, "records": len(data.records), "files": len(data.files)}
    stage.say(_("It serves {url}; users have put in {records} records and {files} files.", **said))
    return Running(name, url, data)


def _upgrade(home: Path, sales: Running, stage: Stage) -> Ended:
    """Over every hop to the newest version, while somebody asks the site all the time."""
    stage.head(_("Upgrade {name} from 3.5 to 5.0", name=sales.name))
    _add_releases(home, stage)
    plan = planning.make(home, sales.name, "5.0", Options(accepted=ACCEPTED, probation=1.0))
    stage.plan(plan)
    upgrading.prove(home, plan)
    with asking(sales.url) as visitor:
        view = stage.follow(runs.watch(home, upgrading.begin(home, plan)))
    equal = client.all_data(sales.url) == sales.data
    stage.say(_("A visitor saw the versions {seen}.", seen=" → ".join(visitor.versions)))
    stage.say(_("For {seconds} s in all nobody answered.", seconds=f"{visitor.silent:.1f}"))
    stage.say(_("All records and files are there.") if equal else _("Data is missing."))
    return Ended(view.run.id, view.state, equal, visitor.silent)


def _fail(home: Path, root: Path, shop: Running, stage: Stage) -> Ended:
    """The same, but the product's conversion of its data breaks in the middle."""
    stage.head(_("Upgrade {name} from 4.2 to 5.0, and break it on purpose", name=shop.name))
    stage.say(_("The product is told to fail in the middle of converting its data for 5.0."))
    faults = install.layout(root, shop.name).config / "standin-faults.json"
    faults.write_text(json.dumps({"conversion-error": True, "version": RELEASES[-1].version}), "utf-8")
    plan = planning.make(home, shop.name, "5.0", Options(accepted=ACCEPTED, probation=1.0))
    upgrading.prove(home, plan)
    view = stage.follow(runs.watch(home, upgrading.begin(home, plan)))
    health = client.wait(shop.url)
    equal = client.all_data(shop.url) == shop.data and health.version == "4.2"
    stage.say(_("It runs {version} again.", version=health.version))
    stage.say(_("All records and files are there.") if equal else _("Data is missing."))
    return Ended(view.run.id, view.state, equal, 0.0)


def _add_releases(home: Path, stage: Stage) -> None:
    folder = home.parent / "packages"
    folder.mkdir()
    files = [packages.make(folder, release.version) for release in RELEASES[1:]]
    for file in files:
        releases.add(home, file, product=PRODUCT)
    stage.say(_("{count} packages of the vendor are at hand.", count=len(files)))


class Visitor:
    """Asks the site again and again, and remembers what it saw."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.versions: list[str] = []
        self.silent = 0.0
        self.over = Event()

    def visit(self) -> None:
        last = clock.ticks()
        while not self.over.wait(0.02):
            health = client.answers(self.url, timeout=2.0)
            now = clock.ticks()
            if health is None or health.status != "ok":
                self.silent += now - last
            elif health.version not in self.versions:
                self.versions.append(health.version)
            last = now


@contextmanager
def asking(url: str) -> Iterator[Visitor]:
    visitor = Visitor(url)
    thread = Thread(target=visitor.visit, daemon=True)
    thread.start()
    try:
        yield visitor
    finally:
        visitor.over.set()
        thread.join()


def stop_all(home: Path) -> None:
    """End every service of the demo: nothing is left behind but its folder."""
    if home.is_dir():
        for instance in registry.instances(home):
            instances.stop(home, instance.name)


def free_port() -> int:
    """A port that nobody has just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
