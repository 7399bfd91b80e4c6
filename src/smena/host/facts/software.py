"""Which version of a program is installed, asked of the program itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from smena.errors import ProgramMissing, ProgramTooSlow
from smena.host import programs, target
from smena.host.facts.fact import Fact, stable
from smena.host.process import Command, environment, run

_LIMIT = 20.0


def version(name: str, command: Sequence[str], pattern: str) -> Fact[str | None]:
    """Run `command` and take the pattern's first group (or the whole match) from what it prints on either stream.

    None where there is no such program, it does not answer in time, or the pattern does not occur.
    """
    try:
        if target.platform() == "windows":
            outcome = programs.run(command, limit=_LIMIT)
        else:
            outcome = run(Command(tuple(command), environment(), limit=_LIMIT))
    except (ProgramMissing, ProgramTooSlow):
        return stable(f"software.{name}", None)
    found = re.search(pattern, f"{outcome.out}\n{outcome.err}", re.MULTILINE)
    return stable(f"software.{name}", (found.group(1) if found.re.groups else found.group()) if found else None)
