"""Where smena keeps what it knows: registry, runs, releases, added definitions.

`--home`, else SMENA_HOME, else the place that the platform has for such things.
Nothing is made here: whoever writes first makes the folder.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from smena.errors import WrongUsage
from smena.text import _


def home(given: str | None = None, environ: Mapping[str, str] | None = None) -> Path:
    """The home of this call, as an absolute path."""
    variables = os.environ if environ is None else environ
    named = given or variables.get("SMENA_HOME")
    return Path(named).absolute() if named else _usual(variables)


if sys.platform == "win32":

    def _usual(variables: Mapping[str, str]) -> Path:
        """In large letters: so a copy of the environment has it too, and the environment itself knows no case."""
        return Path(variables.get("PROGRAMDATA", r"C:\ProgramData")) / "smena"

else:

    def _usual(variables: Mapping[str, str]) -> Path:
        if os.geteuid() == 0:
            return Path("/var/lib/smena")
        data = variables.get("XDG_DATA_HOME", "")
        if Path(data).is_absolute():
            return Path(data) / "smena"
        user = variables.get("HOME", "")
        if Path(user).is_absolute():
            return Path(user) / ".local/share/smena"
        raise WrongUsage(
            _("cannot tell where smena's home is: this user has no home folder"), hint=_("give --home FOLDER")
        )
