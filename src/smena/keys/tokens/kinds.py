"""All kinds of keys, in one list; which of them smena can read, and how one is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import msgspec

from smena.errors import KeyRecordBad
from smena.host import files
from smena.host.native import attributes
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.keys import beside, packing
from smena.keys.exchange.ports import Key
from smena.keys.tokens import guardant, pin, pkcs11, software, virtual
from smena.keys.trust import Trust
from smena.text import _

_FILE = "key.json"


class Keep(msgspec.Struct, frozen=True, kw_only=True):
    """What a key's folder says of it. `token` comes with hardware only."""

    kind: str
    token: pkcs11.Spec | None = None


class Ask(msgspec.Struct, frozen=True):
    """How to get at a key: where its PIN comes from, and how long to wait for others who use it."""

    pin: pin.Source = pin.nobody
    wait: float = 5.0


def _virtual(folder: Path, _keep: Keep, trust: Trust, ask: Ask) -> AbstractContextManager[Key]:
    return virtual.opened(folder, trust, ask.wait)


def _software(folder: Path, _keep: Keep, trust: Trust, ask: Ask) -> AbstractContextManager[Key]:
    return software.opened(folder, trust, ask.wait)


def _pkcs11(folder: Path, keep: Keep, trust: Trust, ask: Ask) -> AbstractContextManager[Key]:
    if keep.token is None:
        raise KeyRecordBad(_("{path} is damaged", path=encode(folder / _FILE)))
    return pkcs11.opened(folder, keep.token, trust, ask.pin, ask.wait)


def _guardant(_folder: Path, _keep: Keep, _trust: Trust, _ask: Ask) -> AbstractContextManager[Key]:
    raise guardant.refuse()


Open = Callable[[Path, Keep, Trust, Ask], AbstractContextManager[Key]]
KINDS: dict[str, Open] = {
    virtual.KIND: _virtual,
    software.KIND: _software,
    pkcs11.KIND: _pkcs11,
    guardant.KIND: _guardant,
}
MEASURED = frozenset(KINDS) - {guardant.KIND}


def keep(folder: Path, said: Keep) -> None:
    files.make_folder(folder)
    files.write_file(folder / _FILE, msgspec.json.encode(said), attributes.own(0o644))


def kept(folder: Path) -> Keep:
    path = folder / _FILE
    with telling(_("cannot read {path}", path=encode(path))):
        content = path.read_bytes()
    found = packing.read(content, Keep)
    if found is None:
        raise KeyRecordBad(_("{path} is damaged", path=encode(path)))
    if found.kind not in KINDS:
        raise KeyRecordBad(_("{path} is damaged", path=encode(path)), why=[_("this kind of key is not known")])
    return found


@contextmanager
def opened(folder: Path, ask: Ask | None = None) -> Iterator[Key]:
    """The key whose folder this is, with the trust list that lies there."""
    said = kept(folder)
    with KINDS[said.kind](folder, said, beside.read(folder), ask or Ask()) as key:
        yield key
