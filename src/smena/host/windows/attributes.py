"""Owner, group, access list, marks and times on Windows.

The system has no modes and no numbers of accounts, so the port's stay empty. What there is travels among the xattrs:
the security descriptor and the marks (read-only, hidden, …), each as bytes. Attributes without a descriptor mean: what
the folder gives. A mode that shuts everybody else out means a list for the system, the administrators and us.
"""

from __future__ import annotations

import msvcrt
import os
import sys

from smena.host.ports import Attributes
from smena.host.windows import access, descriptors, looks
from smena.host.windows.api import handles, information, names, security
from smena.host.windows.long_paths import whole
from smena.host.windows.unfit import unfit
from smena.text import _

assert sys.platform == "win32"  # tells mypy too

MARKS = "windows.marks"
_KEPT_MARKS = names.READ_ONLY | names.HIDDEN | names.OF_SYSTEM | names.NOT_INDEXED
_LEFT_MARKS = 0x20 | 0x100 | 0x1000
"""To be archived, temporary, offline: the system's own affair; all that can be set besides ours."""


def read(target: int | str) -> Attributes:
    """Of an open file, or of what lies at a path itself (a link is not followed)."""
    access.take_rights()
    if isinstance(target, int):
        return _read(msvcrt.get_osfhandle(target), looks.look_at_open(target), "")
    path = whole(target)
    with handles.handle(path, handles.READ_CONTROL | handles.READ_ATTRIBUTES) as found:
        return _read(found, looks.look(target), path)


def apply(target: int | str, wanted: Attributes) -> None:
    """Make a file, folder or link have them; only what differs is set, so equal ones need no rights."""
    if wanted.uid or wanted.gid:
        raise unfit(_("give a file to an account by number"))
    access.take_rights()
    if isinstance(target, int):
        _apply_open(target, wanted)
    else:
        _apply_at(whole(target), wanted)


def set_times(target: int | str, info: os.stat_result) -> None:
    """Give `target` the access and change times of `info`."""
    if isinstance(target, int):
        information.set_times(msvcrt.get_osfhandle(target), info.st_atime_ns, info.st_mtime_ns, "")
        return
    path = whole(target)
    with handles.handle(path, handles.WRITE_ATTRIBUTES) as found:
        information.set_times(found, info.st_atime_ns, info.st_mtime_ns, path)


def set_time(target: str, mtime: int) -> None:
    """The time of a file's or a link's own last change."""
    path = whole(target)
    with handles.handle(path, handles.WRITE_ATTRIBUTES) as found:
        information.set_times(found, mtime, mtime, path)


def me() -> str:
    """The account that runs smena."""
    return security.name_of(access.mine()[0])


def own(mode: int) -> Attributes:
    """Of something new: for us alone where the mode shuts others out, else as the folder gives it."""
    if mode & 0o077:
        return Attributes(mode)
    return Attributes(mode, xattrs={access.SECURITY: access.closed(folder=bool(mode & 0o100))})


def unpacked(mode: int) -> Attributes:
    """What an archive says of modes is of another system, or nothing: the folder says who may do what."""
    return Attributes(mode)


def is_private(path: str) -> bool:
    """Whether nobody but us, the system and the administrators can looks.look into it or change it."""
    at = whole(path)
    return not access.others(at, write=False) and not access.others(at, write=True)


def others_write(path: str) -> bool:
    """Whether somebody else may change what lies in this folder."""
    return bool(access.others(whole(path), write=True))


def belongs_to_us(path: str) -> bool:
    """What the administrators have is every administrator's."""
    trusted = {*access.mine(), descriptors.SYSTEM, descriptors.ADMINISTRATORS}
    return access.at(whole(path)).owner in trusted


def to_take(path: str) -> str:
    """The command that makes a tree ours. An account may be said as `*` and its number in every language."""
    return f'icacls "{path}" /setowner *{access.us()} /T'


def to_shut(path: str, *, wholly: bool) -> str:
    """The command that keeps others from writing in a folder, or from looking into it: here it is one."""
    del wholly
    rights = " ".join(f"*{who}:(OI)(CI)F" for who in (descriptors.SYSTEM, descriptors.ADMINISTRATORS))
    return f'icacls "{path}" /inheritance:r /grant:r {rights} *{access.us()}:(OI)(CI)F'


def _read(handle: int, info: os.stat_result, path: str) -> Attributes:
    marks = (info.st_file_attributes & _KEPT_MARKS).to_bytes(4, "little")
    return Attributes(info.st_mode & 0o777, xattrs={access.SECURITY: access.of(handle, path), MARKS: marks})


def _apply_open(descriptor: int, wanted: Attributes) -> None:
    handle = msvcrt.get_osfhandle(descriptor)
    if access.SECURITY in wanted.xattrs:
        listed = wanted.xattrs[access.SECURITY]
        parts = access.lacking(descriptors.parsed(access.of(handle, "")), descriptors.parsed(listed))
        if parts:
            with handles.again(descriptor, access.rights_for(parts)) as found:
                access.put(found, parts, listed, "")
    _mark(handle, wanted, "")


def _apply_at(path: str, wanted: Attributes) -> None:
    if access.SECURITY in wanted.xattrs:
        access.put_at(path, wanted.xattrs[access.SECURITY])
    if MARKS in wanted.xattrs:
        with handles.handle(path, handles.READ_ATTRIBUTES | handles.WRITE_ATTRIBUTES) as found:
            _mark(found, wanted, path)


def _mark(handle: int, wanted: Attributes, path: str) -> None:
    if MARKS not in wanted.xattrs:
        return
    present = information.basic(handle, path).marks
    kept = int.from_bytes(wanted.xattrs[MARKS], "little")
    if present & _KEPT_MARKS != kept:
        information.set_marks(handle, present & _LEFT_MARKS | kept, path)
