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
        Lazy("release", "smena.cli.release:release", _("Product versions: the packages that are at hand.")),
        Lazy("instance", "smena.cli.instance:instance", _("Product instances: find, add, list, start and stop them.")),
        Lazy("plan", "smena.cli.upgrade:plan", _("What an upgrade would do, step by step.")),
        Lazy("upgrade", "smena.cli.upgrade:upgrade", _("Upgrade an instance; on any failure everything goes back.")),
        Lazy("run", "smena.cli.run:run", _("Runs: what goes on, what waits, what was done.")),
        Lazy("rollback", "smena.cli.rollback:rollback", _("Go back to before a run.")),
        Lazy("key", "smena.cli.key:key", _("Licence keys: what they hold, and their exchange with the vendor.")),
        Lazy("desk", "smena.cli.desk:desk", _("The vendor's desk: keys, orders, answers.")),
        Lazy("doctor", "smena.cli.doctor:doctor", _("What of this host smena can use, and what needs a person.")),
        Lazy("demo", "smena.cli.demo:demo", _("Show smena at work, without touching anything.")),
        Lazy("completion", "smena.cli.completion:completion", _("Make the shell complete commands and names.")),
    ],
)
