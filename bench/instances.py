"""How long a list of many instances takes, and finding them: the whole command, from the shell to the answer.

Two hundred instances of the stand-in, each with a small database. In a folder, where smena itself would run their
services; and, as root with systemd at hand, on a throwaway host with three real units and a site each. A list
measures version, state and paths of every instance; sizes are those measured before. The best of five counts.

Wanted: a list within 1 s, a discovery within 2 s. No test: the numbers depend on the machine.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from smena.demo.standin import install

COUNT, ROUNDS = 200, 5
WANTED = {"list": 1.0, "discover": 2.0}
PRODUCT = "comindware-standin"
Smena = Callable[..., str]


def main() -> None:
    rows = [("in a folder, supervised", *in_a_folder())]
    if os.geteuid() == 0 and Path("/lib/systemd/systemd").exists():
        rows.append(("systemd host, 600 units", *on_a_host()))
    else:
        print("systemd host: left out, it needs root and systemd")
    print(f"{COUNT} instances: the best of {ROUNDS}, in seconds; wanted: {WANTED}")
    print(f"{'where':<26} {'discover':>9} {'add --all':>10} {'first list':>11} {'list':>7} {'doctor':>8}")
    for where, *times in rows:
        print(f"{where:<26} {times[0]:>9.2f} {times[1]:>10.2f} {times[2]:>11.2f} {times[3]:>7.2f} {times[4]:>8.2f}")


def measured(smena: Smena) -> tuple[float, float, float, float, float]:
    """Discovery, registration, the first list (which measures sizes), a list, and the doctor."""
    finds = json.loads(smena("instance", "discover", "--product", PRODUCT))["instances"]
    assert [find["addable"] for find in finds] == [True] * COUNT, finds[:1]
    found = best(lambda: smena("instance", "discover", "--product", PRODUCT))
    added = once(lambda: smena("instance", "add", "--all", "--product", PRODUCT))
    first = once(lambda: smena("instance", "list"))
    listed = json.loads(smena("instance", "list"))["instances"]
    seen = {(one["state"], one["version"], tuple(one["troubles"])) for one in listed}
    assert seen == {("stopped", "4.7.2", ())}, seen
    return found, added, first, best(lambda: smena("instance", "list")), best(lambda: smena("doctor"))


def best(call: Callable[[], object]) -> float:
    return min(once(call) for _round in range(ROUNDS))


def once(call: Callable[[], object]) -> float:
    began = perf_counter()
    call()
    return perf_counter() - began


def in_a_folder() -> tuple[float, float, float, float, float]:
    with tempfile.TemporaryDirectory(prefix="smena-bench-") as base:
        root, home = Path(base, "root"), Path(base, "home")
        for number in range(COUNT):
            install.create(root, f"i{number}", "4.7.2", 10_000 + number)
        (home / "products").mkdir(parents=True)
        text = (Path(install.__file__).parent / "product.yaml").read_text("utf-8").replace("/srv/standin", str(root))
        (home / "products" / f"{PRODUCT}.yaml").write_text(text, "utf-8")

        def smena(*words: str) -> str:
            command = [sys.executable, "-m", "smena", "--home", str(home), *words, "--json"]
            return _said(subprocess.run(command, capture_output=True, text=True, check=False))

        return measured(smena)


_INSTALL = """
import sys
from pathlib import Path
from smena.demo.standin import install, units
for number in range(int(sys.argv[1])):
    name = f"i{number}"
    install.create("", name, "4.7.2", 10000 + number)
    for path, text in units.units("", name).items():
        path.write_text(text)
    path, text = units.site("", name, (10000 + number, 20000 + number))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
Path("/var/lib/smena/products").mkdir(parents=True)
Path("/var/lib/smena/products/comindware-standin.yaml").write_text(sys.argv[2], "utf-8")
"""


def on_a_host() -> tuple[float, float, float, float, float]:
    from support.systemd_host import PYTHON, SystemdHost

    host = SystemdHost()
    try:
        host.boot()
        host.python(_INSTALL, str(COUNT), _definition(), limit=300)
        host.do("systemctl", "daemon-reload")
        return measured(lambda *words: _said(host.run([PYTHON, "-m", "smena", *words, "--json"], limit=300)))
    finally:
        host.close()


def _definition() -> str:
    """The stand-in's, with units, and looked for by everything that an instance leaves."""
    from support.systemd_standin import definition

    files, more = r"(?m)^      files: (\[.*\])$", r"      files: \1\n      services: ['comindware{name}']"
    return re.sub(files, more, definition())


def _said(done: subprocess.CompletedProcess[str]) -> str:
    if done.returncode not in (0, 4):
        raise SystemExit(done.stdout + done.stderr)
    return done.stdout


if __name__ == "__main__":
    main()
