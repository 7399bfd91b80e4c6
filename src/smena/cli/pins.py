"""PINs: asked for on a terminal without being shown, or read from a private file. Never on a command line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smena.cli.frame import Frame, option
from smena.text import _

if TYPE_CHECKING:
    from smena.keys.pins import Pins
    from smena.keys.tokens.pin import Pin


def pin_option() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    words = _("A file that holds the token's PIN and that nobody else can read.")
    return option("--pin-file", words=words, metavar=_("FILE"))


def pins(frame: Frame, file: str | None) -> Pins:
    """Each key's PIN is asked for once in a call."""
    from smena.keys.pins import Pins
    from smena.keys.tokens.pin import Pin

    known: dict[str, Pin] = {}

    def ask(name: str) -> Pin:
        if name not in known:
            words = str(_("PIN of the key {name}", name=name))
            known[name] = Pin(click.prompt(words, hide_input=True, err=True))
        return known[name]

    people = not frame.out.json and sys.stdin.isatty()
    return Pins(file=Path(file) if file else None, ask=ask if people else None)
