"""One call of smena in a child of the process that forks (`support.forks`): spares it the imports and nothing else.

It has arguments, an environment, a folder, three streams and an exit status of its own, as from a shell.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

import msgspec

from smena.cli import desk, desk_exchange, desk_orders, desk_trust, entry, key, key_activate, key_exchange, key_wizard
from smena.service import desk_exchange as _answers
from smena.service import keyexchange, keyreport, keyring, keywizard

__all__ = [
    "_answers",
    "desk",
    "desk_exchange",
    "desk_orders",
    "desk_trust",
    "key",
    "key_activate",
    "key_exchange",
    "key_wizard",
    "keyexchange",
    "keyreport",
    "keyring",
    "keywizard",
]


class Wish(msgspec.Struct, frozen=True):
    """A call. What it writes goes into two files."""

    arguments: list[str]
    environment: dict[str, str]
    folder: str
    out: str
    err: str


def call(wish: str) -> NoReturn:
    said = msgspec.json.decode(Path(wish).read_bytes(), type=Wish)
    os.environ.clear()
    os.environ.update(said.environment)
    os.chdir(said.folder)
    _redirect(os.devnull, 0, os.O_RDONLY)
    for path, number in ((said.out, 1), (said.err, 2)):
        _redirect(path, number, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    sys.argv = ["smena", *said.arguments]
    status = entry.run()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _redirect(path: str, number: int, flags: int) -> None:
    opened = os.open(path, flags, 0o600)
    os.dup2(opened, number)
    os.close(opened)
