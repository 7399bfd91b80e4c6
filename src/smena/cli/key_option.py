"""`--key NAME`: which key is meant; the only one needs not be named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from smena.cli.frame import Frame, option
from smena.errors import SmenaError
from smena.text import _


def key_option() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    words = _("The key's name; without it, the only key that there is.")
    return option("--key", words=words, metavar=_("NAME"), shell_complete=_complete)


def _complete(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    from smena.keys import ring

    try:
        names = ring.names(ctx.find_root().ensure_object(Frame).home)
    except SmenaError:  # nothing to offer where the home cannot be read
        return []
    return [name for name in names if name.startswith(incomplete)]
