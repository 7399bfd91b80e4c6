"""A Windows host on this machine: a Wine prefix, made once and copied for whoever needs a fresh one.

Wine's own files are shared by hard links (nobody writes into them; who puts a program in the place of one removes
the name first), everything else is a copy. What runs in a prefix is ended by its own server, and nothing else is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
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
            (folder / "ready").touch()
    return place


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
    done = subprocess.run(
        ["wine", *args],
        env=environment(place),
        capture_output=True,
        timeout=seconds,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return done.stdout.decode("utf-8", "replace")


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
