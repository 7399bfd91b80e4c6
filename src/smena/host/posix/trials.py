"""What a file system can do, tried with files that never have a name: nothing is left, whatever happens."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from smena.host.posix import attributes, content, mounts

assert sys.platform != "win32"  # tells mypy too

_NO_NAMELESS = {errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT}
_LABEL = "security.smena-trial"
_FSTAB = "/etc/fstab"


def reflink(folder: str) -> bool | None:
    """Whether a copy can share its blocks; None where it cannot be tried."""
    with _nameless(folder) as source, _nameless(folder) as target:
        if source is None or target is None:
            return None
        os.write(source, bytes(4096))
        return content.reflink(source, target)


def labels(folder: str) -> bool | None:
    """Whether a label of the security modules comes along with a copy; None where we may not set one."""
    with _nameless(folder) as source, _nameless(folder) as target:
        if source is None or target is None:
            return None
        try:
            os.setxattr(source, _LABEL, b"1")
            attributes.apply(target, attributes.read(source))
        except OSError as error:
            if error.errno in (errno.EPERM, errno.EACCES):
                return None
            if error.errno == errno.ENOTSUP:
                return False
            raise
        return _LABEL in attributes.read(target).xattrs


def wanted_mounts() -> list[mounts.Mount]:
    """What the administrator's table of file systems says should be mounted."""
    try:
        with open(_FSTAB, encoding="utf-8", errors="surrogateescape") as table:
            lines = [line.split() for line in table if not line.lstrip().startswith("#")]
    except FileNotFoundError:
        return []
    found = [fields for fields in lines if len(fields) >= 4 and fields[1].startswith("/")]
    return [
        mounts.Mount(mounts.plain_field(f[1]), f[2], mounts.plain_field(f[0]), "ro" in f[3].split(","))
        for f in found
        if "noauto" not in f[3].split(",")
    ]


@contextmanager
def _nameless(folder: str) -> Iterator[int | None]:
    try:
        descriptor = os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o600)
    except OSError as error:
        if error.errno in _NO_NAMELESS | {errno.EACCES, errno.EPERM, errno.EROFS}:
            yield None
            return
        raise
    try:
        yield descriptor
    finally:
        os.close(descriptor)
