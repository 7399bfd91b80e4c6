"""The address of an instance's site, and showing it where somebody sits before a desktop."""

from __future__ import annotations

import os
from pathlib import Path

from smena.errors import InstanceUnfit, SmenaError
from smena.host import process
from smena.instances import registry
from smena.instances.world import lookups_of
from smena.intake import definitions
from smena.text import _

_OPENER = "xdg-open"
_PATIENCE = 5.0


def address(home: Path, name: str) -> str:
    """What users open."""
    instance = registry.get(home, name)
    found = lookups_of(definitions.find(instance.product, home), instance, home)
    if found.site is None:
        raise InstanceUnfit(
            _("{instance} has no site that could be opened", instance=name),
            why=[_("the definition of {product} names none", product=instance.product)],
        )
    return found["site.url"]


def show(url: str) -> bool:
    """Open it; false where there is no desktop, or nothing on it that opens addresses."""
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False
    try:
        return process.run(process.Command((_OPENER, url), dict(os.environ), limit=_PATIENCE)).status == 0
    except SmenaError:
        return False  # the address is printed all the same
