"""The vendor's letter about a key that smena cannot read: which versions it covers, kept with its hash.

It stands for what cannot be measured: a person has read it, and says what it says.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from smena import clock
from smena.errors import KeyRecordBad
from smena.host import files
from smena.host.native import attributes
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.keys import packing
from smena.keys.licence import Licence
from smena.keys.primitives import digest
from smena.text import _

_FILE = "letter.json"
_FOLDER = "letters"


class VendorLetter(msgspec.Struct, frozen=True, kw_only=True):
    """What was recorded."""

    file: str
    """Its name, as it was given."""
    sha256: str
    covers: tuple[str, ...]
    """First parts of versions: `6`, `7`."""
    recorded: str

    @property
    def licence(self) -> Licence:
        """What it says, in the form that can be judged."""
        return Licence(majors=frozenset(self.covers))


def keep(folder: Path, name: str, content: bytes, covers: tuple[str, ...]) -> VendorLetter:
    """Copy the letter beside the key, then write down what it says."""
    letter = VendorLetter(file=encode(name), sha256=digest(content).hex(), covers=covers, recorded=clock.stamp())
    files.make_folder(folder / _FOLDER, attributes.own(0o700))
    files.write_file(folder / _FOLDER / f"vendor-{letter.sha256[:12]}", content, attributes.own(0o600))
    files.write_file(folder / _FILE, msgspec.json.encode(letter), attributes.own(0o600))
    return letter


def read(folder: Path) -> VendorLetter | None:
    """The newest one; None where there is none. Its copy must be what was recorded."""
    path = folder / _FILE
    with telling(_("cannot read {path}", path=encode(path))):
        if not path.exists():
            return None
        found = packing.read(path.read_bytes(), VendorLetter)
        copy = folder / _FOLDER / f"vendor-{found.sha256[:12]}" if found is not None else path
        content = copy.read_bytes() if copy.exists() else b""
    if found is None or digest(content).hex() != found.sha256:
        raise KeyRecordBad(
            _("the vendor's letter beside the key is not the one that was recorded"),
            hint=_("record it again: smena key letter FILE --covers VERSION"),
        )
    return found
