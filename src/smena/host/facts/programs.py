"""Which programs run, by the names people know them by."""

from __future__ import annotations

from pathlib import Path

import msgspec

from smena.host.facts.fact import Fact, volatile
from smena.host.native import processes
from smena.host.paths import encode


class Program(msgspec.Struct, frozen=True):
    """One process; `name` is its program's file name."""

    pid: int
    name: str


def programs() -> Fact[tuple[Program, ...]]:
    """All that can be seen; one that ends meanwhile is left out."""
    found = [Program(pid, encode(Path(processes.program(pid)).name)) for pid in processes.all_pids()]
    return volatile("programs", tuple(program for program in found if program.name))
