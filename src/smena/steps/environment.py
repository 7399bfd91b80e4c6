"""environment: the machine's environment variables that belong to the configuration, remembered and given back.

A vendor's installer may set them at any step, so they are remembered before the first one. Their values may hold
secrets: they lie in the run's own folder, readable by nobody else, and never in the journal or the plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from smena import faults
from smena.drivers import registry
from smena.drivers.registry_file import Value
from smena.host import files
from smena.host.native import attributes
from smena.plan.windows_params import Environment
from smena.run.step import Done
from smena.steps.tools import World
from smena.text import _

KEY = r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment"
_FILE = "environment.json"
Values = dict[str, str | None]


def do(p: Environment, ctx: World) -> Done:
    file = ctx.tools.folder / _FILE
    if not file.exists():
        files.write_file(file, msgspec.json.encode(_present(p.names)), attributes.own(0o600))
        faults.point("environment.noted")
    if p.back_to is None:
        return Done()
    return Done(_("{count} variables set back", count=_give(_noted(ctx.tools.folder.parent / p.back_to / _FILE))))


def undo(_p: Environment, ctx: World) -> None:
    """What was not noted was not touched either: it is noted before anything else happens."""
    file = ctx.tools.folder / _FILE
    if file.exists():
        _give(_noted(file))


def _give(wanted: Mapping[str, str | None]) -> int:
    """Only those that differ; the number of them."""
    present = _present(list(wanted))
    differing = [name for name, value in wanted.items() if present[name] != value]
    for name in differing:
        registry.set_text(KEY, name, wanted[name])
    return len(differing)


def _present(names: Sequence[str]) -> Values:
    found = registry.values(KEY) or {}
    return {name: _text(found.get(name.casefold())) for name in names}


def _text(value: Value | None) -> str | None:
    return None if value is None else str(value)


def _noted(file: Path) -> Values:
    return msgspec.json.decode(file.read_bytes(), type=Values) if file.exists() else {}
