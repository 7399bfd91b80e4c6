"""The keys that one home knows: each has a folder of its own, `HOME/keys/NAME`.

What is written last when a key is added is `about.json`: a folder without it is an adding that was interrupted, and
adding the same again goes on from there. Names become parts of file names, so they follow the rule of instances.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from smena import clock, faults
from smena.definition.mistake import near
from smena.errors import KeyRecordBad, KeyTaken, KeyUnfit, KeyUnknown
from smena.host import files
from smena.host.native import attributes
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.instances.instance import name_trouble
from smena.keys import beside, packing
from smena.keys.exchange.ports import Key
from smena.keys.tokens import guardant, kinds
from smena.keys.tokens.kinds import Ask, Keep
from smena.keys.trust import Anchor
from smena.text import Text, _, plain

_ABOUT = "about.json"


class About(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What nobody can measure of a key."""

    product: str
    """The definition's name."""
    order: str = ""
    """The serial number of what was bought."""
    network: bool = False
    """Behind a licence service, which has to be restarted after a change."""
    pin_file: str = ""
    """Where its PIN lies, in the escaped form; never the PIN."""
    added: str = ""


class Place(msgspec.Struct, frozen=True):
    """One key of a home: its name, its folder, and what is written there of it."""

    name: str
    folder: Path
    about: About
    keep: Keep

    @property
    def measured(self) -> bool:
        """Whether smena can read this kind."""
        return self.keep.kind in kinds.MEASURED


class New(msgspec.Struct, frozen=True, kw_only=True):
    """A key that is to be added. `anchor` and `trust` are missing for kinds that smena cannot read."""

    name: str
    keep: Keep
    about: About
    anchor: Anchor | None = None
    trust: bytes = b""


def names(home: Path) -> list[str]:
    folder = home / "keys"
    return sorted(path.parent.name for path in folder.glob(f"*/{_ABOUT}")) if folder.is_dir() else []


def places(home: Path) -> list[Place]:
    """All of them, by name."""
    return [get(home, name) for name in names(home)]


def get(home: Path, name: str) -> Place:
    """The key of this name; an unknown one is an error with the nearest name."""
    folder = home / "keys" / name
    if name_trouble(name) is not None or not (folder / _ABOUT).exists():
        raise _unknown(name, names(home))
    path = folder / _ABOUT
    with telling(_("cannot read {path}", path=encode(path))):
        about = packing.read(path.read_bytes(), About)
    if about is None:
        raise KeyRecordBad(_("{path} is damaged", path=encode(path)))
    return Place(name, folder, about, kinds.kept(folder))


def add(home: Path, new: New, make: Callable[[Path], None]) -> Place:
    """A new key; `make` puts its secret into the folder, or into the token. Interrupted, it can be repeated."""
    trouble = name_trouble(new.name)
    if trouble is not None:
        raise KeyUnfit(_("“{name}” cannot be the name of a key", name=new.name[:64]), why=[trouble])
    if new.name in names(home):
        raise KeyTaken(
            _("there is a key {name} already", name=new.name), hint=plain(f"smena key show --key {new.name}")
        )
    folder = home / "keys" / new.name
    files.make_folder(home / "keys", attributes.own(0o700))
    files.make_folder(folder, attributes.own(0o700))
    if new.anchor is not None:
        beside.begin(folder, new.anchor, new.trust)
    kinds.keep(folder, new.keep)
    make(folder)
    faults.point("keys.made")
    write(folder, msgspec.structs.replace(new.about, added=clock.stamp()))
    return get(home, new.name)


def write(folder: Path, about: About) -> None:
    files.write_file(folder / _ABOUT, msgspec.json.encode(about), attributes.own(0o600))


@contextmanager
def opened(place: Place, ask: Ask | None = None) -> Iterator[Key]:
    """The key itself, for as long as the block lasts."""
    if not place.measured:
        raise guardant.refuse()
    with kinds.opened(place.folder, ask) as key:
        yield key


def _unknown(name: str, known: list[str]) -> KeyUnknown:
    meant = near(name, known)
    hint: Text = _("did you mean {name}?", name=meant) if meant else plain("smena key list")
    return KeyUnknown(_("there is no key {name}", name=name[:64]), hint=hint)
