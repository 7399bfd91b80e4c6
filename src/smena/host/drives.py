"""Windows paths where the drives are folders of this host: for trying Windows definitions on Linux through Wine.

The environment's `SMENA_WINE` names a Wine prefix. Then `C:\\Program Files` of a plan is
`PREFIX/drive_c/Program Files` here and back again, and the target platform of this host is Windows. The letters are
those of the prefix's `dosdevices`; the one of the whole host (`Z:`) is read but never written, so that our own
folders keep their names. As on Windows, a name that is there is found in whatever case it was written; one that is
not there is taken as written. A name that Windows could not have is left as this host's own path.

On Windows itself, and on Linux without that word, nothing is mapped.
"""

from __future__ import annotations

import os
import re
import sys
from functools import cache

VARIABLE = "SMENA_WINE"
_DRIVE = re.compile(r"([A-Za-z]):(?:[\\/]|$)")
_SEPARATORS = re.compile(r"[\\/]+")
_NOT_WINDOWS = re.compile(r"[\\:]")
_REACHES_ALL = "z"
Roots = dict[str, str]


def prefix() -> str | None:
    """The Wine prefix that Windows programs run in; None on Windows itself and where nothing is mapped."""
    return None if sys.platform == "win32" else os.environ.get(VARIABLE) or None


def windows() -> bool:
    """Whether the paths of this host's plans are Windows paths."""
    return sys.platform == "win32" or prefix() is not None


def to_host(text: str) -> str:
    """This host's path of a Windows path; any other text as it is."""
    drive = _DRIVE.match(text)
    place = prefix() if drive else None
    if place is None or drive is None:
        return text
    letter = drive[1].lower()
    path = _roots(place).get(letter) or os.path.join(place, "dosdevices", f"{letter}:")
    for part in _parts(text[2:]):
        path = _entered(path, part)
    return path


def to_windows(path: str) -> str:
    """The Windows path of what lies on a drive; any other path as it is."""
    place = prefix() if path.startswith("/") else None
    if place is None:
        return path
    for letter, root in _by_depth(place):
        if letter != _REACHES_ALL and (path == root or path.startswith(f"{root}/")):
            inside = path[len(root) :].strip("/")
            return path if _NOT_WINDOWS.search(inside) else f"{letter.upper()}:\\" + inside.replace("/", "\\")
    return path


def for_program(path: str) -> str:
    """How a Windows program is told a path of this host: what lies on no other drive lies on the one of it all."""
    told = to_windows(path)
    return "Z:" + told.replace("/", "\\") if prefix() and told.startswith("/") else told


def forget() -> None:
    """Read the letters of the drives anew; a process otherwise reads them once."""
    _roots.cache_clear()
    _by_depth.cache_clear()


@cache
def _roots(place: str) -> Roots:
    devices = os.path.join(place, "dosdevices")
    letters = [name for name in sorted(os.listdir(devices)) if len(name) == 2 and name[1] == ":"]
    return {name[0].lower(): os.path.realpath(os.path.join(devices, name)) for name in letters}


@cache
def _by_depth(place: str) -> tuple[tuple[str, str], ...]:
    """The deepest first: a drive may lie within another one's folder. A prefix may be spelled through a link."""
    roots = _roots(place)
    spelled = [("c", os.path.join(place, "drive_c")), *roots.items()]
    return tuple(sorted(spelled, key=lambda item: -len(item[1])))


def _parts(text: str) -> list[str]:
    """The names on the way, `.` and `..` settled without looking, as Windows does."""
    parts: list[str] = []
    for part in _SEPARATORS.split(text):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return parts


def _entered(folder: str, name: str) -> str:
    path = os.path.join(folder, name)
    if os.path.lexists(path):
        return path
    try:
        names = os.listdir(folder)
    except OSError:  # not there, no folder, or closed to us: whoever uses the path is told
        return path
    wanted = name.casefold()
    found = next((other for other in sorted(names) if other.casefold() == wanted), name)
    return os.path.join(folder, found)
