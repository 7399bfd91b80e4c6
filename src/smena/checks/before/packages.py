"""packages: every file that the run needs is at hand, of the size that was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.host.paths import decode
from smena.plan.params import Verify
from smena.text import _


def ask(_question: Mapping[str, object], scene: Scene) -> Iterator[Finding]:
    """Sizes only: the hashes are judged by the run's first steps, before anything is touched."""
    for step in scene.plan.steps:
        if step.kind != "verify":
            continue
        package = msgspec.json.decode(step.params, type=Verify)
        path = Path(decode(package.file))
        if not path.is_file():
            text = _("{file} is not there", file=package.file)
        elif path.stat().st_size != package.size:
            text = _("{file} has another size than when it was added", file=package.file)
        else:
            continue
        yield Finding(check="packages", blocking=True, text=text, hint=_("smena release add FILE"))
