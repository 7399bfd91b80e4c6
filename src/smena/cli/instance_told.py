"""What a person may say of an instance, the same where it is added and where it is made: one decorator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from smena.cli.frame import option
from smena.text import _

Function = Callable[..., Any]


def told() -> Callable[[Function], Function]:
    """Settings, paths and secrets instead of the definition's, what runs its services, and words about it."""
    instead, by_path = _("A setting, instead of the definition's."), _("A path, instead of the definition's.")
    options = (
        option("--set", "settings", words=instead, metavar=_("NAME=VALUE"), multiple=True),
        option("--path", "paths", words=by_path, metavar=_("NAME=PATH"), multiple=True),
        option(
            "--secret",
            "secrets",
            words=_("A secret setting: asked for on the terminal, or read from a file (- is standard input)."),
            metavar=_("NAME[=FILE]"),
            multiple=True,
        ),
        option("--driver", words=_("What runs its services."), type=click.Choice(["supervised", "systemd", "windows"])),
        option("--notes", words=_("Words to remember it by."), metavar=_("TEXT")),
    )

    def put(function: Function) -> Function:
        for one in reversed(options):  # the last decorator comes first in the help
            function = one(function)
        return function

    return put
