"""Handles that a new process reads and writes: a log that it can only add to, and nothing to read."""

from __future__ import annotations

import sys

from smena.host.windows.api import handles

assert sys.platform == "win32"  # tells mypy too


def adding_to(path: str) -> handles.Handle:
    """Whoever has it writes at the end, wherever that is by then."""
    return handles.for_a_child(path, handles.ADD_DATA | handles.SYNCHRONIZE, handles.OPEN_OR_CREATE)


def nothing() -> handles.Handle:
    return handles.for_a_child("NUL", handles.READ, handles.OPEN_EXISTING)
