"""What an entry is, as the rest of smena reads it: `os.stat_result`, with two differences to Python's own.

A junction is a link (Python takes it for a folder); and `st_ctime` is the time of the last change, which moves with
every change of content, name, marks and access, as it does elsewhere (Python gives the time of creation).
"""

from __future__ import annotations

import msvcrt
import os
import stat
import sys

from smena.host.windows import reparse_data
from smena.host.windows.api import handles, information, names, points
from smena.host.windows.long_paths import whole

assert sys.platform == "win32"  # tells mypy too

_SECOND = 1_000_000_000
_FOLLOWED = handles.FOLDERS_TOO


def look(path: str) -> os.stat_result:
    """Of the entry itself, never of what a link leads to."""
    at = whole(path)
    with handles.handle(at, handles.READ_ATTRIBUTES) as found:
        basic = information.basic(found, at)
        if not basic.marks & names.POINT:
            return _result(found, basic, at)
        if _is_link(found, at):
            return _result(found, basic, at, link=True)
    with handles.handle(at, handles.READ_ATTRIBUTES, _FOLLOWED) as found:  # stored in another way, or a mount point
        return _result(found, information.basic(found, at), at)


def look_at_open(descriptor: int) -> os.stat_result:
    found = msvcrt.get_osfhandle(descriptor)
    return _result(found, information.basic(found, ""), "")


def _is_link(found: int, path: str) -> bool:
    if not reparse_data.stands_for_another(information.tag(found, path)):
        return False
    data = points.read(found, path)
    return reparse_data.parsed(data) is not None or not reparse_data.is_junction(data)


def _result(found: int, basic: information.Basic, path: str, *, link: bool = False) -> os.stat_result:
    about = information.whole(found, path)
    times = (basic.accessed, basic.written, basic.changed)
    seconds = (moment // _SECOND for moment in times)
    values = (_mode(basic.marks, link), about.number, about.volume, about.links, 0, 0, about.size, *seconds)
    more = {f"st_{name}time_ns": moment for name, moment in zip("amc", times, strict=True)}
    more |= {f"st_{name}time": moment / _SECOND for name, moment in zip("amc", times, strict=True)}  # type: ignore[misc]
    return os.stat_result(values, {**more, "st_file_attributes": basic.marks})


def _mode(marks: int, link: bool) -> int:
    """The rights as Python shows them: nothing but the read-only mark."""
    rights = 0o444 if marks & names.READ_ONLY else 0o666
    if link:
        return stat.S_IFLNK | 0o777
    return stat.S_IFDIR | rights | 0o111 if marks & names.FOLDER else stat.S_IFREG | rights
