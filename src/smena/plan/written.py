"""Where a plan replaces or takes away something while the instance is down: the folders, and the single files."""

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


def files_written(steps: Iterable[PlannedStep]) -> list[str]:
    """Files whose content is replaced, each once: they must be files and no links."""
    found: dict[str, None] = {}
    for step in steps:
        if step.kind in _FILES:
            found |= dict.fromkeys(_FILES[step.kind](_params(step)))
    return list(found)


def _of(step: PlannedStep) -> Iterator[str]:
    yield from _WRITTEN[step.kind](_params(step))


def _params(step: PlannedStep) -> Any:
    return msgspec.json.decode(step.params, type=KINDS[step.kind])


def _above(path: str) -> str:
    """The folder that holds it, for paths of either platform."""
    return path[: max(path.rfind("/"), path.rfind("\\"), 0)] or path


_FILES: dict[str, Callable[[Any], Iterable[str]]] = {
    "place": lambda params: [item.file for item in params.items],
    **dict.fromkeys(("render", "edit-yaml", "edit-xml", "edit-env"), lambda params: [params.file]),
}

_WRITTEN: dict[str, Callable[[Any], Iterable[str]]] = {
    "keep": lambda params: [_above(params.path)],
    "relink": lambda params: [params.folder],
    "remove": lambda params: [params.folder],
    "place": lambda params: [_above(item.file) for item in params.items],
    **dict.fromkeys(("render", "edit-yaml", "edit-xml", "edit-env"), lambda params: [_above(params.file)]),
}
