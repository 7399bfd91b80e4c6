"""Room set aside on each device that a run touches, so that a full disk cannot stop the way back.

The file is really allocated (measured, not believed: some file systems only pretend), and given free when the
disk is full: then journal and undo can still write.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from smena import faults
from smena.host.native import content, durable, moves
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
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        try:
            there = content.allocated_of(descriptor) >= size
            if not there:
                _take(descriptor, size)
        except BaseException:
            os.close(descriptor)
            moves.remove(str(path))
            raise
        os.close(descriptor)
        if not there:
            durable.sync_folder(str(folder))
    return path


def free(folder: Path) -> None:
    """Give the room back, at once. Needs no room itself; calling it again does nothing."""
    with telling(_("cannot give the reserve in {path} free", path=encode(folder))):
        moves.remove(str(folder / _NAME))
        with durable.tree_synced(str(folder)):  # some file systems give the blocks back only then
            faults.point("reserve.freed")


def held(folder: Path) -> bool:
    return (folder / _NAME).exists()


def _take(descriptor: int, size: int) -> None:
    content.allocate(descriptor, size)
    faults.point("reserve.allocated")
    durable.sync_file(descriptor)
    if content.allocated_of(descriptor) < size:
        _fill(descriptor, size)


def _fill(descriptor: int, size: int) -> None:
    """Random bytes take up room even where zeros are squeezed."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    for _piece in range(-(-size // _PIECE)):
        os.write(descriptor, secrets.token_bytes(_PIECE))
    durable.sync_file(descriptor)
