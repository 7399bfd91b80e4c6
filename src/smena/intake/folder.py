"""Where definitions lie: built in, one folder each, and `products/*.yaml` in the home.

Files are read up to the size that a definition may have and one byte more: whoever
judges the bytes sees that there are too many, and nobody reads a huge file to its end.
"""

from __future__ import annotations

from pathlib import Path

from smena.definition.parse import SIZE
from smena.errors import FileMissing
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.text import _

BUILT_IN = Path(__file__).parent.parent / "products"
_FILE = "product.yaml"


def built_in() -> list[Path]:
    """The definitions that come with smena."""
    return sorted(BUILT_IN.glob(f"*/{_FILE}"))


def added(home: Path) -> list[Path]:
    """The definitions that were put into the home."""
    return sorted(path for path in (home / "products").glob("*.yaml") if path.is_file())


def read(path: Path) -> bytes:
    """The bytes of a definition's file; a folder stands for the `product.yaml` in it."""
    message = _("cannot read the definition {file}", file=encode(path))
    with telling(message):
        try:
            inside = path / _FILE if path.is_dir() else path
            with inside.open("rb") as file:
                return file.read(SIZE + 1)
        except (FileNotFoundError, NotADirectoryError, ValueError) as error:  # ValueError: a NUL in the name
            why = _("there is no such file")
            raise FileMissing(message, why=[why], hint=_("give the path of a file")) from error
