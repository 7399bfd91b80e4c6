"""Only one home may change an instance: asked before every run, because other homes know nothing of its runs.

An instance's top folder may move with its version, or because a person wants it elsewhere. After a run its marker is
where it is looked for: beside the folder that is the instance's own now.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from smena.definition.windows import registry_key
from smena.host.paths import decode
from smena.instances import marker, registry
from smena.instances.instance import Instance
from smena.instances.look import look
from smena.intake import definitions


def refuse_elsewhere(home: Path, name: str) -> None:
    """Refuse where another home manages the instance."""
    top = _top(home, registry.get(home, name))
    if top is not None:
        marker.check(home, top, name)


def follow(home: Path, name: str, folders: Iterable[str]) -> None:
    """See that the marker is beside the top folder, and beside no other of these folders of the instance."""
    known = registry.find(home, name)
    top = None if known is None else _top(home, known)
    if top is not None:
        marker.follow(home, top, name, [Path(decode(folder)) for folder in folders if not registry_key(folder)])


def _top(home: Path, instance: Instance) -> Path | None:
    seen = look(definitions.find(instance.product, home), instance, home)
    return None if seen.top is None else Path(decode(seen.top))
