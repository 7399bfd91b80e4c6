"""A line that a person types. Ctrl-C ends the wait at once, whenever it comes; so does the end of the input."""

from __future__ import annotations

import sys

from smena.host.native import keyboards
from smena.text import Text


def line(question: Text) -> str:
    """The answer, without the blanks around it; empty if nothing was said."""
    sys.stderr.write(f"{question}: ")
    sys.stderr.flush()
    try:
        return typed().strip()
    except (EOFError, KeyboardInterrupt):
        sys.stderr.write("\n")
        raise


def typed() -> str:
    """The next line, as it was typed."""
    if sys.stdin.isatty():
        keyboards.await_line(sys.stdin)
    said = sys.stdin.readline()
    if not said:
        raise EOFError
    return said.removesuffix("\n")
