"""Whether we may change IIS: the file that every change is written to is opened for writing, and left as it is.

One that somebody else has open at this instant says nothing, and one that is not there belongs to a configuration
that lies elsewhere (`iis_shared`): both count as allowed, and the first change would tell.
"""

from __future__ import annotations

import os
from pathlib import Path

from smena.drivers.iis import FOLDER, windows
from smena.errors import IisDenied
from smena.host.paths import decode
from smena.text import _

_NO_ACCESS, _IN_USE = 5, (32, 33)


def refuse_without_rights() -> None:
    name = f"{windows()}\\{FOLDER}\\config\\applicationHost.config"
    try:
        os.close(os.open(Path(decode(name)), os.O_RDWR))
    except FileNotFoundError:
        return
    except PermissionError as error:
        if getattr(error, "winerror", _NO_ACCESS) in _IN_USE:
            return
        raise IisDenied(
            _("smena may not change IIS"),
            why=[_("{path} cannot be written", path=name)],
            hint=_("run smena as an administrator (elevated)"),
        ) from error
