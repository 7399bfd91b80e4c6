"""Where a program lies. Windows itself would also look where we stand, and where any file may have been put."""

from __future__ import annotations

import errno
import ntpath
import os
from collections.abc import Iterator, Mapping

_SUFFIXES = ("", ".exe", ".com", ".cmd", ".bat")


def program(name: str, environment: Mapping[str, str]) -> str:
    """Its path: in Windows' own folders first, then in those of PATH."""
    for folder in _folders(name, environment):
        for suffix in _SUFFIXES:
            path = ntpath.join(folder, name + suffix)
            if ntpath.splitext(path)[1] and os.path.isfile(path):
                return path
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)


def _folders(name: str, environment: Mapping[str, str]) -> Iterator[str]:
    if ntpath.basename(name) != name:
        yield ""
        return
    variables = {key.upper(): value for key, value in environment.items()}
    windows = variables.get("SYSTEMROOT", r"C:\Windows")
    yield ntpath.join(windows, "System32")
    yield windows
    yield from (folder for folder in variables.get("PATH", "").split(";") if ntpath.isabs(folder))
