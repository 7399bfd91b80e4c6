"""A Windows host on this machine: a Wine prefix, made once and copied for whoever needs a fresh one.

Wine's own files are shared by hard links (nobody writes into them; who puts a program in the place of one removes
the name first), everything else is a copy. What runs in a prefix is ended by its own server, and nothing else is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smena.host import drives
from smena.host.lock import Lock
from support.need import need

COMPILER = "x86_64-w64-mingw32-gcc"
RESOURCES = "x86_64-w64-mingw32-windres"


def needed() -> None:
    need(shutil.which("wine") and shutil.which("wineserver"), "wine and wine64")
    need(shutil.which(COMPILER), "gcc-mingw-w64-x86-64")
    need(shutil.which("wixl"), "wixl")


def template(folder: Path) -> Path:
    """A prefix that has been set up; the first of several workers makes it, the others wait."""
    needed()
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / "prefix"
    with Lock(folder / "lock", "setting up Wine").acquire(300.0):
        if not (folder / "ready").exists():
            wine(place, "wineboot", "-i", seconds=240)
            end(place)
            if not (place / "drive_c/windows/system32/services.exe").exists():
                raise RuntimeError(f"Wine did not set up {place}")
            _apart(place)
            (folder / "ready").touch()
    return place


def _apart(place: Path) -> None:
    """Nothing of it leads into the home of whoever runs these tests: no folder, and no menu for its shortcuts."""
    for link in (place / "drive_c/users").glob("*/*"):
        if link.is_symlink():
            link.unlink()
            link.mkdir()
    with (place / "user.reg").open("a", encoding="ascii") as registry:
        registry.write('\n[Software\\\\Wine\\\\DllOverrides] 0\n"winemenubuilder.exe"=""\n')


def fresh(made: Path, place: Path) -> Path:
    """A prefix of one's own, like the template."""
    (place / "drive_c").mkdir(parents=True)
    for entry in made.iterdir():
        if entry.name != "drive_c":
            subprocess.run(["cp", "-a", str(entry), str(place)], check=True)
    for entry in (made / "drive_c").iterdir():
        how = "-al" if entry.name == "windows" else "-a"
        subprocess.run(["cp", how, str(entry), str(place / "drive_c")], check=True)
    drives.forget()
    return place


def wine(place: Path, *args: str, seconds: float = 60.0) -> str:
    """Run a Windows program as a person would, by hand; what it said."""
    with tempfile.TemporaryFile() as said:  # a pipe would stay open in what Wine starts beside it
        subprocess.run(
            ["wine", *args],
            env=environment(place),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
        said.seek(0)
        return said.read().decode("utf-8", "replace")


@contextmanager
def up(place: Path) -> Iterator[None]:
    """The host is on: its services run from here to the end. Wine ends them with the last program of a person."""
    held = subprocess.Popen(
        ["wine", "cmd"],
        env=environment(place),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wine(place, "cmd", "/c", "ver")
        yield
    finally:
        end(place)
        held.communicate(timeout=30)


def put_in(place: Path, program: Path, name: str) -> None:
    """A program of ours in the place of one of Wine's, whose file is shared with the template; the host is off."""
    target = place / "drive_c/windows/system32" / name
    target.parent.mkdir(exist_ok=True)
    target.unlink(missing_ok=True)
    shutil.copy(program, target)
    with (place / "user.reg").open("a", encoding="ascii") as registry:  # it would take its own all the same
        registry.write(f'\n[Software\\\\Wine\\\\DllOverrides] 0\n"{name}"="native"\n')


def end(place: Path) -> None:
    """End everything that runs in this prefix, and wait until its registry is written."""
    for flag in ("-k", "-w"):
        subprocess.run(["wineserver", flag], env=environment(place), check=False, timeout=60)


def environment(place: Path) -> dict[str, str]:
    return {**os.environ, "WINEPREFIX": str(place), "WINEDEBUG": "-all", "LC_ALL": "C.UTF-8"}


def build(source: Path, to: Path, *more: str) -> Path:
    """A Windows program of one C file."""
    needed()
    to.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([COMPILER, "-O1", "-Wall", "-Werror", "-o", str(to), str(source), *more], check=True)
    return to
