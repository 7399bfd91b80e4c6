"""A key bound to this computer: three of five parts open it (`binding`). It never moves by itself.

Bound anew it is only to what the vendor has signed: the question names the parts as they are now, the answer's licence
repeats them. That a part changed is said while the key can still ask.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from smena.errors import ComputerChanged, KeyRecordBad
from smena.host import files
from smena.host.facts.computer import computer
from smena.host.lock import Lock
from smena.host.native import attributes
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.keys import packing
from smena.keys.exchange import reading
from smena.keys.exchange.ports import Key
from smena.keys.parts import Parts, hints
from smena.keys.primitives import random_bytes
from smena.keys.tokens import binding
from smena.keys.tokens.binding import Bound, Unbound
from smena.keys.tokens.filestore import FileStore
from smena.keys.tokens.seeds import SeedToken
from smena.keys.trust import Trust
from smena.text import _

KIND = "software"
_SECRET = "bound"  # noqa: S105 - a file's name


class Kept(msgspec.Struct, frozen=True):
    """The file: the two seeds, wrapped under a secret that is bound to the computer."""

    bound: Bound
    seeds: bytes


@dataclass(frozen=True)
class SoftwareKey(Key):
    """An opened one, and what became of the computer since it was bound."""

    unbound: Unbound
    parts: Parts


def make(folder: Path, parts: Parts | None = None) -> None:
    """A new key, bound to the computer as it is; one that is there already stays as it is."""
    files.make_folder(folder)
    if not (folder / _SECRET).exists():
        secret = random_bytes(32)
        bound = binding.bind(secret, computer().value if parts is None else parts)
        _keep(folder, Kept(bound, _wrapped(secret, random_bytes(64))))


@contextmanager
def opened(folder: Path, trust: Trust, wait: float = 0.0, parts: Parts | None = None) -> Iterator[SoftwareKey]:
    """`parts`: of this computer, unless a test has others."""
    here = computer().value if parts is None else parts
    with Lock(folder / "lock", "key").acquire(wait):
        kept = _kept(folder)
        unbound = binding.unbind(kept.bound, here)
        token = SeedToken(KIND, _unwrapped(unbound.secret, kept.seeds), binding=hints(here))
        yield SoftwareKey(token, FileStore(folder), trust, unbound, here)


def rebind(folder: Path, key: SoftwareKey) -> None:
    """Bind the key to the computer as it is now, if that is what its licence says."""
    licence = reading.read(key).licence
    if licence.binding != hints(key.parts):
        raise ComputerChanged(
            _("the licence binds this key to another state of the computer"),
            state=_("the key is bound as before"),
            hint=_("make a question for binding it anew, and apply the vendor's answer"),
        )
    kept = _kept(folder)
    _keep(folder, msgspec.structs.replace(kept, bound=binding.bind(key.unbound.secret, key.parts)))


def _kept(folder: Path) -> Kept:
    path = folder / _SECRET
    with telling(_("cannot read {path}", path=encode(path))):
        content = path.read_bytes()
    found = packing.read(content, Kept)
    if found is None:
        raise KeyRecordBad(_("{path} is damaged", path=encode(path)))
    return found


def _keep(folder: Path, kept: Kept) -> None:
    files.write_file(folder / _SECRET, msgspec.json.encode(kept), attributes.own(0o600))


def _wrapped(secret: bytes, seeds: bytes) -> bytes:
    from cryptography.hazmat.primitives.keywrap import aes_key_wrap

    return aes_key_wrap(secret, seeds)


def _unwrapped(secret: bytes, seeds: bytes) -> bytes:
    from cryptography.hazmat.primitives.keywrap import aes_key_unwrap

    return aes_key_unwrap(secret, seeds)
