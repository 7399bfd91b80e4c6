"""The one choice between operating systems.

Both packages hold modules of the same names with the same functions. Nothing else
in smena.host asks which system this is.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    from smena.host.windows import (
        attributes,
        commands,
        content,
        durable,
        folders,
        installers,
        keyboards,
        links,
        locks,
        mounts,
        moves,
        owning,
        parts,
        processes,
        rights,
        sockets,
        spawning,
        stamps,
        trials,
    )
else:
    from smena.host.posix import (
        attributes,
        commands,
        content,
        durable,
        folders,
        installers,
        keyboards,
        links,
        locks,
        mounts,
        moves,
        owning,
        parts,
        processes,
        rights,
        sockets,
        spawning,
        stamps,
        trials,
    )

__all__ = [
    "attributes",
    "commands",
    "content",
    "durable",
    "folders",
    "installers",
    "keyboards",
    "links",
    "locks",
    "mounts",
    "moves",
    "owning",
    "parts",
    "processes",
    "rights",
    "sockets",
    "spawning",
    "stamps",
    "trials",
]
