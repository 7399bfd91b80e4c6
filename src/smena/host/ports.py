"""What every operating system has to offer beneath the files of this folder, and the values that pass between."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Any, NamedTuple, Protocol, Self

import msgspec

Progress = Callable[[int, int], None]
"""Told (bytes so far, files so far); called often, so it has to be quick."""


def no_progress(bytes_done: int, files_done: int) -> None:
    """For those who do not watch."""


class Attributes(msgspec.Struct, frozen=True):
    """What belongs to a file besides its content: who may do what. Access lists are among the xattrs."""

    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    xattrs: dict[str, bytes] = {}


class Account(NamedTuple):
    """An account of this host: two numbers on Linux, on Windows one that is text."""

    uid: int
    gid: int
    number: str = ""


class Owned(msgspec.Struct, frozen=True, array_like=True):
    """An entry and whose it was; `access` where numbers do not say it: who might do what."""

    path: str
    uid: int
    gid: int
    access: str = ""


class Identity(msgspec.Struct, frozen=True):
    """One process and no other: a number alone is given again, so start and boot belong to it.

    `mark` is a word that was put into the process's environment: its children carry it too.
    """

    pid: int
    start: int
    boot: str
    mark: str = ""


class Child(Protocol):
    """A program of ours that runs, with pipes; `subprocess.Popen` is one."""

    @property
    def pid(self) -> int: ...
    @property
    def stdin(self) -> IO[bytes] | None: ...
    @property
    def stdout(self) -> IO[bytes] | None: ...
    @property
    def stderr(self) -> IO[bytes] | None: ...
    @property
    def returncode(self) -> int | Any:
        """None until `wait` has seen its end."""

    def wait(self, timeout: float | None = None) -> int:
        """Raises `subprocess.TimeoutExpired`."""


class Folder(Protocol):
    """An opened folder: what is done through it cannot be led elsewhere by a link put in its place."""

    @property
    def path(self) -> Path: ...
    def names(self) -> list[str]:
        """Sorted, so that two walks can be compared side by side."""

    def stat_of(self, name: str) -> os.stat_result:
        """Of the entry itself, never of what a link points to."""

    def stat(self) -> os.stat_result: ...
    def enter(self, name: str) -> Folder: ...
    def open(self, name: str, *, patient: bool = True) -> int:
        """A descriptor for reading; a link or a pipe in the file's place is an error. What another program
        keeps shut is waited for, unless we are not patient."""

    def link_target(self, name: str) -> str: ...
    def attributes(self) -> Attributes: ...
    def attributes_of(self, name: str) -> Attributes: ...
    def enter_to_empty(self, name: str) -> Folder:
        """Enter a folder of ours whose mode may forbid it, so that what lies in it can be removed."""

    def remove_file(self, name: str) -> None: ...
    def remove_folder(self, name: str) -> None: ...
    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
