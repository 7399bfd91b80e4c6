"""Whose the home is: whoever can write there decides what smena carries out.

On Windows a run is the system's own, and everybody may make folders where the home usually lies. So nothing is begun or
taken up there in a home that others own or may write in. On Linux nobody but its owner can make the usual home; there
the doctor tells.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, NamedTuple

from smena.errors import HomeOpen
from smena.host.native import attributes, rights
from smena.host.paths import encode
from smena.text import Text, _, plain

SHUT = ("runs", "secrets", "locks", "hold", "headers", "pages", "services")
"""Made by smena for its own user alone."""


class Unfit(NamedTuple):
    """What others own or may enter, and the command that mends it."""

    kind: Literal["owner", "mode"]
    said: Text
    command: Text


def unfit(home: Path, *inner: Path) -> Unfit | None:
    """What lies in the home is ours, nobody else may write there, nor look into what holds secrets and journals."""
    private = [folder for folder in (*(home / name for name in SHUT), *inner) if folder.is_dir()]
    others = next((path for path in (home, *sorted(home.iterdir()), *private) if _another_has(path)), None)
    if others is not None:
        said = _("{path} belongs to another user", path=encode(others))
        return Unfit("owner", said, plain(encode(attributes.to_take(str(home)))))
    shut = [folder for folder in private if not attributes.is_private(str(folder))]
    if shut or attributes.others_write(str(home)):
        open_ = shut[0] if shut else home
        command = attributes.to_shut(str(open_), wholly=bool(shut))
        return Unfit("mode", _("{path} is open to others", path=encode(open_)), plain(encode(command)))
    return None


def _another_has(path: Path) -> bool:
    try:
        return not attributes.belongs_to_us(str(path))
    except FileNotFoundError:  # gone meanwhile, or a link that leads nowhere
        return False


def refuse_if_not_ours(home: Path, *inner: Path) -> None:
    """Before a run is made, started or taken up; `inner`: folders in the home that matter as much."""
    found = unfit(home, *inner) if rights.NEEDED and os.path.lexists(home) else None
    if found is not None:
        raise HomeOpen(
            _("the home {path} is not smena's alone", path=encode(home)),
            why=[found.said, _("who writes there could have anything done on this host")],
            state=_("nothing was changed"),
            hint=found.command,
        )
