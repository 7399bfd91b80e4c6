"""Mode, owner, extended attributes and times on Linux.

The order matters: a change of owner clears set-id bits and capabilities, a mode changes an
access list's mask, and each changes ctime. So: owner, mode, xattrs; times last, by the caller.
What cannot be kept is an error, never silently lost.
"""

from __future__ import annotations

import errno
import os
import stat
import sys

from smena.host.ports import Attributes

assert sys.platform != "win32"  # tells mypy too


def read(target: int | str) -> Attributes:
    """Of an open file, or of what lies at a path itself (a link is not followed)."""
    info = os.fstat(target) if isinstance(target, int) else os.lstat(target)
    return Attributes(stat.S_IMODE(info.st_mode), info.st_uid, info.st_gid, _xattrs(target))


def apply(target: int | str, wanted: Attributes) -> None:
    """Make a file, folder or link have them; only what differs is set, so equal ones need no rights."""
    info = os.fstat(target) if isinstance(target, int) else os.lstat(target)
    if (info.st_uid, info.st_gid) != (wanted.uid, wanted.gid):
        os.chown(target, wanted.uid, wanted.gid, follow_symlinks=isinstance(target, int))
        info = os.fstat(target) if isinstance(target, int) else os.lstat(target)
    if not stat.S_ISLNK(info.st_mode) and stat.S_IMODE(info.st_mode) != wanted.mode:
        os.chmod(target, wanted.mode)
    _set_xattrs(target, wanted.xattrs)


def set_times(target: int | str, info: os.stat_result) -> None:
    """Give `target` the access and change times of `info`."""
    os.utime(target, ns=(info.st_atime_ns, info.st_mtime_ns), follow_symlinks=isinstance(target, int))


def me() -> str:
    """The account that runs smena, whatever the environment says."""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may run under a number without a name
        return str(os.getuid())


def set_time(target: str, mtime: int) -> None:
    """The time of a file's or a link's own last change."""
    os.utime(target, ns=(mtime, mtime), follow_symlinks=False)


def own(mode: int) -> Attributes:
    """Attributes of a new file that belongs to whoever runs smena."""
    return Attributes(mode, os.geteuid(), os.getegid())


def unpacked(mode: int) -> Attributes:
    """Of what comes out of an archive that says this mode."""
    return own(mode)


def is_private(path: str) -> bool:
    """Whether nobody but whoever runs smena (and root) can look into this folder."""
    info = os.lstat(path)
    return info.st_uid == os.geteuid() and not stat.S_IMODE(info.st_mode) & 0o077


def others_write(path: str) -> bool:
    """Whether somebody else may change what lies in this folder."""
    return bool(os.stat(path).st_mode & 0o022)


def belongs_to_us(path: str) -> bool:
    return os.stat(path).st_uid == os.geteuid()


def to_take(path: str) -> str:
    """The command that makes a tree ours."""
    return f"chown -R {os.geteuid()} {path}"


def to_shut(path: str, *, wholly: bool) -> str:
    """The command that keeps others from writing in a folder, or from looking into it."""
    return f"chmod {'700' if wholly else 'go-w'} {path}"


def _xattrs(target: int | str) -> dict[str, bytes]:
    follow = isinstance(target, int)
    try:
        return {name: os.getxattr(target, name, follow_symlinks=follow) for name in _names(target)}
    except OSError as error:
        if error.errno == errno.ENOTSUP:
            return {}
        raise


def _names(target: int | str) -> list[str]:
    return os.listxattr(target, follow_symlinks=isinstance(target, int))


def _set_xattrs(target: int | str, wanted: dict[str, bytes]) -> None:
    present = _xattrs(target)
    follow = isinstance(target, int)
    for name in present.keys() - wanted.keys():
        if not name.startswith("security."):  # a label that the system gave by itself is not ours to take off
            os.removexattr(target, name, follow_symlinks=follow)
    for name, value in wanted.items():
        if present.get(name) != value:
            os.setxattr(target, name, value, follow_symlinks=follow)
