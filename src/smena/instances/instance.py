"""What is written down of an instance, and what may be written.

Only what cannot be measured: its name, whose product it is, the edition that was bought, and
what a person set otherwise than the definition says. No version, no state, no secret.
Paths are in the escaped form of `host.paths`.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from smena.definition.model import Platform
from smena.errors import InstanceUnfit
from smena.text import Text, _

Driver = Literal["supervised", "systemd", "windows"]

_NAME = re.compile(r"\w[\w.-]{0,63}")
SECRET = "${secret:"  # noqa: S105 - the mark of a reference, not a secret


class Instance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One deployment of a product on this host."""

    name: str
    product: str
    platform: Platform = "linux"
    edition: str | None = None
    components: tuple[str, ...] = ()
    settings: dict[str, str] = {}
    """Set by a person; never secrets."""
    paths: dict[str, str] = {}
    """Instead of the definition's, by their id."""
    driver: Driver = "supervised"
    added: str = ""
    notes: str = ""


def name_trouble(name: str) -> Text | None:
    """Why a name cannot be an instance's: it becomes part of paths, services and file names."""
    if _NAME.fullmatch(name) and not name.endswith("."):
        return None
    return _("letters, digits, hyphens, underscores and dots make a name, at most 64 of them, a letter or digit first")


def check_name(name: str) -> None:
    trouble = name_trouble(name)
    if trouble is not None:
        raise InstanceUnfit(_("“{name}” cannot be the name of an instance", name=name[:64]), why=[trouble])
