"""What a volume can do. Here nothing can be tried without leaving a trace, so nothing is told."""

from __future__ import annotations

from smena.host.windows.mounts import Mount


def reflink(folder: str) -> bool | None:
    del folder
    return None


def labels(folder: str) -> bool | None:
    del folder
    return None


def wanted_mounts() -> list[Mount]:
    return []
