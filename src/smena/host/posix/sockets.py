"""Listening TCP ports on Linux, from /proc/net, and the processes that own them."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from smena.host.posix import processes

assert sys.platform != "win32"  # tells mypy too

_LISTENING = "0A"


def listening() -> list[tuple[str, int, int | None]]:
    """(address, port, process); the process is None where we may not see it."""
    found = [
        (address, port, inode)
        for table, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6))
        for address, port, inode in _table(Path("/proc/net") / table, family)
    ]
    owners = _owners({inode for _address, _port, inode in found})
    return [(address, port, owners.get(inode)) for address, port, inode in found]


def _table(path: Path, family: socket.AddressFamily) -> list[tuple[str, int, str]]:
    try:
        lines = path.read_text("ascii").splitlines()[1:]
    except FileNotFoundError:  # no IPv6 on this host
        return []
    rows = [line.split() for line in lines]
    return [(*_address(row[1], family), row[9]) for row in rows if row[3] == _LISTENING]


def _address(text: str, family: socket.AddressFamily) -> tuple[str, int]:
    """`0100007F:1F90`: each four bytes of the address in the machine's own order, the port in plain hex."""
    host, _, port = text.partition(":")
    raw = bytes.fromhex(host)
    words = b"".join(int.from_bytes(raw[i : i + 4], "big").to_bytes(4, sys.byteorder) for i in range(0, len(raw), 4))
    return socket.inet_ntop(family, words), int(port, 16)


def _owners(inodes: set[str]) -> dict[str, int]:
    owners: dict[str, int] = {}
    wanted = {f"socket:[{inode}]": inode for inode in inodes}
    for pid in processes.all_pids():
        for target in _descriptors(pid):
            if target in wanted:
                owners.setdefault(wanted[target], pid)
    return owners


def _descriptors(pid: int) -> list[str]:
    try:
        names = os.listdir(f"/proc/{pid}/fd")
    except OSError:  # gone, or not ours to see
        return []
    targets = []
    for name in names:
        try:
            targets.append(os.readlink(f"/proc/{pid}/fd/{name}"))
        except OSError:
            continue
    return targets
