"""One call of smena in a child of the process that forks (`support.forks`): spares it the imports and nothing else.

It has arguments, an environment, a folder, three streams and an exit status of its own, as from a shell. What smena
imports only where it is needed is imported before the fork, or each child would pay for it.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from pathlib import Path
from typing import NoReturn

import msgspec

_PACKAGES = ("smena.cli", "smena.definition", "smena.keys", "smena.service", "smena.instances", "smena.intake")
_FOREIGN = (
    "cryptography.exceptions",
    "cryptography.hazmat.primitives.asymmetric.ec",
    "cryptography.hazmat.primitives.asymmetric.ed25519",
    "cryptography.hazmat.primitives.asymmetric.utils",
    "cryptography.hazmat.primitives.asymmetric.x25519",
    "cryptography.hazmat.primitives.kdf.hkdf",
    "cryptography.hazmat.primitives.keywrap",
    "cryptography.hazmat.primitives.serialization",
    "pkcs11",
    "pkcs11.util.ec",
    "rich.markup",
    "rich.table",
    "segno",
)


class Wish(msgspec.Struct, frozen=True):
    """A call. What it writes goes into two files."""

    arguments: list[str]
    environment: dict[str, str]
    folder: str
    out: str
    err: str


def call(wish: str) -> NoReturn:
    from smena.cli import entry

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


def _make_ready() -> None:
    """Import everything, and read one definition: the readers of its classes are made at the first time."""
    for package in _PACKAGES:
        found = importlib.import_module(package)
        for module in pkgutil.walk_packages(found.__path__, f"{package}."):
            importlib.import_module(module.name)
    for name in _FOREIGN:
        importlib.import_module(name)
    from smena.intake import definitions

    definitions.find("comindware-platform", Path(os.devnull))


if "pytest" not in sys.modules:  # in the process that forks; a test only needs `Wish`
    _make_ready()
