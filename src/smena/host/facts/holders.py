"""Which processes have something at or below a path in use: open, mapped, running from there, or standing in it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from smena.host.facts.fact import Fact, volatile
from smena.host.native import processes
from smena.host.paths import encode


class Holder(msgspec.Struct, frozen=True):
    """A process and how it holds the path: `open`, `mapped`, `program`, `folder` or `root`."""

    pid: int
    program: str
    how: str


def holders(path: Path) -> Fact[tuple[Holder, ...]]:
    """Without root only our own processes can be seen."""
    found = [Holder(pid, encode(processes.program(pid)), how) for pid, how in processes.holders(path)]
    return volatile("holders", tuple(found))
