"""A key bound to nothing, for demonstrations and tests. Only a demonstration's realm has such keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smena.errors import RealmOther
from smena.host import files
from smena.host.lock import Lock
from smena.host.native import attributes
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.keys.exchange.ports import Key
from smena.keys.primitives import random_bytes
from smena.keys.tokens.filestore import FileStore
from smena.keys.tokens.seeds import SeedToken
from smena.keys.trust import Trust
from smena.text import _

KIND = "virtual"
_SECRET = "secret"  # noqa: S105 - a file's name


def make(folder: Path) -> None:
    """A new key; one that is there already stays as it is."""
    files.make_folder(folder)
    if not (folder / _SECRET).exists():
        files.write_file(folder / _SECRET, random_bytes(64), attributes.own(0o600))


@contextmanager
def opened(folder: Path, trust: Trust, wait: float = 0.0) -> Iterator[Key]:
    if not trust.anchor.demo:
        raise RealmOther(
            _("a virtual key counts only in a demonstration"), hint=_("use a token, or a key bound to this computer")
        )
    with Lock(folder / "lock", "key").acquire(wait):
        with telling(_("cannot read {path}", path=encode(folder / _SECRET))):
            seeds = (folder / _SECRET).read_bytes()
        yield Key(SeedToken(KIND, seeds, model="virtual"), FileStore(folder), trust)
