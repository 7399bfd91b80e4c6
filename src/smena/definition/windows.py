"""What paths of Windows look like, for those who handle them as text on any platform."""

from __future__ import annotations

import ntpath
import posixpath
import re

_DRIVE = re.compile(r"[A-Za-z]:[\\/]|\\\\")
_ROOTS = ("HKLM\\", "HKEY_LOCAL_MACHINE\\")


def registry_key(path: str) -> bool:
    """Whether a path of a definition is a key of the Windows registry."""
    return path.upper().startswith(_ROOTS)


def windows_path(path: str) -> bool:
    """Whether a whole path is one of Windows."""
    return _DRIVE.match(path) is not None


def joined(folder: str, *names: str) -> str:
    """What lies below a folder, written as its platform writes it; a whole path stands for itself."""
    if windows_path(folder) or registry_key(folder):
        return ntpath.join(folder, *(name.replace("/", "\\") for name in names))
    return posixpath.join(folder, *names)


def last_name(path: str) -> str:
    """The file's own name."""
    return ntpath.basename(path) if windows_path(path) else posixpath.basename(path)
