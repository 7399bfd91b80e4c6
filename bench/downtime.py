"""For how long nobody answers: a bare restart, an upgrade, the manual's own order, the same as an Ansible playbook.

The upgrade is one of a build to the next, on an instance of the stand-in with 1 MB and with 1 GB of data, where
no data is converted. All four are measured in turn in one run, by a visitor that asks the site every two
milliseconds; the median of nine counts. Nothing writes to the instance meanwhile, so a backup of the running
instance is whole, and the definition used here says so (`hot: copy`).

Wanted: b - a <= 250 ms, the same within 10 % at 1 MB and at 1 GB; c - a and d - a at least ten times b - a.

`--systemd` measures a and b on a throwaway host (root), where the services are systemd's and users come in by nginx;
wanted there: b - a <= 400 ms. `--rounds N` measures so often.
"""

from __future__ import annotations

import json
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from _build import NEW, OLD, SIZES, next_build, with_next_build
from _visitor import Visitor
from smena.demo.standin import client, install
from smena.instances import registry
from smena.instances.adopt import Wish
from smena.instances.world import measure
from smena.intake import definitions
from smena.plan.params import ServiceSpec
from smena.plan.request import Options
from smena.service import instances, planning, releases, rollback, runs, upgrading
from smena.service.control import Control, services_of

PRODUCT = "comindware-standin"
ROUNDS = 9


class Bench:
    """One instance with so much data."""

    def __init__(self, base: Path, size: int, files: int) -> None:
        self.base, self.home, self.root = base, base / "home", base / "root"
        self._definition()
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.layout = install.create(self.root, "bench", OLD, port)
        client.bulk(self.layout.streams, size, files)
        releases.add(self.home, next_build(base), product=PRODUCT)
        settings = {"root": str(self.root), "python": sys.executable}
        instances.add(self.home, Wish(name="bench", settings=settings), product=PRODUCT)
        instances.start(self.home, "bench")
        client.wait(self.url)

    def close(self) -> None:
        instances.stop(self.home, "bench")

    # -- the four ways ---------------------------------------------------------

    def restart(self) -> None:
        """(a) stop and start, and nothing else."""
        self._stop()
        self._start()

    def smena(self) -> None:
        """(b)"""
        plan = planning.make(self.home, "bench", NEW, Options(probation=0.0))
        upgrading.prove(self.home, plan)
        self._run(upgrading.begin(self.home, plan))

    def back(self) -> None:
        """Not measured: back to the old build for the next round."""
        self._run(upgrading.begin(self.home, rollback.plan_rollback(self.home, "bench")))

    def manual(self) -> None:
        """(c) what the manual has a person do: stop, copy everything, delete, recreate, start."""
        self._stop()
        aside = self.base / "aside"
        subprocess.run(["cp", "-a", self.layout.data, aside], check=True)
        kept = self._keep_configuration()
        install.switch(self.root, "bench", OLD)
        self._put_configuration_back(kept)
        self._start()
        client.wait(self.url)
        shutil.rmtree(aside)

    def ansible(self, playbook: Path) -> None:
        """(d)"""
        command = [*_ansible(self.base), str(playbook)]
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=self.base)
        if done.returncode:
            raise SystemExit(f"ansible-playbook failed:\n{done.stdout}\n{done.stderr}")
        client.wait(self.url)
        shutil.rmtree(self.base / "aside", ignore_errors=True)

    def playbook(self) -> Path:
        """The manual's order as tasks; stopping and starting is the same little program as everywhere here."""
        driver = [sys.executable, __file__, "drive", str(self.home)]
        files = [
            str(self.layout.config / name) for name in install.CONFIG_FILES if (self.layout.config / name).exists()
        ]
        saved = self.base / "saved"
        saved.mkdir(exist_ok=True)
        switch = [sys.executable, __file__, "switch", str(self.root), OLD]
        tasks: list[dict[str, object]] = [
            {
                "name": "save the configuration",
                "ansible.builtin.copy": {"src": "{{ item }}", "dest": f"{saved}/", "remote_src": True},
                "loop": files,
            },
            {"name": "stop", "ansible.builtin.command": {"argv": [*driver, "stop"]}},
            {
                "name": "back up the data",
                "ansible.builtin.command": {"argv": ["cp", "-a", str(self.layout.data), str(self.base / "aside")]},
            },
            {"name": "delete and recreate", "ansible.builtin.command": {"argv": switch}},
            {
                "name": "put the configuration back",
                "ansible.builtin.copy": {"src": f"{saved}/", "dest": f"{self.layout.config}/", "remote_src": True},
            },
            {"name": "start", "ansible.builtin.command": {"argv": [*driver, "start"]}},
        ]
        path = self.base / "playbook.json"  # JSON is YAML
        path.write_text(
            json.dumps([{"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}]), "utf-8"
        )
        return path

    # -- inside -----------------------------------------------------------------

    def _stop(self) -> None:
        control, specs = self._control
        for spec in reversed(specs):
            control.stop(spec)

    def _start(self) -> None:
        control, specs = self._control
        for spec in specs:
            control.start(spec)

    @cached_property
    def _control(self) -> tuple[Control, tuple[ServiceSpec, ...]]:
        instance = registry.get(self.home, "bench")
        definition = definitions.find(PRODUCT, self.home)
        return services_of(self.home, instance), measure(definition, instance, self.home, sized=False).services

    def _run(self, run: str) -> None:
        for view in runs.watch(self.home, run):
            last = view
        if last.state != "final":
            raise SystemExit(f"the run did not come out: {last.state}: {last.run.why}")

    def _keep_configuration(self) -> dict[Path, bytes]:
        return {
            path: path.read_bytes() for path in self.layout.config.iterdir() if path.is_file() and not path.is_symlink()
        }

    def _put_configuration_back(self, kept: dict[Path, bytes]) -> None:
        for path, content in kept.items():
            path.write_bytes(content)

    def _definition(self) -> None:
        """The stand-in's, with one more build whose data is the same."""
        target = self.home / "products" / f"{PRODUCT}.yaml"
        target.parent.mkdir(parents=True)
        text = (Path(install.__file__).parent / "product.yaml").read_text("utf-8")
        target.write_text(with_next_build(text), "utf-8")


def _ansible(base: Path) -> list[str]:
    """ansible-core in an environment of its own, made once."""
    folder = Path(".venv-ansible").absolute()
    if not (folder / "bin/ansible-playbook").exists():
        print("  (installing ansible-core for the comparison)", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run(
            [folder / "bin/pip", "install", "--quiet", "ansible-core"], check=True, cwd=base, capture_output=True
        )
    interpreter = f"ansible_python_interpreter={sys.executable}"
    return [str(folder / "bin/ansible-playbook"), "--inventory", "localhost,", "--extra-vars", interpreter]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def measured(size: int, files: int, rounds: int) -> dict[str, float]:
    """The median of each way, in milliseconds, measured in turn."""
    with tempfile.TemporaryDirectory(dir=".") as folder:
        bench = Bench(Path(folder).absolute(), size, files)
        playbook = bench.playbook()
        ways: dict[str, Callable[[], None]] = {
            "a": bench.restart,
            "b": bench.smena,
            "c": bench.manual,
            "d": lambda: bench.ansible(playbook),
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        try:
            for _round in range(rounds):
                for name, way in ways.items():
                    times[name].append(Visitor(bench.url).measured(way))
                    if name == "b":
                        bench.back()
        finally:
            bench.close()
    return {name: statistics.median(found) for name, found in times.items()}


def main(rounds: int) -> None:
    names = {"a": "bare stop and start", "b": "smena upgrade", "c": "the manual's order", "d": "Ansible playbook"}
    found = {size: measured(*SIZES[size], rounds) for size in SIZES}
    print(f"{'downtime, median of ' + str(rounds):<28}" + "".join(f"{size:>12}" for size in SIZES))
    for way, words in names.items():
        print(f"{way} {words:<26}" + "".join(f"{found[size][way]:>9.0f} ms" for size in SIZES))
    for way in "bcd":
        print(f"{way} - a{'':<23}" + "".join(f"{found[size][way] - found[size]['a']:>9.0f} ms" for size in SIZES))
    print("wanted: b - a at most 250 ms, the same within 10 % for both sizes; c - a and d - a at least ten times b - a")


def _rounds(words: list[str]) -> int:
    return int(words[1]) if words[:1] == ["--rounds"] else ROUNDS


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["drive", home, "stop"]:
            instances.stop(Path(home), "bench")
        case ["drive", home, "start"]:
            instances.start(Path(home), "bench")
        case ["switch", root, version]:
            install.switch(root, "bench", version)
        case ["--systemd", *more]:
            sys.path.append(str(Path(__file__).resolve().parent.parent / "tests"))
            import _systemd

            _systemd.main(_rounds(more))
        case more:
            main(_rounds(more))
