"""What several runs may want at the same time: a version's folder, an installer. One at a time has it.

The lock is the operating system's, held while a step acts and released by death.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from smena.host import files
from smena.host.lock import Lock
from smena.host.native import attributes
from smena.steps.tools import World

_PATIENCE = 3600.0


@contextmanager
def alone_with(thing: str, ctx: World) -> Iterator[None]:
    """Nobody else of this home works on `thing` (a path) inside the block."""
    folder = ctx.tools.home / "locks"
    files.make_folder(folder, attributes.own(0o700))
    name = f"shared-{hashlib.sha256(thing.encode()).hexdigest()[:16]}.lock"
    with Lock(folder / name, f"smena run {ctx.run}").acquire(_PATIENCE):
        yield
