"""The folders in which a plan makes, replaces or takes away something while the instance is down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from smena.plan.kinds import KINDS
from smena.plan.model import PlannedStep


def folders_written(steps: Iterable[PlannedStep]) -> list[str]:
    """Each once, in the order of the steps."""
    found = (folder for step in steps if step.kind in _WRITTEN for folder in _of(step))
    return list(dict.fromkeys(found))


def _of(step: PlannedStep) -> Iterator[str]:
    yield from _WRITTEN[step.kind](msgspec.json.decode(step.params, type=KINDS[step.kind]))


def _above(path: str) -> str:
    """The folder that holds it, for paths of either platform."""
    return path[: max(path.rfind("/"), path.rfind("\\"), 0)] or path


_WRITTEN: dict[str, Callable[[Any], Iterable[str]]] = {
    "keep": lambda params: [_above(params.path)],
    "relink": lambda params: [params.folder],
    "remove": lambda params: [params.folder],
    "place": lambda params: [_above(item.file) for item in params.items],
    "render": lambda params: [_above(params.file)],
    "edit-yaml": lambda params: [_above(params.file)],
    "edit-xml": lambda params: [_above(params.file)],
    "edit-env": lambda params: [_above(params.file)],
}
