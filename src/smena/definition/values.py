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

    read: Literal["yaml", "xml", "env", "ini", "text", "link-target", "registry", "file-version", "installed"]
    """`installed`: the version under which the system's installer lists a program; `of` is its name there, with `*`."""
    of: PathTemplate
    key: str | None = None
    """Which value it is; an attribute in XML is written `Settings/Bindings/@Port`."""
    formerly: tuple[str, ...] = ()
    """Names that the key had in older versions, tried in this order when it is not there."""
    pattern: Regex | None = None
    """What of it is the value: the first group."""
    relative_to: PathTemplate | None = None
    """The folder that a relative path read there counts from."""
    encoding: Encoding | None = None
    default: Template | None = None


Value = Template | Read
