"""Names that must stay inside a folder: what is linked, removed, copied out of a tree or a package.

A definition may come from anywhere, and such a name must not lead out of the folder that
the step names. Look-ups are judged again when they are filled in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from smena.definition import steps
from smena.definition.mistake import short
from smena.definition.model import Definition
from smena.definition.nodes import Path
from smena.definition.reading import Reading
from smena.definition.scope import steps_of
from smena.text import _

_OUTWARD = re.compile(r"[/\\]|[A-Za-z]:|~")
_NAMES: dict[type, tuple[str, ...]] = {
    steps.Relink: ("links", "optional"),
    steps.Remove: ("names",),
    steps.Carry: ("include", "exclude"),
}


def check_inside(definition: Definition, reading: Reading) -> None:
    """Report every name that is no path below a folder."""
    for path, name in _names(definition):
        if outward(name):
            reading.wrong_at(path, _("must stay inside its folder: {text}", text=f"“{short(name)}”"))


def outward(name: str) -> bool:
    """Whether a name leads out of the folder that it is meant for."""
    return bool(_OUTWARD.match(name)) or ".." in re.split(r"[/\\]", name)


def _names(definition: Definition) -> Iterator[tuple[Path, str]]:
    for path, step in steps_of(definition):
        for field in _NAMES.get(type(step.params), ()):
            yield from _several((*path, step.kind, field), getattr(step.params, field))
    for at, file in enumerate(definition.instance.config):
        if file.default:
            yield ("instance", "config", at, "default", "package"), file.default.package
    if definition.backup:
        yield from _several(("backup", "without"), definition.backup.without)


def _several(path: Path, names: Iterable[str]) -> Iterator[tuple[Path, str]]:
    return (((*path, at), name) for at, name in enumerate(names))
