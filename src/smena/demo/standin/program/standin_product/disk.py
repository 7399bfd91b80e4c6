"""Durable writing: what was written here is there after a power cut, whole or not at all."""

from __future__ import annotations

import os
import sys


def write(path: str, content: bytes) -> None:
    """Replace a file: its readers see the old content or the new."""
    fresh = path + ".new"
    with open(fresh, "wb") as file:
        file.write(content)
        file.flush()
        sync(file.fileno())
    os.replace(fresh, path)
    sync_folder(os.path.dirname(path))


def move(source: str, target: str) -> None:
    """Rename within a file system, durably."""
    os.replace(source, target)
    sync_folder(os.path.dirname(source))
    if os.path.dirname(target) != os.path.dirname(source):
        sync_folder(os.path.dirname(target))


def remove(path: str) -> None:
    os.unlink(path)
    sync_folder(os.path.dirname(path))


def folder(path: str) -> None:
    """Make a folder that stays."""
    if not os.path.isdir(path):
        os.makedirs(path, exist_ok=True)
        sync_folder(os.path.dirname(path))


def read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def sync(descriptor: int) -> None:
    os.fsync(descriptor)


def sync_folder(path: str) -> None:
    """Make names durable; Windows has no such call and needs none."""
    if sys.platform != "win32":
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def lock(path: str) -> int | None:
    """Take a file for ourselves until death; None if another process has it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
