"""port-free: nobody else listens on a port that the target needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.host.facts.ports import listeners
from smena.text import _


def ask(question: Mapping[str, object], _scene: Scene) -> Iterator[Finding]:
    port = int(str(question["port"]))
    for listener in listeners(port).value:
        text = _("port {port} is taken by process {pid}", port=port, pid=listener.pid or "?")
        yield Finding(check="port-free", blocking=True, text=text)
