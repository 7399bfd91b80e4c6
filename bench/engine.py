"""What the engine itself costs: time a step (journal included), and memory of a run with more and more data.

Wanted: at most 1.5 ms a step; at most 150 MB, and the same from 1 MB to 10 GB of data.
The 10 GB are sparse files (their holes are copied as holes): the number and the size of files count for
memory, not what is in them; the 1 GB are real bytes.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import msgspec

from smena.host import copy
from smena.journal.journal import Journal
from smena.journal.rows import Header, NewStep
from smena.run.engine import Engine
from smena.run.step import Done, Kind, NoUndo, Table
from smena.text import plain

STEPS = 1000


class Nothing(msgspec.Struct, frozen=True):
    pass


class Alone:
    """Nobody asks for anything."""

    def stopping(self) -> bool:
        return False

    def asked(self, _request: str) -> bool:
        return False

    def answered(self, _request: str) -> None: ...

    def sleep(self, _seconds: float) -> None: ...


def step_cost(folder: Path) -> float:
    """Milliseconds a step that does nothing."""
    folder.mkdir()
    words = dict.fromkeys(
        ("instance", "product", "from_version", "to_version", "plan_hash", "smena", "who", "host"), "x"
    )
    header = Header(id="bench", kind="upgrade", plan=b"{}", options=b"{}", **words)
    steps = [NewStep(kind="nothing", params=b"{}", title=plain("nothing")) for _number in range(STEPS)]
    journal = Journal.create(folder, header, steps)
    table: Table[None] = Table(
        Kind(name="nothing", params=Nothing, do=lambda _p, _c: Done(), undo=NoUndo("it does nothing"))
    )
    start = perf_counter()
    Engine(journal, table, None, Alone()).carry()
    return (perf_counter() - start) * 1000 / STEPS


def fsync_cost(folder: Path) -> float:
    """Milliseconds that the disk takes for what every step has to wait for: one write that is on the disk."""
    descriptor = os.open(folder / "raw", os.O_CREAT | os.O_WRONLY)
    start = perf_counter()
    for _number in range(STEPS):
        os.write(descriptor, b"x" * 4096)
        os.fdatasync(descriptor)
    os.close(descriptor)
    return (perf_counter() - start) * 1000 / STEPS


def memory(folder: Path, size: int, files: int, *, sparse: bool) -> float:
    """Peak memory, in MB, of a process that copies such a tree as a run does."""
    source = folder / "source"
    source.mkdir()
    for number in range(files):
        with (source / f"f{number}").open("wb") as file:
            if sparse:
                file.truncate(size // files)
            else:
                file.write(os.urandom(size // files))
    out = subprocess.run([sys.executable, __file__, "copy", str(folder)], capture_output=True, text=True, check=True)
    return int(out.stdout) / 1024


def main() -> None:
    with tempfile.TemporaryDirectory(dir=".") as base:
        cost = step_cost(Path(base, "steps"))
        raw = fsync_cost(Path(base))
        print(f"{'engine':<34}{'measured':>12}{'wanted':>12}")
        print(f"{'a step, journal included':<34}{cost:>9.2f} ms{'≤ 1.5 ms':>12}")
        print(f"{'one fdatasync on this disk, now':<34}{raw:>9.2f} ms")
    for name, size, files, sparse in (
        ("1 MB", 1 << 20, 20, False),
        ("1 GB", 1 << 30, 2000, False),
        ("10 GB", 10 << 30, 20000, True),
    ):
        with tempfile.TemporaryDirectory(dir=".") as base:
            peak = memory(Path(base), size, files, sparse=sparse)
            print(f"{'memory with ' + name + ' of data':<34}{peak:>9.0f} MB{'≤ 150 MB':>12}")


def copy_and_tell(folder: Path) -> None:
    """In a process of its own, with everything loaded that a run loads."""
    import smena.service.carrying  # noqa: F401

    copy.first_copy(folder / "source", folder / "copy", folder / "list")
    copy.delta_copy(folder / "source", folder / "copy", folder / "list")
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    copy_and_tell(Path(sys.argv[2])) if sys.argv[1:2] == ["copy"] else main()
