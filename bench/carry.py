"""What is carried over: the difference after the stop against a bare walk, and the first copy against `cp -a`.

The difference: 100,000 files of which 100 changed since the first copy. It is measured by a bare walk of both trees
(`os.scandir`, and `stat` of each entry) in the same round. The first copy: read back, hashed, and on the disk when it
ends, against `cp -a` followed by `sync -f`, and against `cp -a` alone, which leaves everything in memory. Once for
files of all sizes from 1 KB to 1 MB, once for the 100,000 small ones.

Nothing is removed before the end: for minutes ext4 is slow to give new files the places of removed ones, so a second
run has to wait as long. The folder must lie on a disk: tmpfs has no times to be trusted, and all would be copied again.
No test: the numbers depend on the machine. The ratios of one round do less so, but who else works on the machine shows.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from smena.host import copy

SMALL, CHANGED = 100_000, 100
MIXED = 5_000
ROUNDS = 7
WALK_TARGET, SPEED_TARGET = 1.2, 0.8
SETTLED = 3.0
"""Seconds after which a file's time is old enough to be trusted."""


def plant(root: Path, count: int, smallest: int, largest: int) -> Path:
    """Files of random content, 100 a folder; every size between the two is as likely as its half."""
    chance = random.Random(7)
    blob = chance.randbytes(4 * largest)
    for number in range(count):
        folder = root / f"{number // 10_000:02}" / f"{number // 100 % 100:02}"
        if number % 100 == 0:
            folder.mkdir(parents=True)
        size = int(math.exp(chance.uniform(math.log(smallest), math.log(largest))))
        start = chance.randrange(3 * largest)
        (folder / f"file-{number}").write_bytes(blob[start : start + size])
    os.sync()
    sleep(SETTLED)
    return root


def timed(action: Callable[[], object]) -> float:
    start = perf_counter()
    action()
    return perf_counter() - start


def bare_walk(*roots: Path) -> None:
    """Every entry and its stat: what anybody must do who compares two trees."""
    for root in roots:
        waiting = [os.fspath(root)]
        while waiting:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    entry.stat(follow_symlinks=False)
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)


def by_cp(source: Path, target: Path) -> tuple[float, float]:
    """Seconds of `cp -a`, and with what it takes until it is on the disk."""
    alone = timed(lambda: subprocess.run(["cp", "-a", source, target], check=True))
    return alone, alone + timed(lambda: subprocess.run(["sync", "-f", target.parent], check=True))


def by_us(source: Path, target: Path) -> float:
    record = target.with_name(f"{target.name}.list")
    return timed(lambda: copy.first_copy(source, target, record, proven=True))


def first_copies(source: Path, folder: Path, rounds: int, what: str) -> None:
    """Our speed in parts of that of `cp -a`; who goes first changes."""
    alone, ratios = [], []
    for number in range(rounds):
        os.sync()
        if number % 2:
            ours, theirs = by_us(source, folder / f"ours{number}"), by_cp(source, folder / f"cp{number}")
        else:
            theirs, ours = by_cp(source, folder / f"cp{number}"), by_us(source, folder / f"ours{number}")
        alone.append(theirs[0] / ours)
        ratios.append(theirs[1] / ours)
        print(f"{what}: cp -a {theirs[0]:.2f} s, on the disk {theirs[1]:.2f} s, first copy {ours:.2f} s", flush=True)
    spread = f"from {min(ratios):.0%} to {max(ratios):.0%}"
    print(f"{what}: {median(ratios):.0%} of cp -a with sync ({spread}), {median(alone):.0%} of cp -a alone")


def differences(source: Path, folder: Path) -> None:
    """The time of the difference in parts of a bare walk of both trees."""
    target, record = folder / "copy", folder / "copy.list"
    copy.first_copy(source, target, record, proven=True)
    files = sorted(path for path in source.rglob("file-*") if int(path.name[5:]) % (SMALL // CHANGED) == 0)
    ratios = []
    for number in range(ROUNDS):
        for path in files:
            path.write_bytes(f"changed {number}".encode())
        record.with_name(f"{record.name}.open").unlink(missing_ok=True)  # each round is the first one
        os.sync()
        walk = timed(lambda: bare_walk(source, target))
        start = perf_counter()
        copied = copy.last_copy(source, target, record)
        ours = perf_counter() - start
        if copied.files != len(files):
            raise SystemExit(f"{copied.files} files were copied instead of {len(files)}")
        ratios.append(ours / walk)
        print(
            f"difference: bare walk of both {walk:.3f} s, difference {ours:.3f} s, {ours / walk:.2f} times", flush=True
        )
    print(f"difference: {median(ratios):.2f} times a bare walk (from {min(ratios):.2f} to {max(ratios):.2f})")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", default="/var/tmp", help="on the disk that is to be measured; 4 GB are used")
    parser.add_argument("--only", choices=["difference", "copy"])
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=wanted.folder, prefix="smena-bench-") as name:
        folder = Path(name)
        if wanted.only != "copy":
            small = plant(folder / "small", SMALL, 200, 4_000)
            differences(small, folder)
            (folder / "of-small").mkdir()
            first_copies(small, folder / "of-small", 1, "100,000 small files")
        if wanted.only != "difference":
            (folder / "of-mixed").mkdir()
            first_copies(plant(folder / "mixed", MIXED, 1_000, 1_000_000), folder / "of-mixed", ROUNDS, "mixed")
        print(f"target: difference <= {WALK_TARGET:g} times a bare walk, first copy >= {SPEED_TARGET:.0%} of cp -a")
    return 0


if __name__ == "__main__":
    sys.exit(main())
