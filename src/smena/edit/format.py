"""What a caller says about a file before it is read: its kind, its name for people, its encoding if that is known."""

from __future__ import annotations

from typing import Literal

import msgspec

from smena.text import Text, _, plain

Kind = Literal["yaml", "xml", "env", "ini", "text"]

#: The kinds that have keys; a `text` is only lines.
KEYED: tuple[Kind, ...] = ("yaml", "xml", "env", "ini")


class Format(msgspec.Struct, frozen=True):
    """`file` is only what messages call it: nothing here opens a file."""

    kind: Kind
    file: str = ""
    encoding: str = ""

    @property
    def shown(self) -> Text:
        return plain(self.file) if self.file else _("the {kind} file", kind=self.kind)
