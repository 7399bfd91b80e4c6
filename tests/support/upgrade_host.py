"""A host in a folder: a home of smena, an instance of the stand-in with data, and every release at hand.

What is the same for all is prepared once a session (`Stock`) and copied; services are smena's own
supervised ones, and run only where a test starts them. Whatever still runs when a test ends is
ended by force, found by the folder's name and not by what anybody remembered; a test
after which something runs that nobody knows has failed.

The folders lie in memory where the machine has such a place: there a write-out costs nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from smena.demo.standin import client, install, packages
from smena.demo.standin.client import Data, Health
from smena.demo.standin.install import Layout
from smena.demo.standin.releases import RELEASES
from smena.host.native import processes, spawning
from smena.instances.adopt import Wish, adopt
from smena.instances.instance import Instance
from smena.instances.world import measure
from smena.intake import definitions, releases
from smena.plan.model import Plan
from smena.plan.params import ServiceSpec
from smena.plan.request import Options
from smena.service import launching, openruns, places, planning, runs
from smena.service.control import Control, services_of
from smena.service.runs import RunView
from support import trees
from support.standin_host import free_port

PRODUCT = "comindware-standin"
NAME = "main"
ACCEPT = ("--accept", "adjust-applications")
Snapshot = dict[str, dict[str, trees.Entry]]

_MEMORY = Path("/dev/shm")
_ENOUGH = 1 << 30


def workshop() -> Path:
    """A new folder for hosts, in memory where there is room."""
    there = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ENOUGH
    return Path(tempfile.mkdtemp(prefix="smena-hosts-", dir=_MEMORY if there else None))


class Called(NamedTuple):
    """A command line that has ended. `value` is its JSON, where it was asked for."""

    status: int
    value: Any
    out: str
    err: str

    @property
    def error(self) -> dict[str, Any]:
        found: dict[str, Any] = self.value["error"]
        return found


class Stock:
    """What every host of a session is made of."""

    def __init__(self) -> None:
        self.folder = workshop()
        self._serial = 0
        home = self.folder / "home"
        define(home)
        definition = definitions.find(PRODUCT, home)
        for release in RELEASES:
            releases.add(home, definition, packages.make(self.folder / "packages", release.version))

    def package(self, version: str) -> Path:
        return self.folder / "packages" / packages.package_name(version)

    def host(self, version: str = "4.7.2", **more: Any) -> UpgradeHost:
        self._serial += 1
        return UpgradeHost(self, self.folder / f"host{self._serial}", version, **more)

    def data(self, version: str) -> tuple[Path, Data]:
        """The data folders of a filled instance of that version that was stopped, and what is in it."""
        place = self.folder / "data" / version
        known = place / "known.json"
        if not known.exists():
            host = UpgradeHost(self, self.folder / f"data-{version}", version, filled=False)
            try:
                host.start()
                client.fill(host.url, 30, 3, size=3000)
                filled = host.data()
                host.stop()
                shutil.copytree(host.at.data, place)
            finally:
                host.close()
            known.write_text(json.dumps([filled.records, filled.files]), "utf-8")
        records, files = json.loads(known.read_text("utf-8"))
        return place, Data(
            {int(number): text for number, text in records.items()},
            {int(number): tuple(about) for number, about in files.items()},
        )

    def close(self) -> None:
        end_all(self.folder)
        shutil.rmtree(self.folder, ignore_errors=True)


def define(home: Path, changes: Mapping[str, str] | None = None) -> None:
    """The stand-in's definition into a home, with parts of its text replaced."""
    text = (Path(install.__file__).parent / "product.yaml").read_text("utf-8")
    for old, new in (changes or {}).items():
        assert old in text, old
        text = text.replace(old, new)
    (home / "products").mkdir(parents=True, exist_ok=True)
    (home / "products" / f"{PRODUCT}.yaml").write_text(text, "utf-8")


def called_from(home: Path) -> dict[str, str]:
    """The environment of a call of smena with this home."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return {**kept, "SMENA_HOME": str(home), "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}


class UpgradeHost:
    """One instance under one home. `changes` are replacements in the definition's text."""

    def __init__(
        self,
        stock: Stock,
        base: Path,
        version: str,
        *,
        changes: Mapping[str, str] | None = None,
        hidden: Mapping[str, str] | None = None,
        filled: bool = True,
    ) -> None:
        self.base, self.home, self.root, self.port = base, base / "home", base / "root", free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        define(self.home, changes)
        (self.home / "releases").parent.mkdir(exist_ok=True)
        shutil.copytree(stock.folder / "home" / "releases", self.home / "releases")
        self.at: Layout = install.create(self.root, NAME, version, self.port)
        self.known = Data({}, {})
        if filled:
            source, self.known = stock.data(version)
            for part in ("Database", "Streams"):
                shutil.rmtree(self.at.data / part)
                shutil.copytree(source / part, self.at.data / part)
        settings = {"root": str(self.root), "python": sys.executable}
        wish = Wish(name=NAME, settings=settings, driver="supervised")
        self.instance: Instance = adopt(definitions.find(PRODUCT, self.home), wish, self.home, hidden=hidden)

    # -- the instance ------------------------------------------------------------

    def start(self, *, status: str = "ok") -> Health:
        control, specs = self.services()
        for spec in specs:
            control.start(spec)
        return client.wait(self.url, status)

    def stop(self) -> None:
        control, specs = self.services()
        for spec in reversed(specs):
            control.stop(spec)

    def services(self) -> tuple[Control, tuple[ServiceSpec, ...]]:
        definition = definitions.find(PRODUCT, self.home)
        world = measure(definition, self.instance, self.home, sized=False)
        return services_of(self.home, self.instance), world.services

    def running(self) -> list[str]:
        """The services that run, measured."""
        control, specs = self.services()
        return [spec.name for spec in specs if control.running(spec)]

    def health(self) -> Health | None:
        return client.answers(self.url)

    def data(self) -> Data:
        """Everything that users put in, read through the page."""
        return client.all_data(self.url)

    def faults(self, *wishes: Mapping[str, object]) -> None:
        """Failures on demand; each wish may name the `version` that it holds for."""
        (self.at.config / "standin-faults.json").write_text(json.dumps(wishes), "utf-8")

    def snapshot(self) -> Snapshot:
        """What "byte-equal" means: bytes, owners, modes and links of all that is the administrator's and the users'."""
        own = (self.at.config, self.at.database, self.at.streams, self.at.instance_file, self.at.environment_file)
        return {path.name: trees.content(path) for path in own}

    def marker(self) -> list[str]:
        """Anything of ours that a run left beside the instance."""
        return sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*.smena-new"))

    # -- smena -------------------------------------------------------------------------

    @property
    def environment(self) -> dict[str, str]:
        return called_from(self.home)

    def smena(self, *arguments: str, people: bool = False, **more: str) -> Called:
        """Call the command line in a pipe; for programs unless `people`. `more` goes into the environment."""
        words = [sys.executable, "-m", "smena", *arguments, *([] if people else ["--json"])]
        done = subprocess.run(
            words,
            env=self.environment | more,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )
        value = None if people or not done.stdout else json.loads(done.stdout)
        return Called(done.returncode, value, done.stdout, done.stderr)

    def upgrade(self, to: str, *options: str, **more: str) -> Called:
        return self.smena(
            "upgrade", NAME, "--to", to, "--yes", "--probation", "0", *ACCEPT, *options, people=False, **more
        )

    def plan(self, to: str, **options: Any) -> Plan:
        chosen = Options(**{"accepted": ("adjust-applications",), "probation": 0.0, **options})
        return planning.make(self.home, NAME, to, chosen)

    def write_down(self, plan: Plan) -> str:
        """A run that nobody carries yet."""
        return launching.write_down(self.home, plan)

    def carry(self, run: str, *, fault: str = "", log: Path | None = None, resume: bool = False) -> int:
        """The run's own process, to its end; its status as `subprocess` tells it."""
        words = [sys.executable, "-m", "smena.service.carrying", str(self.home), run, *(["resume"] if resume else [])]
        more = {"SMENA_FAULT": fault, "SMENA_FAULT_LOG": str(log or "")}
        folder = self.home / "runs" / run
        with (folder / "process.log").open("ab") as said:
            done = subprocess.run(
                words, env=self.environment | more, cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said
            )
        return done.returncode

    def view(self, run: str) -> RunView:
        return runs.view(self.home, run)

    def only_run(self) -> RunView:
        (one,) = runs.listed(self.home, NAME)
        return one

    def settled(self, run: str, *states: str, limit: float = 30.0) -> RunView:
        """Wait until the run is in one of these states."""
        end = time.monotonic() + limit
        while (view := self.view(run)).state not in states:
            assert time.monotonic() < end, f"{view.state}: {view.run.why}\n{self.said(run)}"
            time.sleep(0.02)
        return view

    def said(self, run: str) -> str:
        """What the run's process printed: nothing, unless smena itself is wrong."""
        log = self.home / "runs" / run / "process.log"
        return log.read_text("utf-8", "replace") if log.exists() else ""

    def detached(self, to: str, *options: str, fault: str = "") -> str:
        """An upgrade that nobody watches; the run's name."""
        called = self.upgrade(to, "--detach", *options, SMENA_FAULT=fault)
        assert called.status == 0, called.out + called.err
        run: str = called.value["run"]
        return run

    def begun(self) -> str:
        """The one run of this host, as soon as it is there."""
        end = time.monotonic() + 30.0
        while not (found := runs.listed(self.home, NAME)):
            assert time.monotonic() < end, "no run began"
            time.sleep(0.01)
        return found[0].run.id

    def wait_for(self, run: str, kind: str) -> None:
        """Wait until the run is at its first step of that kind."""
        end = time.monotonic() + 30.0
        while not any(step.kind == kind and step.status == "doing" for step in self.view(run).steps):
            assert time.monotonic() < end, self.view(run).state + self.said(run)
            time.sleep(0.01)

    def over(self, run: str) -> None:
        """Wait until the run's process has tidied up after itself."""
        end = time.monotonic() + 30.0
        while not (self.home / "runs" / run / openruns.OVER).exists():
            assert time.monotonic() < end, f"{self.view(run).state}: {self.said(run)}"
            time.sleep(0.01)

    def requested(self, run: str, request: str) -> None:
        """Wait until somebody has asked the run for that."""
        end = time.monotonic() + 30.0
        while not (self.home / "runs" / run / places.REQUESTS / request).exists():
            assert time.monotonic() < end, f"{request} was never asked for"
            time.sleep(0.01)

    def halted(self, run: str) -> None:
        """Wait until the run's process stands still at its fault point."""
        end = time.monotonic() + 30.0
        while True:
            who = spawning.read_note(self.home / "runs" / run / places.NOTE)
            info = processes.stat_of(who.pid) if who is not None else None
            if info is not None and info.state == "T":
                return
            assert time.monotonic() < end, self.view(run).state + self.said(run)
            time.sleep(0.01)

    def signal(self, run: str, number: int) -> None:
        """To the process that carries the run."""
        who = spawning.read_note(self.home / "runs" / run / places.NOTE)
        assert who is not None
        os.kill(who.pid, number)

    # -- processes ---------------------------------------------------------------------------

    def strays(self) -> list[str]:
        """Processes below this host that are neither a service of the instance nor carry a run."""
        notes = [*self.home.glob("services/**/identity"), *self.home.glob("runs/*/process.note")]
        known = {who.pid for note in notes if (who := spawning.read_note(note)) is not None and processes.alive(who)}
        return [words for pid, words in below(self.base) if pid not in known]

    def close(self) -> None:
        end_all(self.base)
        shutil.rmtree(self.base, ignore_errors=True)


def below(folder: Path) -> Iterator[tuple[int, str]]:
    """Every process that has to do with this folder: by its arguments or its environment."""
    wanted = os.fsencode(folder) + b"/"
    for pid in processes.all_pids():
        if pid == os.getpid():
            continue
        with suppress(OSError):
            words = Path(f"/proc/{pid}/cmdline").read_bytes()
            if wanted in words or wanted in Path(f"/proc/{pid}/environ").read_bytes():
                yield pid, words.replace(b"\0", b" ").decode("utf-8", "replace")


def end_all(folder: Path) -> None:
    """Kill whatever runs below a folder; again and again, because the dying may start something."""
    for _round in range(50):
        found = list(below(folder))
        if not found:
            return
        for pid, _words in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)
    raise AssertionError(f"still running: {found}")
