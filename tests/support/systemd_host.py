"""A throwaway Linux host: a real systemd as process 1 of its own namespaces, on an overlay of this machine's root.

It sees this machine's files, the checkout and its virtual environment among them, and everything that it
writes goes to the upper folder of the overlay, outside /tmp: systemd empties /tmp at boot, so it has its
own. It has a network of its own, so ports never meet, and groups of processes of its own: else two systemds would take
away each other's. Services of this machine that it does not need
are masked, above all those that would set the real kernel.

`kill` is a crash (kill -9 of process 1, the page cache survives); `boot` starts it again on the same folder.
The host dies with the test's process, however that ends; what a killed test leaves on the disk
is swept up by the next one. Files that tests change or rename are best made after the boot: a
folder of this machine cannot be renamed in an overlay.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from support.need import need

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON = sys.executable
Found = TypeVar("Found")

_BASE = Path("/var/tmp")
_PREFIX = "smena-systemd-"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_BOOT = 60.0
_CLONE_NEWNET = 0x40000000
_PROGRAMS = ("/lib/systemd/systemd", "/usr/bin/nsenter", "/usr/bin/unshare", "/usr/bin/setpriv")
_NGINX = "/usr/sbin/nginx"
_DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL")
_ALONE = ("unshare", "--mount", "--pid", "--fork", "--uts", "--ipc", "--cgroup", "--net", "--kill-child")
_MASKED = (
    "console-getty.service",
    "getty@tty1.service",
    "postgresql.service",
    "systemd-binfmt.service",
    "systemd-modules-load.service",
    "systemd-remount-fs.service",
    "systemd-sysctl.service",
    "systemd-udevd.service",
    "systemd-logind.service",
    "systemd-timesyncd.service",
    "apt-daily.timer",
    "apt-daily-upgrade.timer",
    "dpkg-db-backup.timer",
    "e2scrub_all.timer",
    "e2scrub_reap.service",
    "fstrim.timer",
    "logrotate.timer",
    "man-db.timer",
)
_HIERARCHIES = """
set -e
for kind in systemd unified; do mkdir -p $1/cgroup/$kind; done
mount -t cgroup -o none,name=systemd cgroup $1/cgroup/systemd
mount -t cgroup2 none $1/cgroup/unified
"""
_OWN_CGROUPS = """
for kind in systemd unified; do
    mkdir -p $1/cgroup/$kind/$(basename $1)
    echo $$ > $1/cgroup/$kind/$(basename $1)/cgroup.procs
done
shift
exec "$@"
"""
_NO_CGROUPS = """
for kind in systemd unified; do
    find $1/cgroup/$kind/$(basename $1) -depth -type d -exec rmdir {} +
done
"""
_START = """
set -e
base=$1
root=$base/root
mount --make-rprivate /
mount -t overlay overlay -o lowerdir=/,upperdir=$base/upper,workdir=$base/work $root
mount -t proc proc $root/proc
mount -t sysfs sysfs $root/sys
mount -t tmpfs tmpfs $root/run
mount -t tmpfs tmpfs $root/tmp
mount --rbind /dev $root/dev
mount -t tmpfs tmpfs $root/dev/shm
mount -t tmpfs tmpfs $root/sys/fs/cgroup
mkdir $root/sys/fs/cgroup/systemd $root/sys/fs/cgroup/unified
mount -t cgroup -o none,name=systemd cgroup $root/sys/fs/cgroup/systemd
mount -t cgroup2 none $root/sys/fs/cgroup/unified
exec chroot $root env -i PATH=$2 container=docker \
    /lib/systemd/systemd --system --unit=multi-user.target --log-target=null --show-status=no
"""


class SystemdHost:
    """One host. Made switched off; `boot` it, and `close` it in the end."""

    def __init__(self, *, nginx: bool = False) -> None:
        need(os.name == "posix" and os.geteuid() == 0, "root")
        need(all(Path(program).exists() for program in _PROGRAMS), "systemd and util-linux")
        need(not nginx or Path(_NGINX).exists(), "nginx (apt-get install nginx-light)")
        _sweep()
        self.base = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=_BASE))
        self._first: subprocess.Popen[bytes] | None = None
        self._pid = 0
        for name in ("upper", "work", "root"):
            (self.base / name).mkdir()
        units = self.base / "upper/etc/systemd/system"
        units.mkdir(parents=True)
        for name in _MASKED if nginx else (*_MASKED, "nginx.service"):
            (units / name).symlink_to("/dev/null")

    # -- its life ----------------------------------------------------------------

    def boot(self) -> None:
        """Switch it on and wait until it has started everything."""
        self.begin_boot()
        self.wait_booted()

    def begin_boot(self) -> None:
        """Switch it on; return as soon as its process 1 lives."""
        assert self._first is None, "it runs already"
        with (self.base / "said").open("ab") as said:
            start = ["bash", "-c", _START, "boot", str(self.base), _PATH]
            self._first = subprocess.Popen(
                [*_DIES_WITH_US, *_grouped(_OWN_CGROUPS, self.base), *_ALONE, *start],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
            )
        self._pid = self._until(self._process_one, "process 1")

    def wait_booted(self) -> None:
        self._until(
            lambda: self.run(["systemctl", "is-system-running"]).stdout.strip() in ("running", "degraded"), "up"
        )

    def kill(self) -> None:
        """The host crashes: nothing of it says goodbye."""
        if self._first is None:
            return
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
        else:
            self._first.kill()
        self._first.wait(_BOOT)
        subprocess.run(_grouped(_NO_CGROUPS, self.base), capture_output=True)  # left where a process still dies
        self._first, self._pid = None, 0

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self.base, ignore_errors=True)

    def _process_one(self) -> int:
        """The number of its process 1, out here, once it is systemd."""
        assert self._first is not None
        assert self._first.poll() is None, (self.base / "said").read_text("utf-8", "replace")
        children = Path(f"/proc/{self._first.pid}/task/{self._first.pid}/children").read_text().split()
        return int(children[0]) if children and _program(children[0]) == "systemd" else 0

    def _until(self, question: Callable[[], Found], what: str) -> Found:
        end = time.monotonic() + _BOOT
        while not (found := question()):
            assert time.monotonic() < end, f"the host has no {what} after {_BOOT} s"
            time.sleep(0.05)
        return found

    # -- inside --------------------------------------------------------------------------

    def run(
        self, words: Sequence[str], *, env: Mapping[str, str] | None = None, limit: float = 120.0
    ) -> subprocess.CompletedProcess[str]:
        """Run a program in it; how it ended is the caller's to judge."""
        return subprocess.run(
            self.inside(words, env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=limit,
        )

    def do(self, *words: str, limit: float = 120.0) -> str:
        """Run a program that has to succeed; what it printed."""
        done = self.run(words, limit=limit)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def python(self, code: str, *arguments: str, env: Mapping[str, str] | None = None, limit: float = 120.0) -> str:
        """Run Python with smena and the tests' support at hand; it has to succeed."""
        done = self.run([PYTHON, "-c", code, *arguments], env=env, limit=limit)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def write(self, path: str, text: str) -> None:
        """Make a file in it, and the folders above."""
        code = (
            "import sys; from pathlib import Path; p = Path(sys.argv[1]); p.parent.mkdir(parents=True, exist_ok=True)"
        )
        self.python(f"{code}; p.write_text(sys.argv[2], 'utf-8')", path, text)

    def inside(self, words: Sequence[str], env: Mapping[str, str] | None = None) -> list[str]:
        """The command line, out here, that runs `words` in it."""
        base = {"PATH": _PATH, "LC_ALL": "C.UTF-8", "HOME": "/root", "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}"}
        shown = {"PYTHONDONTWRITEBYTECODE": "1", **base, **(env or {})}
        enter = ["nsenter", "--target", str(self._pid), "--mount", "--pid", "--uts", "--ipc", "--net", "--root", "--wd"]
        return [*enter, "env", "-i", *(f"{name}={value}" for name, value in shown.items()), *words]

    def path(self, inside: str | Path) -> Path:
        """A path of it, seen from out here while it runs; absolute links in it lead astray."""
        return Path(f"/proc/{self._pid}/root") / str(inside).lstrip("/")

    def unit(self, name: str, *properties: str) -> dict[str, str]:
        """What systemd says of a unit."""
        lines = self.do("systemctl", "show", name, f"--property={','.join(properties)}").splitlines()
        return dict(line.split("=", 1) for line in lines)

    @contextmanager
    def network(self) -> Iterator[None]:
        """In here this thread opens its sockets in the host's network."""
        libc = ctypes.CDLL(None, use_errno=True)
        with Path("/proc/thread-self/ns/net").open() as ours, Path(f"/proc/{self._pid}/ns/net").open() as its:
            assert libc.setns(its.fileno(), _CLONE_NEWNET) == 0, os.strerror(ctypes.get_errno())
            try:
                yield
            finally:
                assert libc.setns(ours.fileno(), _CLONE_NEWNET) == 0, os.strerror(ctypes.get_errno())


def _program(pid: str) -> str:
    """Empty for one that has ended: before it is systemd, the host's process has helpers for a moment."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _grouped(script: str, base: Path) -> list[str]:
    """A script that sees the two hierarchies of process groups that systemd uses, whole, and alone."""
    return ["unshare", "--mount", "bash", "-c", f"{_HIERARCHIES}{script}", "groups", str(base)]


def _sweep() -> None:
    """Take away what tests left that were killed."""
    for left in _BASE.glob(f"{_PREFIX}*"):
        maker = left.name.removeprefix(_PREFIX).split("-")[0]
        if not Path(f"/proc/{maker}").exists():
            subprocess.run(_grouped(_NO_CGROUPS, left), capture_output=True)
            shutil.rmtree(left, ignore_errors=True)
