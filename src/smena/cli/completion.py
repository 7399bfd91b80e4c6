"""`smena completion`: the script that a shell reads once. The shell then asks smena itself what fits."""

from __future__ import annotations

import click
from click.shell_completion import ShellComplete, get_completion_class

from smena.cli.frame import COMPLETE, Command, Frame, argument
from smena.text import _

SHELLS = ("bash", "zsh", "fish")


@click.command(
    "completion",
    cls=Command,
    words=_("Print the script that makes a shell complete smena's commands, products and versions."),
    examples=(
        "smena completion bash > /etc/bash_completion.d/smena",
        "smena completion zsh > ~/.zfunc/_smena",
        "smena completion fish > ~/.config/fish/completions/smena.fish",
    ),
)
@argument("shell", words=_("bash, zsh or fish."), metavar=_("SHELL"), type=click.Choice(SHELLS))
@click.pass_obj
def completion(frame: Frame, shell: str) -> None:
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - click knows all of SHELLS
    # The base class's source(): bash's own first runs bash to look at its version.
    script = ShellComplete.source(kind(click.Command("smena"), {}, "smena", COMPLETE))
    frame.out.show({"shell": shell, "script": script}, lambda page: page.block(script))
