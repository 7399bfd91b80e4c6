"""Whole trees as plain values, to be compared; and trees made of everything that a product's folders may hold."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

OLD = 1_600_000_000_000_000_000  # long before any test: no copy takes it for fresh

Entry = tuple[object, ...]


def seen(root: Path, *, times: bool = True) -> dict[str, Entry]:
    """Path -> kind, mode, owner, xattrs, content or target, and mtime."""
    return {os.fsdecode(path): entry for path, entry in _entries(os.fsencode(root), times)}


def content(root: Path) -> dict[str, Entry]:
    """As `seen`, without times."""
    return seen(root, times=False)


def _entries(root: bytes, times: bool) -> list[tuple[bytes, Entry]]:
    found = [(b"", _entry(root, times))]
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            path = folder + b"/" + name
            found.append((os.path.relpath(path, root), _entry(path, times)))
    return found


def _entry(path: bytes, times: bool) -> Entry:
    info = os.lstat(path)
    xattrs = {
        name: os.getxattr(path, name, follow_symlinks=False) for name in os.listxattr(path, follow_symlinks=False)
    }
    proof: bytes | None = None
    if stat.S_ISREG(info.st_mode):
        proof = Path(os.fsdecode(path)).read_bytes()
    elif stat.S_ISLNK(info.st_mode):
        proof = os.fsencode(Path(os.fsdecode(path)).readlink())
    return (oct(info.st_mode), info.st_uid, info.st_gid, xattrs, proof, info.st_mtime_ns if times else 0)


def plant(root: Path, *, age: int = OLD) -> Path:
    """A tree with folders, files of every awkward kind, links and names that are no text; all of it old."""
    (root / "data" / "deep" / "er").mkdir(parents=True)
    (root / "data.d").mkdir()  # sorts between data and data/…
    (root / "empty").mkdir(mode=0o750)
    (root / "data" / "records").write_bytes(bytes(range(256)) * 300)
    (root / "data" / "nothing").write_bytes(b"")
    (root / "data" / "deep" / "er" / "файл с именем.txt").write_text("строка\r\n", encoding="utf-8")
    (root / "data.d" / "one").write_bytes(b"1")
    Path(os.fsdecode(os.fsencode(root) + b"/data/\xff\xfe bad name")).write_bytes(b"no text")
    (root / "link").symlink_to("data/records")
    (root / "dangling").symlink_to("../not/there")
    (root / "secret").write_bytes(b"0600")
    (root / "secret").chmod(0o600)
    (root / "program").write_bytes(b"#!/bin/sh\n")
    (root / "program").chmod(0o4755)
    _sparse(root / "holes")
    os.link(root / "data" / "records", root / "data" / "second name")
    os.setxattr(root / "secret", "user.smena", b"kept\x00too")
    (root / "closed").mkdir()
    (root / "closed" / "inside").write_bytes(b"x")
    (root / "closed").chmod(0o555)
    grow_old(root, age)
    return root


def discard(root: Path) -> None:
    """Remove a planted tree, also where only root could remove from its closed folder."""
    for folder in root.rglob("closed"):
        folder.chmod(0o755)
    shutil.rmtree(root)


def grow_old(root: Path, age: int = OLD) -> None:
    """Give everything below a time long gone (the change time stays: nobody can set that)."""
    for folder, folders, files in os.walk(os.fsencode(root), topdown=False):
        for name in (*folders, *files):
            os.utime(folder + b"/" + name, ns=(age, age), follow_symlinks=False)
    os.utime(root, ns=(age, age))


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.seek(3 * 1024 * 1024)
        file.write(b"middle")
        file.truncate(8 * 1024 * 1024)
