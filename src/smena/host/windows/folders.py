"""Folders on Windows, by path: there are no descriptors of folders, so a swap under our eyes is not noticed."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from types import TracebackType
from typing import Self

from smena.host.paths import followed
from smena.host.ports import Attributes, Folder
from smena.host.windows import attributes


class PathFolder:
    """A folder held by its path."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not stat.S_ISDIR(os.lstat(path).st_mode):
            raise NotADirectoryError(str(path))

    def names(self) -> list[str]:
        return sorted(os.listdir(self.path))

    def stat_of(self, name: str) -> os.stat_result:
        return os.lstat(self.path / name)

    def stat(self) -> os.stat_result:
        return os.lstat(self.path)

    def enter(self, name: str) -> PathFolder:
        return PathFolder(self.path / name)

    def open(self, name: str) -> int:
        if not stat.S_ISREG(self.stat_of(name).st_mode):
            raise FileNotFoundError(name)
        return os.open(self.path / name, os.O_RDONLY | getattr(os, "O_BINARY", 0))

    def link_target(self, name: str) -> str:
        return os.readlink(self.path / name)

    def attributes(self) -> Attributes:
        return attributes.read(str(self.path))

    def attributes_of(self, name: str) -> Attributes:
        return attributes.read(str(self.path / name))

    def enter_to_empty(self, name: str) -> PathFolder:
        return self.enter(name)

    def remove_file(self, name: str) -> None:
        """A file that is marked read-only has to lose the mark first."""
        path = self.path / name
        if stat.S_ISREG(self.stat_of(name).st_mode):
            os.chmod(path, stat.S_IWRITE)
        os.unlink(path)

    def remove_folder(self, name: str) -> None:
        os.rmdir(self.path / name)

    def close(self) -> None:
        """Nothing is held."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_folder(path: Path) -> Folder:
    return PathFolder(followed(path))
