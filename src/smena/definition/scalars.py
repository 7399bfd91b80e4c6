"""The kinds of single values that a definition's fields have.

YAML guesses types (`4.20` becomes 4.2, `on` becomes true); here the field decides.
Every scalar reaches its field as the text that was written, and the reader in
`read.py` that belongs to the field's type judges it.
"""

from __future__ import annotations

from typing import NewType

Id = NewType("Id", str)
"""A lower-case name with digits and hyphens: what everything in a definition is called by."""

Version = NewType("Version", str)
"""A version exactly as written; compared by the definition's version scheme."""

Range = NewType("Range", str)
"""Versions: `4.2`, `4.7.*`, `3.5.1100..3.5.*` (both ends included), `4.7.2..`, `..3.5`, `*`."""

Template = NewType("Template", str)
"""Text with `${name}` look-ups; no logic. `$${` stands for `${`."""

PathTemplate = NewType("PathTemplate", str)
"""A template that is a path: mixed alphabets in one name are worth a warning."""

Argument = NewType("Argument", str)
"""A template that becomes one argument of a command line: no secret may be looked up in it."""

Url = NewType("Url", str)
"""A template that is an address."""

Glob = NewType("Glob", str)
"""A file name pattern (`*`, `?`, `[…]`, `**`), itself a template; `/` separates folders on every platform."""

Regex = NewType("Regex", str)
"""A regular expression in Python's syntax, kept as text and compiled once when it is read."""

KeyPath = NewType("KeyPath", str)
"""The path of a key in a configuration file: `db.workDir`, in XML `Settings/Bindings/@Port`."""

Seconds = NewType("Seconds", float)
"""A duration: `30s`, `5m`, `2h`, `1d`."""

Bytes = NewType("Bytes", int)
"""A size: `500 KB`, `16 MB`, `2 GB` (powers of 1024)."""

Port = NewType("Port", int)
Hostname = NewType("Hostname", str)
Email = NewType("Email", str)
Encoding = NewType("Encoding", str)
"""A text encoding that Python knows."""

FilePattern = NewType("FilePattern", str)
"""A package's file name with `{version}` in it, `*` for anything: `LoginomEnterprise_{version}.msi`.

Where the patterns of several components fit a file, the longest one counts."""
