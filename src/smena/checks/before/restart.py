"""restart: nothing waits for a restart of Windows, and no other installation goes on.

An installer that finds a restart pending refuses, or does half of its work now and half after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.drivers import msi
from smena.host import target
from smena.text import _, plain


def ask(_question: Mapping[str, object], _scene: Scene) -> Iterator[Finding]:
    if target.platform() != "windows":
        return
    for mark in msi.restart_pending():
        yield Finding(
            check="restart",
            blocking=True,
            text=_("Windows waits for a restart, or is being installed to"),
            why=plain(mark),
            accept="restart-pending",
            hint=_("restart the host first"),
        )
