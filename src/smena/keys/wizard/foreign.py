"""The texts of another maker's program, kept beside the key: its question, the vendor's answer, its confirmation.

An exchange's texts lie in one folder; the next exchange moves it aside as a whole, so nothing is ever overwritten.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from smena import clock
from smena.host import files
from smena.host.native import attributes
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.text import _

What = Literal["question", "answer", "confirmation"]
_FOLDER = "foreign"


def read(folder: Path, what: What) -> bytes:
    """The text; empty where there is none yet."""
    path = _path(folder, what)
    with telling(_("cannot read {path}", path=encode(path))):
        return path.read_bytes() if path.exists() else b""


def keep(folder: Path, what: What, content: bytes) -> Path:
    path = _path(folder, what)
    files.make_folder(path.parent, attributes.own(0o700))
    files.write_file(path, content, attributes.own(0o600))
    return path


def place(folder: Path, what: What) -> Path:
    """Where it lies, for the program that is to read it."""
    return _path(folder, what)


def set_aside(folder: Path) -> None:
    """Room for the next exchange."""
    present = folder / _FOLDER
    if present.is_dir():
        stamp = clock.now().strftime("%Y%m%d-%H%M%S-%f")
        files.rename(present, folder / f"{_FOLDER}-{stamp}")


def text(content: bytes) -> str:
    """What can be shown and mailed: Windows programs write in their own code page."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1251", "replace")


def _path(folder: Path, what: What) -> Path:
    return folder / _FOLDER / f"{what}.txt"
