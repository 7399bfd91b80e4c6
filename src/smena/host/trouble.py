"""Turns the operating system's errors into ours, at the edge of each operation.

A full disk is told apart from every other trouble, because the engine can help itself
there; so are missing rights, because only a person can.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from smena.errors import AccessDenied, DiskFull, FileFailed, FileInUse, OtherMount
from smena.host.held import InUse
from smena.host.paths import encode
from smena.text import Text, _, plain

FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextmanager
def telling(message: Text) -> Iterator[None]:
    """An OSError inside the block becomes the fitting leaf with `message`; ours pass unchanged."""
    try:
        yield
    except OSError as error:
        raise translated(error, message) from error


def translated(error: OSError, message: Text) -> FileFailed:
    """The leaf for this error: what failed in our words, why in the system's."""
    if isinstance(error, InUse):
        return FileInUse(message, why=_holders(error), hint=_("end what holds it, then try again"))
    why = [plain(encode(error.strerror or (os.strerror(error.errno) if error.errno else str(error))))]
    if error.errno in FULL:
        return DiskFull(message, why=why, hint=_("make room on this disk, then try again"))
    if error.errno in _DENIED:
        return AccessDenied(message, why=why)
    if error.errno == errno.EXDEV:
        return OtherMount(message, why=why)
    if error.errno == errno.EBUSY:
        return FileFailed(message, why=[*why, _("it may be a mount point, or another program may hold it")])
    return FileFailed(message, why=why)


def _holders(error: InUse) -> list[Text]:
    """The file that is held, where it is known, and who holds it."""
    file = [_("{path} is in use", path=encode(error.filename))] if error.filename else []
    named = [_("{name} holds it (process {pid})", name=encode(name), pid=pid) for pid, name in error.holders]
    return [*file, *(named or [_("another program holds it, and the system does not tell which")])]
