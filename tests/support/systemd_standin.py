"""The stand-in on a throwaway host, installed as its vendor would: units, own account, the real host's paths.

Its definition is the one that smena carries, with units instead of commands and without the folder that stands
for the root elsewhere.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from smena.demo.standin import client, install, units
from smena.demo.standin.client import Data, Health
from smena.demo.standin.packages import SERVICES
from support.systemd_host import PYTHON, SystemdHost

HOME = "/var/lib/smena"
NAME = "main"
PORT = 8080
URL = f"http://127.0.0.1:{PORT}"
PRODUCT = "comindware-standin"
UNITS = tuple(f"{service}{NAME}.service" for service in SERVICES)
ACCEPT = ("--accept", "adjust-applications")

_INSTALL = """
import sys
from pathlib import Path
from smena.demo.standin import install, packages, units
from smena.intake import definitions, releases
version, text, *others = sys.argv[1:]
install.create("", "main", version, 8080)
for path, unit in units.units("", "main").items():
    path.write_text(unit.replace(f"STANDIN_PYTHON={sys.executable}", "STANDIN_PYTHON=/usr/bin/python3"))
home = Path("/var/lib/smena")
(home / "products").mkdir(parents=True)
(home / "products/comindware-standin.yaml").write_text(text, "utf-8")
definition = definitions.find("comindware-standin", home)
for other in others:
    releases.add(home, definition, packages.make(Path("/var/packages"), other))
"""
_WATCH = """[Service]
ExecStartPre=+/bin/sh -c 'echo \\
$(readlink /var/www/main/bin | cut -d/ -f5) \\
$(sed -n "s/^version: //p" /usr/share/comindware/configs/instance/main.yml) \\
$(test -e /var/lib/smena/hold/main && echo held || echo free) \\
$(test -e /run/smena/permit/main && echo permit || echo none) >> /var/starts'
"""
_OURS = ("/.smena", "smena-resume", "/LocalTemp", "/Temp/")
"""Left out of comparisons, as are logs: restore points, the unit for the boot, what is temporary."""
_STATE = """
import sys
from pathlib import Path
from smena.service import runs
print(runs.view(Path(sys.argv[1]), sys.argv[2]).state)
"""
_OWNED = ("/var/www/main", "/var/lib/comindware", "/var/log/comindware", "/usr/share/comindware")
_TREES = (*_OWNED[:2], "/usr/share/comindware", "/etc/sysconfig", "/etc/systemd/system")
_LIST = """
import hashlib, os, stat, sys
for top in sys.argv[1:]:
    for folder, names, files in os.walk(top):
        for name in [*names, *files, "."]:
            path = os.path.normpath(os.path.join(folder, name))
            info = os.lstat(path)
            what = ""
            if stat.S_ISLNK(info.st_mode):
                what = os.readlink(path)
            elif stat.S_ISREG(info.st_mode):
                what = hashlib.sha256(open(path, "rb").read()).hexdigest()
            print(path, oct(info.st_mode), info.st_uid, info.st_gid, what)
"""


def definition() -> str:
    """The stand-in's definition for a host with systemd."""
    text = (Path(install.__file__).parent / "product.yaml").read_text("utf-8")
    text = re.sub(r"(?m)^    root: \{.*\n", "", text).replace("${settings.root}/", "/")
    for service in SERVICES:
        named = f"      - name: {service}\n"
        assert named in text, service
        text = text.replace(named, f"{named}        unit: '{service}${{name}}'\n")
    return text


class Standin:
    """One instance that runs, filled, and registered with smena."""

    def __init__(self, host: SystemdHost, version: str, *, releases: tuple[str, ...]) -> None:
        self.host = host
        host.python(_INSTALL, version, definition(), *releases)
        owner = units.OWNERS["debian"]
        host.do("chown", "-R", f"{owner}:{owner}", *_OWNED)
        host.do("systemctl", "daemon-reload")
        host.do("systemctl", "enable", "--quiet", *UNITS)
        host.do("systemctl", "start", *UNITS)
        self.wait()
        with host.network():
            self.known: Data = client.fill(URL, 30, 3, size=3000)
        added = self.smena("instance", "add", NAME, "--product", PRODUCT)
        assert [one["driver"] for one in added["added"]] == ["systemd"]

    def faults(self, *wishes: Mapping[str, object]) -> None:
        """Failures on demand, of the product."""
        self.host.write("/var/www/main/standin-faults.json", json.dumps(wishes))

    def observe(self) -> None:
        """From now on each start of the platform writes down what it finds; an administrator's drop-in does it."""
        self.host.write(f"/etc/systemd/system/{UNITS[0]}.d/watch.conf", _WATCH)
        self.host.do("systemctl", "daemon-reload")

    def starts(self) -> list[list[str]]:
        """What each start found: the version of the links, that of the instance's file, the hold, the permit."""
        return [line.split() for line in self.host.run(["cat", "/var/starts"]).stdout.splitlines()]

    # -- smena -------------------------------------------------------------------

    def smena(self, *arguments: str, good: tuple[int, ...] = (0,), env: Mapping[str, str] | None = None) -> Any:
        """A command line for programs; its answer."""
        done = self.host.run([PYTHON, "-m", "smena", *arguments, "--json"], env=env)
        assert done.returncode in good, f"{arguments}: {done.stdout}{done.stderr}"
        return json.loads(done.stdout)

    def begin(self, to: str, *, fault: str = "") -> str:
        """An upgrade that goes on by itself; the run's name."""
        words = ("upgrade", NAME, "--to", to, "--yes", "--probation", "0", "--detach", *ACCEPT)
        started: str = self.smena(*words, env={"SMENA_FAULT": fault})["run"]
        return started

    def state(self, run: str) -> str:
        """As the journal says, without a call of smena: that would take the run up."""
        return self.host.python(_STATE, HOME, run).strip()

    def settled(self, run: str, *states: str, limit: float = 60.0) -> str:
        end = time.monotonic() + limit
        while (state := self.state(run)) not in states:
            assert time.monotonic() < end, f"{state}: {self.said(run)}"
            time.sleep(0.1)
        return state

    def halted(self, run: str, limit: float = 60.0) -> None:
        """Wait until the run's process has come to the fault at which it halts."""
        end = time.monotonic() + limit
        while True:
            pid = self.host.unit(f"smena-run-{run}.service", "MainPID")["MainPID"]
            if pid != "0" and "State:\tT" in self.host.do("cat", f"/proc/{pid}/status"):
                return
            state = self.state(run)
            assert state in ("new", "doing", "undoing", "interrupted"), self.said(run)
            assert time.monotonic() < end, self.said(run)
            time.sleep(0.05)

    def said(self, run: str) -> str:
        shown = self.host.run([PYTHON, "-m", "smena", "run", "show", run]).stdout
        return shown + self.host.run(["cat", f"{HOME}/runs/{run}/process.log"]).stdout

    # -- the instance --------------------------------------------------------------------

    def wait(self) -> Health:
        with self.host.network():
            return client.wait(URL, limit=60)

    def health(self) -> Health | None:
        with self.host.network():
            return client.answers(URL)

    def data(self) -> Data:
        with self.host.network():
            return client.all_data(URL)

    def active(self) -> dict[str, str]:
        """Each unit's state."""
        return {unit: self.host.unit(unit, "ActiveState")["ActiveState"] for unit in UNITS}

    def trees(self) -> list[str]:
        """Everything that is the administrator's, the users' or the vendor's, to be compared; logs left out."""
        lines = sorted(set(self.host.python(_LIST, *_TREES).splitlines()))
        return [line for line in lines if not any(word in line for word in _OURS)]
