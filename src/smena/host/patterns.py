"""Which entries of a tree are meant: patterns over paths relative to its root.

`*` and `?` stop at `/`, `**` does not. A pattern without `/` is a name at any depth; one with `/` starts at the
root. What is below a folder that matches is meant too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

Matcher = Callable[[str], bool]


def nothing(_path: str) -> bool:
    """Means no entry at all."""
    return False


def matcher(patterns: Sequence[str]) -> Matcher:
    """A function that tells of a relative path whether it, itself, is meant by any of the patterns.

    A walk asks it for folders before what lies in them, so it has no need to look at a path's parents.
    """
    if not patterns:
        return nothing
    match = re.compile("|".join(f"(?:{_expression(pattern)})" for pattern in patterns), re.DOTALL).fullmatch
    return lambda path: match(path) is not None


def _expression(pattern: str) -> str:
    anywhere = "" if "/" in pattern.rstrip("/") else "(?:.*/)?"
    return anywhere + "".join(_part(part) for part in re.split(r"(\*\*/|\*\*|\*|\?)", pattern.strip("/")))


def _part(part: str) -> str:
    return {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(part, re.escape(part))
