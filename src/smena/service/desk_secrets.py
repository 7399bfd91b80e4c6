"""A passphrase in a file: for those who cannot be asked. Only its owner may be able to read it."""

from __future__ import annotations

from pathlib import Path

from smena.errors import AccessDenied
from smena.host.native import attributes
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.text import _


def passphrase_in(path: Path) -> str:
    with telling(_("cannot read {path}", path=encode(path))):
        private, content = attributes.is_private(str(path)), path.read_text("utf-8")
    if not private:
        raise AccessDenied(
            _("others can read the passphrase in {path}", path=encode(path)),
            hint=_("give the file to yourself alone: chmod 600 {path}", path=encode(path)),
        )
    return content.strip("\r\n")
