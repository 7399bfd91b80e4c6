"""The PIN of a token: asked for, or read from a private file or the system's credential store. Never on a command line.

One try, then stop: a token locks itself after a few. A PIN from a file that was refused is not tried again until the
file has changed, whatever restarts in between; what is remembered is which file it was, never the PIN.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from smena.errors import AccessDenied, PinNeeded, PinWrong
from smena.host import files
from smena.host.native import attributes
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.text import Text, _

_REFUSED = "pin-refused"
CREDENTIAL = "smena-pin"


class Pin(msgspec.Struct, frozen=True):
    """`mark` tells a stored PIN from another, without telling the PIN; `last_try`: a person risks the last one."""

    value: str
    mark: str = ""
    last_try: bool = False

    def __repr__(self) -> str:
        return "Pin(…)"


Source = Callable[[], Pin]
"""Called once, when the token really asks."""


def nobody() -> Pin:
    """Where nobody can be asked."""
    raise PinNeeded(
        _("the token asks for its PIN"),
        hint=_("name a file that holds it and that nobody else can read, or call smena on a terminal"),
    )


def from_file(path: Path) -> Source:
    def read() -> Pin:
        with telling(_("cannot read {path}", path=encode(path))):
            private = attributes.is_private(str(path))
            info, content = path.stat(), path.read_text("utf-8")
        if not private:
            raise AccessDenied(
                _("others can read the PIN in {path}", path=encode(path)),
                hint=_("give the file to yourself alone: chmod 600 {path}", path=encode(path)),
            )
        return Pin(content.strip("\r\n"), f"{encode(path)}:{info.st_ino}:{info.st_mtime_ns}:{info.st_size}")

    return read


def from_system() -> Source | None:
    """What the service manager hands over (`LoadCredential=smena-pin:…`); None where it hands over nothing."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    path = Path(folder or ".") / CREDENTIAL
    return from_file(path) if folder and path.exists() else None


def refuse_again(folder: Path, pin: Pin) -> None:
    """Do not try a stored PIN that the token has refused before."""
    path = folder / _REFUSED
    if pin.mark and path.exists() and path.read_text("utf-8") == pin.mark:
        raise wrong(_("it was refused before, and has not changed since; it was not tried again"))


def remember(folder: Path, pin: Pin, *, refused: bool) -> None:
    path = folder / _REFUSED
    if refused and pin.mark:
        files.write_file(path, pin.mark.encode("utf-8"), attributes.own(0o600))
    elif path.exists():
        files.remove_file(path)


def wrong(reason: Text) -> PinWrong:
    return PinWrong(
        _("the token's PIN is wrong"),
        why=[reason],
        state=_("nothing was changed"),
        hint=_("find out the right PIN before trying again: a token locks itself after a few tries"),
    )
