"""What lay in a site's place before it was closed: `HOME/pages/INSTANCE.json`, there before anything changes."""

from __future__ import annotations

from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from smena.errors import BadContent
from smena.host import files
from smena.host.native import attributes
from smena.host.paths import encode
from smena.text import _, plain

R = TypeVar("R")


class ClosedSites(Generic[R]):
    """The registers of one home, of one kind of web server."""

    def __init__(self, home: Path, kind: type[R]) -> None:
        self.folder = home / "pages"
        self._kind = kind

    def add(self, instance: str, register: R) -> R:
        files.make_folder(self.folder, attributes.own(0o700))
        files.write_file(self._path(instance), msgspec.json.encode(register), attributes.own(0o600))
        return register

    def known(self, instance: str) -> R | None:
        path = self._path(instance)
        try:
            return msgspec.json.decode(path.read_bytes(), type=self._kind)
        except FileNotFoundError:
            return None
        except msgspec.DecodeError as error:
            raise BadContent(_("{path} is damaged", path=encode(path)), why=[plain(error)]) from error

    def forget(self, instance: str) -> None:
        files.remove_file(self._path(instance))

    def _path(self, instance: str) -> Path:
        return self.folder / f"{instance}.json"
