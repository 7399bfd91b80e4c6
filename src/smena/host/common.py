"""Where the locks of what several homes share lie: a web server, a version's folder, an installer.

Who may do everything changes what is the whole host's, so these locks are the host's too, whichever
home is used. Another user can only change what is his own, and his homes do not meet.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smena.host import files
from smena.host.lock import Lock
from smena.host.native import attributes, rights


def folder(home: Path) -> Path:
    return rights.shared_locks() or home / "locks" / "shared"


@contextmanager
def alone(home: Path, name: str, purpose: str, wait: float) -> Iterator[None]:
    """Nobody else has the thing of this name inside the block."""
    place = folder(home)
    files.make_folder(place, attributes.own(rights.SHARED_MODE))
    with Lock(place / f"{name}.lock", purpose).acquire(wait):
        yield
