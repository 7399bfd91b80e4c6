"""File systems of a chosen kind and size, made for one test (as root)."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.need import need

MAKERS = {
    "btrfs": ("mkfs.btrfs", "-q"),
    "xfs": ("mkfs.xfs", "-q", "-m", "reflink=1"),
    "ext4": ("mkfs.ext4", "-q"),
}


def need_root() -> None:
    need(os.geteuid() == 0, "only root can mount a file system")


@contextmanager
def tmpfs(point: Path, size: str) -> Iterator[Path]:
    """A file system in memory that is full soon."""
    need_root()
    point.mkdir(parents=True, exist_ok=True)
    _run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(point))
    try:
        yield point
    finally:
        _run("umount", "-l", str(point))


@contextmanager
def loop(kind: str, point: Path, image: Path, size: int = 400 * 1024 * 1024) -> Iterator[Path]:
    """A file system of this kind in a file."""
    need_root()
    maker, *options = MAKERS[kind]
    need(shutil.which(maker), f"{maker} makes the file system for this test; it is in scripts/apt-packages")
    with image.open("wb") as file:
        file.truncate(size)
    _run(maker, *options, str(image))
    point.mkdir(parents=True, exist_ok=True)
    _run("mount", "-o", "loop", str(image), str(point))
    try:
        yield point
    finally:
        _run("umount", str(point))


@contextmanager
def bind(source: Path, point: Path) -> Iterator[Path]:
    """A folder seen at a second place: another mount with the same device number."""
    need_root()
    point.mkdir(parents=True, exist_ok=True)
    _run("mount", "--bind", str(source), str(point))
    try:
        yield point
    finally:
        _run("umount", str(point))


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
