"""Which platform's habits this host has: paths, services, packages. Not always that of the Python that runs us."""

from __future__ import annotations

from typing import Literal

from smena.host import drives


def platform() -> Literal["linux", "windows"]:
    """`windows` on Windows, and where Windows programs run through Wine (see `host.drives`)."""
    return "windows" if drives.windows() else "linux"
