"""nginx's processes, told apart by the titles that they give themselves."""

from __future__ import annotations

from pathlib import Path

from smena.host.native import processes

_PROC = Path("/proc")
_GONE = (FileNotFoundError, ProcessLookupError, PermissionError)


def master(pid_file: Path) -> int | None:
    """The first process, if the one in the file still is it: a number alone may belong to anybody."""
    try:
        pid = int(pid_file.read_text("ascii").strip() or 0)
    except (FileNotFoundError, ValueError):
        return None
    return pid if b"master process" in _title(pid) else None


def taking(of: int) -> set[int]:
    """The workers that take requests: one that has been told to end serves only what it has begun."""
    return {pid for pid in all_of(of) if _takes(_title(pid))}


def all_of(of: int) -> set[int]:
    """Its children, also those that only finish what they have begun."""
    return {int(word) for path in _PROC.glob(f"{of}/task/*/children") for word in _read(path).split()}


def read_anew(pid: int) -> bool:
    """Have the first process take up its configuration; false where it is gone."""
    who = processes.identity(pid)
    return who is not None and processes.hang_up(who)


def _takes(title: bytes) -> bool:
    return b"worker process" in title and b"shutting down" not in title


def _title(pid: int) -> bytes:
    return _read(_PROC / str(pid) / "cmdline")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except _GONE:
        return b""
