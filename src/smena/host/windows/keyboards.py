"""Waiting for a person at a keyboard: on Windows a read itself is ended by Ctrl-C."""

from __future__ import annotations

from typing import TextIO


def await_line(keyboard: TextIO) -> None:
    """Nothing to wait for besides the read."""
