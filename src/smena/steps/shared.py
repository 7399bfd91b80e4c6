"""What several runs may want at the same time: a version's folder, an installer. One at a time has it.

The lock is the operating system's, held while a step acts and released by death.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from smena.host import common
from smena.steps.tools import World

_PATIENCE = 3600.0


@contextmanager
def alone_with(thing: str, ctx: World) -> Iterator[None]:
    """Nobody else works on `thing` (a path) inside the block."""
    name = f"shared-{hashlib.sha256(thing.encode()).hexdigest()[:16]}"
    with common.alone(ctx.tools.home, name, f"smena run {ctx.run}", _PATIENCE):
        yield
