"""The stand-in on a throwaway host, installed as its vendor would: units, own account, the real host's paths.

Its definition is the one that smena carries, with units instead of commands and without the folder that stands
for the root elsewhere; behind a site, users come in at nginx's port, and the gateway has one of its own.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from smena.demo.standin import client, install, units
from smena.demo.standin.client import Data, Health
from smena.demo.standin.packages import SERVICES
from support.systemd_host import PYTHON, SystemdHost

HOME = "/var/lib/smena"
NAME = "main"
PORT = 8080
URL = f"http://127.0.0.1:{PORT}"
PRODUCT = "comindware-standin"
GATEWAY = 9080
UNITS = tuple(f"{service}{NAME}.service" for service in SERVICES)
ACCEPT = ("--accept", "adjust-applications")

_INSTALL = """
import sys
from pathlib import Path
from smena.demo.standin import install, packages, units
from smena.intake import definitions, releases
name, port, gateway, version, text, *others = sys.argv[1:]
install.create("", name, version, int(port), gateway_port=int(gateway))
for path, unit in units.units("", name).items():
    path.write_text(unit.replace(f"STANDIN_PYTHON={sys.executable}", "STANDIN_PYTHON=/usr/bin/python3"))
if int(gateway):
    path, site = units.site("", name, (int(port), int(gateway)))
    path.write_text(site)
    (path.parent.parent / "sites-enabled" / path.name).symlink_to(f"../sites-available/{path.name}")
home = Path("/var/lib/smena")
(home / "products").mkdir(parents=True, exist_ok=True)
(home / "products/comindware-standin.yaml").write_text(text, "utf-8")
definition = definitions.find("comindware-standin", home)
for other in others:
    releases.add(home, definition, packages.make(Path("/var/packages"), other))
"""
_WATCH = """[Service]
ExecStartPre=+/bin/sh -c 'echo \\
$(readlink /var/www/NAME/bin | cut -d/ -f5) \\
$(sed -n "s/^version: //p" /usr/share/comindware/configs/instance/NAME.yml) \\
$(test -e /var/lib/smena/hold/NAME && echo held || echo free) \\
$(test -e /run/smena/permit/NAME && echo permit || echo none) >> /var/starts-NAME'
"""
_BARE_SITE = "    site: {server: none, url: 'http://127.0.0.1:${settings.port}/', probe: 'http://127.0.0.1:${settings.port}/health'}\n"
_SITE = """    site:
      server: nginx
      name: 'comindware${name}'
      file: '/etc/nginx/sites-available/comindware${name}'
      url: 'http://127.0.0.1:${settings.port}/'
      probe: 'http://127.0.0.1:${settings.gateway-port}/health'
"""
_GATEWAY = """    gateway-port:
      type: port
      title: {en: the gateway's own port, ru: собственный порт шлюза}
      default: {read: yaml, of: '${paths.config}/apigateway.yml', key: listen.port, default: '9080'}
  linux:
"""
_SEEN = "  - {http: {url: '${site.url}', status: 200, shows: 'Версия ${to}', within: 5s}}\n"
_BEHIND = _SEEN.replace("${site.url}", "http://127.0.0.1:${settings.gateway-port}/")
_TOLD = "    - notice:\n"
_HEADER = "    - {site-header: {for: 7d}}\n"
_OURS = ("/.smena", "smena-resume", "/LocalTemp", "/Temp/")
"""Left out of comparisons, as are logs: restore points, the unit for the boot, what is temporary."""
_STATE = """
import sqlite3, sys
journal = sqlite3.connect(f"file:/var/lib/smena/runs/{sys.argv[1]}/journal.sqlite?mode=ro", uri=True)
print(journal.execute("SELECT state FROM run").fetchone()[0])
"""
_OWNED = ("/var/lib/comindware", "/var/log/comindware", "/usr/share/comindware")
_TREES = ("/var/lib/comindware", "/usr/share/comindware", "/etc/sysconfig", "/etc/systemd/system", "/etc/nginx")
_LIST = """
import hashlib, os, stat, sys
for top in sys.argv[1:]:
    for folder, names, files in os.walk(top):
        names[:] = [name for name in names if name != ".smena"]  # a run may still be tidying up there
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


def definition(*, site: bool = False) -> str:
    """The stand-in's definition for a host with systemd, and with nginx before it if it has a `site`."""
    text = (Path(install.__file__).parent / "product.yaml").read_text("utf-8")
    text = re.sub(r"(?m)^    root: \{.*\n", "", text).replace("${settings.root}/", "/")
    changes = {f"      - name: {service}\n": f"        unit: '{service}${{name}}'\n" for service in SERVICES}
    changes = {old: old + new for old, new in changes.items()}
    if site:
        changes |= {_BARE_SITE: _SITE, "  linux:\n": _GATEWAY, _SEEN: _BEHIND, _TOLD: _HEADER + _TOLD}
    for old, new in changes.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


class Standin:
    """One instance that runs, filled, and registered with smena unless a test does that itself."""

    def __init__(
        self,
        host: SystemdHost,
        version: str,
        *,
        releases: tuple[str, ...],
        name: str = NAME,
        gateway: int = 0,
        text: str = "",
    ) -> None:
        self.host, self.name, self.version = host, name, version
        self.port = PORT if name == NAME else PORT + 1
        self.url = f"http://127.0.0.1:{gateway or self.port}"
        """Where the product itself answers."""
        self.units = tuple(f"{service}{name}.service" for service in SERVICES)
        place = (name, str(self.port), str(gateway), version)
        host.python(_INSTALL, *place, text or definition(site=gateway > 0), *releases)
        owner = units.OWNERS["debian"]
        host.do("chown", "-R", f"{owner}:{owner}", f"/var/www/{name}", *_OWNED)
        host.do("systemctl", "daemon-reload")
        host.do("systemctl", "enable", "--quiet", *self.units)
        host.do("systemctl", "start", *self.units)
        if gateway:
            host.do("systemctl", "reload", "nginx")
        self.wait()
        with host.network():
            self.known: Data = client.fill(self.url, 30, 3, size=3000)

    def add(self) -> Self:
        """Have smena know it."""
        added = self.smena("instance", "add", self.name, "--product", PRODUCT)
        assert [one["driver"] for one in added["added"]] == ["systemd"]
        return self

    def faults(self, *wishes: Mapping[str, object]) -> None:
        """Failures on demand, of the product."""
        self.host.write(f"/var/www/{self.name}/standin-faults.json", json.dumps(wishes))

    def observe(self) -> None:
        """From now on each start of the platform writes down what it finds; an administrator's drop-in does it."""
        self.host.write(f"/etc/systemd/system/{self.units[0]}.d/watch.conf", _WATCH.replace("NAME", self.name))
        self.host.do("systemctl", "daemon-reload")

    def starts(self) -> list[list[str]]:
        """What each start found: the version of the links, that of the instance's file, the hold, the permit."""
        return [line.split() for line in self.host.run(["cat", f"/var/starts-{self.name}"]).stdout.splitlines()]

    # -- smena -------------------------------------------------------------------

    def smena(self, *arguments: str, good: tuple[int, ...] = (0,), env: Mapping[str, str] | None = None) -> Any:
        """A command line for programs; its answer."""
        done = self.host.run([PYTHON, "-m", "smena", *arguments, "--json"], env=env)
        assert done.returncode in good, f"{arguments}: {done.stdout}{done.stderr}"
        return json.loads(done.stdout)

    def begin(self, to: str, *, fault: str = "") -> str:
        """An upgrade that goes on by itself; the run's name."""
        words = ("upgrade", self.name, "--to", to, "--yes", "--probation", "0", "--detach", *ACCEPT)
        started: str = self.smena(*words, env={"SMENA_FAULT": fault})["run"]
        return started

    def runs(self) -> set[str]:
        return set(self.host.run(["ls", f"{HOME}/runs"]).stdout.split())

    def state(self, run: str) -> str:
        """As the journal says, without a call of smena: that would take the run up."""
        state = self.host.run(["/usr/bin/python3", "-c", _STATE, run]).stdout.strip() or "new"
        carried = self.host.run(["systemctl", "is-active", "--quiet", f"smena-run-{run}"]).returncode == 0
        return "interrupted" if state in ("new", "doing", "undoing", "open") and not carried else state

    def settled(self, run: str, *states: str, limit: float = 60.0) -> str:
        end = time.monotonic() + limit
        while (state := self.state(run)) not in states:
            assert time.monotonic() < end, f"{state}: {self.said(run)}"
            time.sleep(0.1)
        return state

    def halted(self, run: str, *, ended: bool = False, limit: float = 60.0) -> bool:
        """Wait until the run's process has come to the fault at which it halts; false if it never does and may end."""
        end = time.monotonic() + limit
        while True:
            pid = self.host.unit(f"smena-run-{run}.service", "MainPID")["MainPID"]
            if pid != "0" and "State:\tT" in self.host.run(["cat", f"/proc/{pid}/status"]).stdout:
                return True
            state = self.state(run)
            if ended and state in ("final", "undone") and pid == "0":
                return False
            moving = ("new", "doing", "undoing", "interrupted", "open", "final", "undone")
            assert state in moving[: len(moving) if ended else -2], self.said(run)
            assert time.monotonic() < end, self.said(run)
            time.sleep(0.05)

    def said(self, run: str) -> str:
        shown = self.host.run([PYTHON, "-m", "smena", "run", "show", run]).stdout
        return shown + self.host.run(["cat", f"{HOME}/runs/{run}/process.log"]).stdout

    # -- the instance --------------------------------------------------------------------

    def wait(self) -> Health:
        with self.host.network():
            return client.wait(self.url, limit=60)

    def health(self) -> Health | None:
        with self.host.network():
            return client.answers(self.url)

    def data(self) -> Data:
        with self.host.network():
            return client.all_data(self.url)

    def active(self) -> dict[str, str]:
        """Each unit's state."""
        return {unit: self.host.unit(unit, "ActiveState")["ActiveState"] for unit in self.units}

    def trees(self) -> list[str]:
        """Everything that is the administrator's, the users' or the vendor's, to be compared; logs left out."""
        lines = sorted(set(self.host.python(_LIST, f"/var/www/{self.name}", *_TREES).splitlines()))
        return [line for line in lines if not any(word in line for word in _OURS)]
