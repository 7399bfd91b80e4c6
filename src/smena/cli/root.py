"""`smena` itself: the table of all commands. Nothing that a command needs is imported for it."""

from __future__ import annotations

from smena.cli.frame import Group, Lazy, version_option
from smena.text import _

root = Group(
    "smena",
    words=_(
        "Upgrades on-premises products and their licence keys without fear: plan, prove, run, "
        "and on any failure go back, with every byte of data."
    ),
    params=[version_option()],
    commands=[
        Lazy("product", "smena.cli.product:product", _("What can be upgraded: definitions of products.")),
        Lazy("path", "smena.cli.path:path", _("How to get from one version to another, or why not.")),
        Lazy("demo", "smena.cli.demo:demo", _("Show smena at work, without touching anything.")),
        Lazy("completion", "smena.cli.completion:completion", _("Make the shell complete commands and names.")),
    ],
)
