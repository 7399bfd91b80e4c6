"""Who starts services on this host."""

from __future__ import annotations

from pathlib import Path

from smena.host import target
from smena.host.facts.fact import Fact, stable


def init_system(running: Path = Path("/run/systemd/system")) -> Fact[str]:
    """`systemd` where it runs as the first process (being installed is not enough), `windows`, or `none`."""
    if target.platform() == "windows":
        return stable("init", "windows")
    return stable("init", "systemd" if running.is_dir() else "none")
