"""File name patterns with `{name}` in them: which files there are, and what each of them names."""

from __future__ import annotations

import fnmatch
import glob
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

NAME = "{name}"


class Match(NamedTuple):
    """A file that stands for one instance, and the instance's name."""

    name: str
    file: Path


def matches(pattern: str) -> Iterator[Match]:
    """The files that fit now, in order. A pattern without `{name}` names each by its file name without ending."""
    for found in sorted(glob.glob(pattern.replace(NAME, "*"), recursive=True)):  # noqa: PTH207 - an absolute pattern
        file = Path(found)
        name = _name(pattern, file)
        if name:
            yield Match(name, file)


def named(pattern: str, text: str) -> str | None:
    """The instance that a name of Windows stands for, if it fits; without `{name}` it is the instance's own."""
    if NAME not in pattern:
        return text if re.fullmatch(_translated(pattern), text, re.IGNORECASE | re.DOTALL) else None
    found = re.fullmatch(_expression(pattern), text, re.IGNORECASE | re.DOTALL)
    return found[1] if found else None


def _name(pattern: str, file: Path) -> str | None:
    parts = Path(pattern).parts
    place = next((at for at, part in enumerate(parts) if NAME in part), None)
    if place is None:
        return file.stem
    counted = place if "**" not in parts[:place] else place - len(parts)
    found = re.fullmatch(_expression(parts[place]), file.parts[counted], re.DOTALL)
    return found[1] if found else None


def _expression(part: str) -> str:
    before, _name, after = part.partition(NAME)
    return f"{_translated(before)}(.+){_translated(after.replace(NAME, '*'))}"


def _translated(part: str) -> str:
    """The expression of a pattern without folders, to stand inside another one."""
    return fnmatch.translate(part).removesuffix(r"\Z")
