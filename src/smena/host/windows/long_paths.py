r"""Paths in the form that every call of Windows takes, at any length: `\\?\C:\…`, and `\\?\UNC\server\share\…`.

Windows hands such a path to the file system as it is: no `/`, no `.` and `..`, so these are settled
before. A name in a folder that has this form already is only joined to it: names that end in a blank or a dot,
which the usual form cannot say, stay what they are. People and programs are told the usual form.
"""

from __future__ import annotations

import ntpath

_WHOLE = "\\\\?\\"
_UNC = "\\\\?\\UNC\\"
_DEVICE = "\\\\.\\"
_KERNEL = "\\??\\"
"""How reparse points spell `_WHOLE`."""


def whole(path: str) -> str:
    """The long form; one that has it already stays."""
    if path.startswith((_WHOLE, _DEVICE)):
        return path.replace("/", "\\")
    full = ntpath.abspath(path)
    return _UNC + full[2:] if full.startswith("\\\\") else _WHOLE + full


def usual(path: str) -> str:
    """The form for people and programs; the name of a volume has no other than its own."""
    if path.startswith(_KERNEL):
        path = _WHOLE + path[len(_KERNEL) :]
    if path.upper().startswith(_UNC):
        return "\\\\" + path[len(_UNC) :]
    return path[len(_WHOLE) :] if path.startswith(_WHOLE) and path[5:6] == ":" else path


def kernel(path: str) -> str:
    """How a reparse point spells a whole path."""
    return _KERNEL + whole(path)[len(_WHOLE) :]


def joined(folder: str, name: str) -> str:
    """An entry of a folder in the long form."""
    return folder + name if folder.endswith("\\") else f"{folder}\\{name}"
