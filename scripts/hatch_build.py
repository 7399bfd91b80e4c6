"""Compiles the translations when the package is built, so that wheel and editable install both speak Russian."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Translations(BuildHookInterface):  # type: ignore[type-arg]
    """hatchling calls this before it collects the files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        for source in Path(self.root, "src/smena/locale").glob("*/LC_MESSAGES/smena.po"):
            compile_one(source)


def compile_one(source: Path) -> None:
    with source.open("rb") as file:
        catalog = read_po(file)
    with source.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)
