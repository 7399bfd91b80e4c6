"""Only one home may change an instance: asked before every run, because other homes know nothing of its runs."""

from __future__ import annotations

from pathlib import Path

from smena.host.paths import decode
from smena.instances import marker, registry
from smena.instances.look import look
from smena.intake import definitions


def refuse_elsewhere(home: Path, name: str) -> None:
    """Refuse where another home manages the instance."""
    instance = registry.get(home, name)
    seen = look(definitions.find(instance.product, home), instance, home)
    if seen.top is not None:
        marker.check(home, Path(decode(seen.top)), name)
