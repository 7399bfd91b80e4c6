"""The command line of Windows' installer: what a plan shows and what is run are one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from smena.errors import PlanImpossible
from smena.text import _

QUIET = ("/qn", "/norestart", "REBOOT=ReallySuppress", "MSIRESTARTMANAGERCONTROL=Disable", "ALLUSERS=1")


def words(action: str, what: str, features: Sequence[str], properties: Mapping[str, str], log: str) -> list[str]:
    """`action` is `/i` to install and `/x` to take away, `what` a package's file or a product's code."""
    added = [f"ADDLOCAL={','.join(features)}"] if features else []
    own = [f"{name}={value}" for name, value in properties.items()]
    return ["msiexec", action, what, *QUIET, *added, *own, "/l*v", log]


def refuse_quotes(properties: Mapping[str, str]) -> None:
    """The installer reads a quote in a value otherwise than every other program, so no plan gives it one."""
    for name, value in properties.items():
        if '"' in value:
            raise PlanImpossible(
                _("Windows' installer cannot be given the value of {name}", name=name),
                why=[_("there is a quotation mark in it: {value}", value=value)],
                state=_("nothing was changed"),
            )


def shown(command: Sequence[str]) -> str:
    """For people: what has spaces is quoted."""
    return " ".join(f'"{word}"' if " " in word else word for word in command)
