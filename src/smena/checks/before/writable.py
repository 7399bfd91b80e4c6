"""writable: what the run will replace can be replaced.

A file system mounted read-only allows that not even to root. A link in the place of a configuration file
is nobody's to follow: what it leads to may belong to a whole version, or to another instance.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.host import files
from smena.host.paths import decode
from smena.plan.written import files_written, folders_written
from smena.text import _


def ask(_question: Mapping[str, object], scene: Scene) -> Iterator[Finding]:
    """A folder that is not there yet is none that could be read-only."""
    for folder in folders_written(scene.plan.steps):
        path = Path(decode(folder))
        if path.is_dir() and not os.access(path, os.W_OK | os.X_OK):
            text = _("nothing can be written in {path}", path=folder)
            hint = _("let smena write there, or mount it for writing")
            yield Finding(check="writable", blocking=True, text=text, hint=hint)
    for file in files_written(scene.plan.steps):
        path = Path(decode(file))
        if os.path.lexists(path) and (files.is_link(path) or not path.is_file()):
            text = _("{path} will be replaced, but it is not a file", path=file)
            hint = _("put the file itself in the place of the link")
            yield Finding(check="writable", blocking=True, text=text, hint=hint if files.is_link(path) else None)
