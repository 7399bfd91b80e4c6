"""Renames on Linux."""

from __future__ import annotations

import errno
import os
import secrets
import sys
from contextlib import suppress

from smena.host.posix import libc

assert sys.platform != "win32"  # tells mypy too

_NO_SUCH_CALL = {errno.ENOSYS, errno.EINVAL}


def rename_new(old: str, new: str) -> None:
    """Rename to a name that must be free. File systems that cannot promise it are asked first."""
    try:
        libc.rename_new(old, new)
    except OSError as error:
        if error.errno not in _NO_SUCH_CALL:
            raise
        if os.path.lexists(new):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), new) from error
        os.rename(old, new)


def replace(old: str, new: str) -> None:
    """Rename over what is there, in one instant."""
    os.replace(old, new)


def remove(path: str) -> None:
    """Take a file's or a link's name away; a missing one is fine, a folder is an error."""
    with suppress(FileNotFoundError):
        os.unlink(path)


def one_mount(first: str, second: str) -> bool:
    """Whether the kernel sees both folders on one mount: asked with a name that nobody has, so nothing is touched."""
    name = f".smena-nobody-{secrets.token_hex(16)}"
    try:
        os.rename(os.path.join(first, name), os.path.join(second, name))
    except OSError as error:
        if error.errno == errno.EXDEV:
            return False
        if error.errno != errno.ENOENT:
            raise
    return True
