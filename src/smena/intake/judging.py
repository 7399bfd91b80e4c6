"""Whether a package may come in: an archive is read to its end, and each member of it judged, before it is believed.

What is no archive by its name (an installer) is taken as it is: only its hash is recorded.
"""

from __future__ import annotations

from pathlib import Path

from smena.drivers import archive
from smena.errors import BadArchive
from smena.host.paths import encode
from smena.text import Text, _

ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.zst", ".tzst", ".zip")


def unpacked_size(copy: Path, name: str) -> int:
    """The bytes that come out of it; `name` is what messages call it. 0 for what is no archive."""
    if not name.lower().endswith(ARCHIVES):
        return 0
    try:
        return sum(member.size for member in archive.members(copy))
    except BadArchive as error:
        why = [_called(error.message, encode(copy), name), *(_called(text, encode(copy), name) for text in error.why)]
        raise BadArchive(
            _("{file} cannot be added", file=name),
            why=why,
            state=_("nothing was changed"),
            hint=_("get the file again, and compare its check sum with the vendor's"),
        ) from error


def _called(text: Text, path: str, name: str) -> Text:
    """The same words with the package's own name: nobody knows our copy."""
    return Text(text.template, {key: name if value == path else value for key, value in text.values.items()})
