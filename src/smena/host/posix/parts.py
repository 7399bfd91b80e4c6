"""Names that parts of a Linux computer have of their own, from /etc and /sys. None where a part tells none."""

from __future__ import annotations

import os
from pathlib import Path


def read(root: Path = Path("/")) -> dict[str, str | None]:
    """By part. Some can be read by root only: for others they do not exist."""
    return {
        "machine": _text(root / "etc/machine-id"),
        "board": _text(root / "sys/class/dmi/id/board_serial"),
        "disk": _disk(root),
        "network": _network(root),
        "firmware": _text(root / "sys/class/dmi/id/product_uuid"),
    }


def _disk(root: Path) -> str | None:
    """Of the disk under the root file system, else of the first one that is a device of its own."""
    for disk in [*_under_root(root), *_devices(root / "sys/block")]:
        for name in ("serial", "wwid", "device/serial", "device/wwid"):
            if found := _text(disk / name):
                return found
    return None


def _under_root(root: Path) -> list[Path]:
    """The device that / lies on, or the disk whose partition it is, or what a volume is made of."""
    table = root / "proc/self/mountinfo"
    lines = table.read_text("utf-8", "surrogateescape").splitlines() if table.exists() else []
    numbers = [line.split()[2] for line in lines if line.split()[4] == "/"]
    found = [root / "sys/dev/block" / number for number in numbers[-1:]]
    devices = [path.resolve() for path in found if path.exists()]
    slaves = [slave.resolve() for device in devices for slave in sorted((device / "slaves").glob("*"))]
    return [path.parent if (path / "partition").exists() else path for path in [*devices, *slaves]]


def _network(root: Path) -> str | None:
    """The address of the first card that is a device of its own; bridges and the like come and go."""
    addresses = (_text(card / "address") for card in _devices(root / "sys/class/net"))
    return next((address for address in addresses if address), None)


def _devices(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if (path / "device").exists())


def _text(path: Path) -> str | None:
    try:
        return os.fsdecode(path.read_bytes()).strip() or None
    except OSError:  # not there, or not for us: the part has no name that could be relied on
        return None
