"""The products that are known here, from the first fields of each file only: a list must be there at once.

A definition in the home takes the place of a built-in one of the same product, so that a
vendor's newer one can be used without a new smena.
"""

from __future__ import annotations

from pathlib import Path

from smena.definition.head import Head, head
from smena.errors import SmenaError
from smena.host.paths import encode
from smena.intake.folder import added, built_in, read


def names(home: Path | None = None) -> list[Head]:
    """Every product, by name. A file that is no definition stands in the list as `broken`, under the file's name."""
    known = {found.product: found for found in map(_head, built_in())}
    if home:
        known |= {found.product: found for found in heads(home)}
    return [known[name] for name in sorted(known)]


def heads(home: Path) -> list[Head]:
    """The heads of the files in the home, one for each file."""
    return [_head(path) for path in added(home)]


def _head(path: Path) -> Head:
    file = encode(path)
    try:
        found = head(read(path), file)
    except SmenaError:  # unreadable: whoever asks for it by name gets the reason
        found = None
    return found or _broken(path, file)


def _broken(path: Path, file: str) -> Head:
    name = encode(path.stem)
    return Head(name, {"en": name, "ru": name}, {"en": "", "ru": ""}, file=file, broken=True)
