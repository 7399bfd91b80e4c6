"""Room set aside on each device that a run touches, so that a full disk cannot stop the way back.

The file is really allocated (measured, not believed: some file systems only pretend), and given free when the
disk is full: then journal and undo can still write.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from smena import faults
from smena.host.native import content, durable
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.text import _

SIZE = 16 * 1024 * 1024
_NAME = "reserve"
_PIECE = 1024 * 1024


def hold(folder: Path, size: int = SIZE) -> Path:
    """Set room aside in one of our folders; what is held already is kept. A full disk is an error here."""
    path = folder / _NAME
    with telling(_("cannot set {size} bytes aside in {path}", size=size, path=encode(folder))):
        if path.exists() and content.allocated(path.stat()) >= size:
            return path
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            content.allocate(descriptor, size)
            faults.point("reserve.allocated")
            os.fsync(descriptor)
            if content.allocated(os.fstat(descriptor)) < size:
                _fill(descriptor, size)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)
        durable.sync_folder(str(folder))
    return path


def free(folder: Path) -> None:
    """Give the room back, at once. Needs no room itself; calling it again does nothing."""
    with telling(_("cannot give the reserve in {path} free", path=encode(folder))):
        (folder / _NAME).unlink(missing_ok=True)
        with durable.tree_synced(str(folder)):  # some file systems give the blocks back only then
            faults.point("reserve.freed")


def held(folder: Path) -> bool:
    return (folder / _NAME).exists()


def _fill(descriptor: int, size: int) -> None:
    """Random bytes take up room even where zeros are squeezed."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    for _piece in range(-(-size // _PIECE)):
        os.write(descriptor, secrets.token_bytes(_PIECE))
    os.fsync(descriptor)
