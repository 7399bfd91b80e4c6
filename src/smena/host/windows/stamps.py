"""Whether a file's times can be trusted on Windows to tell that its content is the same.

Two times are looked at: of the last write and of the last change. Programs may set the first (and an open handle may be
told not to move it), the second is moved by the file system itself whenever data, names, marks or access change. While
a program has a file open both may be late: they are final when its last handle is closed, so an entry that was copied
before counts as changed afterwards. That is the safe side; the difference is looked for only when the product rests.

What a program writes through a mapping reaches the file system only with the dirty pages, and these may come after
the program's end. So a volume is trusted only if three things hold: it is a disk of this host; we may flush it
whole, which `settle` does before the difference is looked for, so that no page is dirty any more; and on a trial
there a write through a mapping, after closing and flushing, has moved both times. Else all is copied again.
"""

from __future__ import annotations

import mmap
import msvcrt
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from smena import clock
from smena.host.windows import access, durable
from smena.host.windows.api import handles, information, volumes
from smena.host.windows.long_paths import joined, whole

assert sys.platform == "win32"  # tells mypy too

_TRUSTED = {"ntfs", "refs"}
_TICK = 0.05
_FLAGS = os.O_RDWR | os.O_BINARY | os.O_NOINHERIT


def trial(folder: Path) -> int | None:
    """The volume's own present time (ns) if its times can be trusted, else None."""
    try:
        root = volumes.root(whole(str(folder)))
        about = volumes.about(root)
        if about is None or about.drive == volumes.NETWORK or about.system.lower() not in _TRUSTED:
            return None
        return _tried(joined(whole(root), f".smena-trial-{secrets.token_hex(8)}"), root)
    except OSError:  # no right to write or to flush: then nothing is known
        return None


def settle(folder: Path) -> bool:
    """Have the times of all that was written through a mapping move before they are looked at; false: they may not."""
    return durable.flush_volume(str(folder))


def _tried(path: str, root: str) -> int | None:
    """At the root of the volume, so that no folder of the product changes. The file goes with its first handle."""
    shut = access.closed(folder=False)
    held = handles.opened(
        path, handles.DELETE | handles.READ_ATTRIBUTES, handles.UNNAMED_AFTER, handles.CREATE_NEW, shut
    )
    try:
        _write(path, lambda descriptor: os.write(descriptor, bytes(mmap.PAGESIZE)))
        if not durable.flush_volume(root):
            return None
        before = information.basic(held, path)
        clock.sleep(_TICK)
        _write(path, _through_mapping)
        durable.flush_volume(root)
        after = information.basic(held, path)
        return before.written if after.written > before.written and after.changed > before.changed else None
    finally:
        handles.close(held)


def _through_mapping(descriptor: int) -> None:
    with mmap.mmap(descriptor, mmap.PAGESIZE) as pages:
        pages[0] = 1


def _write(path: str, how: Callable[[int], object]) -> None:
    """With a handle of its own, closed when it returns, as a product's are when it has ended."""
    descriptor = msvcrt.open_osfhandle(handles.opened(path, handles.READ | handles.WRITE, 0), _FLAGS)
    try:
        how(descriptor)
    finally:
        os.close(descriptor)
