"""Values: a literal, a template, or something read from one of the product's own files."""

from __future__ import annotations

from typing import Literal

import msgspec

from smena.definition.scalars import Encoding, PathTemplate, Regex, Template
from smena.text import language


class Localized(msgspec.Struct, frozen=True):
    """A vendor's sentence in both languages."""

    en: str
    ru: str

    def __str__(self) -> str:
        return self.ru if language() == "ru" else self.en


class Read(msgspec.Struct, frozen=True, rename="kebab", kw_only=True, omit_defaults=True):
    """A value that stands in one of the product's own files, read from the host when it is needed."""

    read: Literal["yaml", "xml", "env", "ini", "text", "link-target", "registry", "file-version"]
    of: PathTemplate
    key: str | None = None
    pattern: Regex | None = None
    """What of it is the value: the first group."""
    encoding: Encoding | None = None
    default: Template | None = None


Value = Template | Read
