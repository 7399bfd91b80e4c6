"""nginx as a program: its configuration asked of itself, judged by itself, and taken up by itself.

`nginx -T` judges and lists in one call, so nothing here knows a distribution's folders: a site's file is the one
that nginx says it reads, under the name by which it reads it. Every change is judged before nginx is
told. It is told by the signal itself: every program that sends it for us reads the whole configuration once more
before, and users wait meanwhile. A reload is over when no worker of before takes requests any more. Whoever changes
anything holds the shared lock. `SMENA_NGINX` names another program or prefix (`angie`, `nginx -p /opt/web`).
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from smena import clock
from smena.drivers import nginx_workers as workers
from smena.drivers.nginx_conf import Directive, expanded, parse, read
from smena.errors import SiteConfigBroken, SiteFailed, SiteUnknown, SmenaError
from smena.host import common, lock, process
from smena.host.paths import decode, encode
from smena.host.trouble import telling
from smena.text import Text, _, plain

_WAIT = 120.0
_TAKE_UP = 30.0
_LISTED = re.compile(r"^# configuration file (.+):$", re.MULTILINE)
_WARNING = re.compile(r"\[warn\] (.+)$", re.MULTILINE)


class Place(msgspec.Struct, frozen=True):
    """A site's own file, and the name by which nginx reads it: a link to it, or the file itself."""

    file: Path
    read_as: Path


class Configuration(msgspec.Struct, frozen=True):
    """What nginx says of itself: the files that it reads, the main one first, and what it warns of."""

    files: tuple[Path, ...]
    warnings: tuple[str, ...]

    @property
    def main(self) -> Path:
        return self.files[0]

    @property
    def base(self) -> Path:
        """What relative includes are relative to."""
        return self.main.parent

    def place(self, file: str | None, name: str | None) -> Place:
        """Where a site's file is; under a name that ends in `.conf` too, as some distributions want it."""
        wanted = [Path(decode(file)), Path(f"{decode(file)}.conf")] if file else []
        for path in wanted:
            for listed in self.files:
                if listed == path or (path.exists() and os.path.realpath(listed) == os.path.realpath(path)):
                    return Place(Path(os.path.realpath(listed)), listed)
        if not wanted and name:
            for listed in self.files[1:]:
                if listed.name in (name, f"{name}.conf"):
                    return Place(Path(os.path.realpath(listed)), listed)
        raise SiteUnknown(
            _("nginx has no site {site}", site=file or name or ""),
            why=[
                _("{path} is there, but nginx does not read it", path=encode(path)) for path in wanted if path.exists()
            ]
            or [_("there is no such file")],
            hint=_("put the site's file where nginx reads it, then try again"),
        )

    def includes(self) -> tuple[Path, ...]:
        """The patterns by which sites are read, as whole paths."""
        blocks = [d.block or () for d in self._main() if d.name == "http"]
        return tuple(self.base / d.args[0] for block in blocks for d in block if d.name == "include" and d.args)

    def outer_headers(self) -> tuple[str, ...]:
        """Headers that are set for all sites."""
        http = [d for d in self._main() if d.name == "http"]
        inside = (inner for block in http for inner in expanded(block.block or (), self.base))
        return tuple(d.raw for d in inside if d.name == "add_header")

    def pid_file(self) -> str | None:
        return next((d.args[0] for d in self._main() if d.name == "pid" and d.args), None)

    def _main(self) -> tuple[Directive, ...]:
        return parse(read(self.main), str(self.main))


class Nginx:
    """The nginx of this host, as one home uses it."""

    def __init__(self, home: Path, program: Sequence[str] = ()) -> None:
        self._home = home
        self._program = tuple(program) or tuple(shlex.split(os.environ.get("SMENA_NGINX", "nginx")))

    @contextmanager
    def turn(self, purpose: Text) -> Iterator[None]:
        """Whoever changes a site or reloads does it alone."""
        with common.alone(self._home, "nginx", str(purpose), _WAIT):
            yield

    def busy(self) -> SmenaError | None:
        """Who keeps others from changing a site just now; None where nobody does."""
        locks = common.folder(self._home)
        if not locks.is_dir():
            return None
        try:
            return lock.busy(locks / "nginx.lock")
        except SmenaError as error:
            return error

    def version(self) -> str:
        """As it tells it itself; `ProgramMissing` where there is none."""
        found = re.search(r"[\w-]+/[\d.]+", process.run(self._command("-v")).err)
        return found[0] if found else self._program[0]

    def configuration(self) -> Configuration:
        """Judged by nginx; a broken one is refused in its own words."""
        told = process.run(self._command("-T", keep=64 * 1024 * 1024))
        if told.status != 0:
            raise SiteConfigBroken(
                _("nginx refuses its configuration as it is now"),
                why=[plain(line) for line in told.err.splitlines() if "[emerg]" in line or "[alert]" in line][:5]
                or [plain(line) for line in told.err.splitlines()[-3:]],
                hint=plain("nginx -t"),
            )
        listed = tuple(dict.fromkeys(Path(found) for found in _LISTED.findall(told.out)))
        return Configuration(tuple(path for path in listed if path.exists()), tuple(_WARNING.findall(told.err)))

    def reload(self, configuration: Configuration, *, finish: float = 0.0) -> None:
        """Have the configuration taken up, and wait until nobody comes in by the old one. One that does not run
        needs nothing: it begins with what lies there. Requests that were begun before get `finish` seconds more."""
        master = self.master(configuration)
        if master is None:
            return
        before = workers.taking(master)
        with telling(_("nginx could not be told to read its configuration anew")):
            if not workers.read_anew(master):
                return  # it ended meanwhile
        deadline = clock.ticks() + _TAKE_UP
        while before & (now := workers.taking(master)) or not now:
            if clock.ticks() > deadline:
                raise SiteFailed(
                    _("nginx has not taken up its configuration within {seconds} seconds", seconds=_TAKE_UP),
                    hint=_("look at its error log"),
                )
            clock.sleep(0.01)
        deadline = clock.ticks() + finish
        while clock.ticks() < deadline and before & workers.all_of(master):
            clock.sleep(0.01)

    def master(self, configuration: Configuration) -> int | None:
        """The process that runs now; None where nginx does not run."""
        named = configuration.pid_file() or self._built("--pid-path")
        if named is None:
            return None
        return workers.master(Path(named) if named.startswith("/") else Path(self._prefix()) / named)

    # -- inside -----------------------------------------------------------------

    def _command(self, *arguments: str, keep: int = 1024 * 1024) -> process.Command:
        path = os.environ.get("PATH", os.defpath) + os.pathsep + "/usr/sbin"  # where others than root do not look
        return process.Command((*self._program, *arguments), process.environment(PATH=path), keep=keep)

    def _prefix(self) -> str:
        if "-p" in self._program[:-1]:
            return self._program[self._program.index("-p") + 1]
        return self._built("--prefix") or "/"

    def _built(self, option: str) -> str | None:
        """What nginx was built with."""
        found = re.search(rf"{option}=(\S+)", process.run(self._command("-V")).err)
        return found[1] if found else None
