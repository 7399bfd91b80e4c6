"""Programs that write through a memory mapping: their writes need not move a file's time.

A page that is changed already can be changed again without a trace; only when the system has written it out
does the next change move the time. Databases do this (Ignite's log is mapped). Without care the
difference copy would take such a file for unchanged and lose what was written.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from smena import clock
from smena.host.copy import delta_copy, first_copy
from smena.host.native import stamps
from support.disks import tmpfs


@contextmanager
def mapped(path: Path) -> Iterator[mmap.mmap]:
    path.write_bytes(bytes(4 * mmap.PAGESIZE))
    descriptor = os.open(path, os.O_RDWR)
    try:
        with mmap.mmap(descriptor, 0) as pages:
            yield pages
    finally:
        os.close(descriptor)


def copied_after(root: Path, seconds: float) -> bytes:
    (root / "source").mkdir()
    with mapped(root / "source" / "wal") as pages:
        pages[0:5] = b"first"
        clock.sleep(seconds)

        def write_again(done: int, files: int) -> None:
            """Right after the file was copied; its page is changed already, so on its own this moves no time."""
            pages[0:6] = b"second"

        first_copy(root / "source", root / "copy", root / "list", progress=write_again)
    delta_copy(root / "source", root / "copy", root / "list")
    return (root / "copy" / "wal").read_bytes()[:6]


def test_a_write_through_a_mapping_is_never_missed(tmp_path: Path) -> None:
    assert copied_after(tmp_path, 2.2) == b"second"


@pytest.mark.root
def test_where_times_tell_nothing_everything_is_copied(tmp_path: Path) -> None:
    with tmpfs(tmp_path / "disk", "8m") as disk:
        assert stamps.trial(disk) is None
        assert copied_after(disk, 2.2) == b"second"


def test_the_trial_tells_the_file_systems_own_time_and_leaves_nothing(tmp_path: Path) -> None:
    before = tmp_path.stat()
    (tmp_path / "x").write_bytes(b"")
    began = stamps.trial(tmp_path)
    assert began is not None
    assert began >= (tmp_path / "x").stat().st_mtime_ns >= before.st_mtime_ns
    assert [entry.name for entry in tmp_path.iterdir()] == ["x"]


def test_without_a_trial_nothing_is_trusted(tmp_path: Path) -> None:
    assert stamps.trial(Path("/proc")) is None
    assert stamps.trial(tmp_path / "missing") is None
