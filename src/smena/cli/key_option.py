"""`--key NAME`: which key is meant; the only one needs not be named. And what every new key is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from smena.cli.complete import complete_products
from smena.cli.frame import Frame, argument, option
from smena.errors import SmenaError
from smena.text import _


def key_option() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    words = _("The key's name; without it, the only key that there is.")
    return option("--key", words=words, metavar=_("NAME"), shell_complete=_complete)


def new_key(function: Callable[..., Any]) -> Callable[..., Any]:
    """Its name, its product, and whom it trusts."""
    trust = _("The vendor's trust list, where the definition has none.")
    product = _("The product that it is for.")
    function = option("--trust", words=trust, metavar=_("FILE"))(function)
    function = option(
        "--product", words=product, metavar=_("PRODUCT"), required=True, shell_complete=complete_products
    )(function)
    return argument("name", words=_("The key's name."), metavar=_("NAME"))(function)


def _complete(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    from smena.keys import ring

    try:
        names = ring.names(ctx.find_root().ensure_object(Frame).home)
    except SmenaError:  # nothing to offer where the home cannot be read
        return []
    return [name for name in names if name.startswith(incomplete)]
