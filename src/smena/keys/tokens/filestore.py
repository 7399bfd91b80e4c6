"""Records in a folder: for keys that have no room of their own. Equally safe, for licences are signed.

Each record is a file of its own, named by its hash, that appears and disappears as a whole.
"""

from __future__ import annotations

from pathlib import Path

from smena.errors import DiskFull, TokenFull
from smena.host import files
from smena.host.native import attributes
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.keys.primitives import digest
from smena.text import _

_ENDING = ".record"
_LARGEST = 64 * 1024


class FileStore:
    """Implements `StateStore`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self) -> list[bytes]:
        with telling(_("cannot read {path}", path=encode(self._folder))):
            return [_content(path) for path in self._paths()]

    def create(self, content: bytes) -> None:
        files.make_folder(self._folder)
        for left in self._folder.glob(f".*{_ENDING}{files.NEW}"):  # by a death
            files.remove_file(left)
        try:
            files.write_file(self._path(content), content, attributes.own(0o600))
        except DiskFull as error:
            raise TokenFull(
                _("there is no room for the new licence"),
                why=[error.message],
                state=_("the licence is as before"),
                hint=_("make room on this disk, then try again"),
            ) from error

    def destroy(self, content: bytes) -> None:
        for path in self._paths():
            if _content(path) == content:
                files.remove_file(path)

    def _paths(self) -> list[Path]:
        return sorted(self._folder.glob(f"*{_ENDING}")) if self._folder.exists() else []

    def _path(self, content: bytes) -> Path:
        return self._folder / f"{digest(content)[:8].hex()}{_ENDING}"


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_LARGEST)
