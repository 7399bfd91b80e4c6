"""What a person has said and done about a key, beside it: `wizard.json` in its folder."""

from __future__ import annotations

from pathlib import Path

import msgspec

from smena.errors import KeyRecordBad
from smena.host import files
from smena.host.native import attributes
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.keys import packing
from smena.keys.primitives import digest
from smena.text import _

_FILE = "wizard.json"
_REMEMBERED = 20


class Progress(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Messages are remembered by their digests, so a new question never counts as sent."""

    reason: str = ""
    """Why the licence is to change: the vendor wants to know."""
    sent: tuple[str, ...] = ()
    """Messages of which a person said that they were sent."""
    restart_at: str = ""
    """When the licence service is to be restarted, ISO 8601."""
    restarted: str = ""
    """The confirmation after which it was restarted, or need not be."""
    reopened: str = ""
    """The confirmation after which the product's programs were opened again."""
    closed: tuple[str, ...] = ()
    """Modules that ran when the key was to be changed: they have to be opened again."""


def mark(message: bytes) -> str:
    """How a message is remembered."""
    return digest(message)[:12].hex()


def read(folder: Path) -> Progress:
    path = folder / _FILE
    with telling(_("cannot read {path}", path=encode(path))):
        if not path.exists():
            return Progress()
        found = packing.read(path.read_bytes(), Progress)
    if found is None:
        raise KeyRecordBad(
            _("{path} is damaged", path=encode(path)),
            hint=_("take the file away: it holds only what was said to the wizard"),
        )
    return found


def change(folder: Path, **changes: object) -> Progress:
    """Write down something else."""
    made = msgspec.structs.replace(read(folder), **changes)
    files.write_file(folder / _FILE, msgspec.json.encode(made), attributes.own(0o600))
    return made


def sent(folder: Path, marked: str) -> Progress:
    """Somebody says that the message with this mark is on its way."""
    others = [one for one in read(folder).sent if one != marked]
    return change(folder, sent=(*others[-_REMEMBERED:], marked))
