"""The command line of Windows' installer: what a plan shows and what is run are one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

QUIET = ("/qn", "/norestart", "REBOOT=ReallySuppress", "MSIRESTARTMANAGERCONTROL=Disable", "ALLUSERS=1")


def words(action: str, what: str, features: Sequence[str], properties: Mapping[str, str], log: str) -> list[str]:
    """`action` is `/i` to install and `/x` to take away, `what` a package's file or a product's code."""
    added = [f"ADDLOCAL={','.join(features)}"] if features else []
    own = [f"{name}={value}" for name, value in properties.items()]
    return ["msiexec", action, what, *QUIET, *added, *own, "/l*v", log]


def shown(command: Sequence[str]) -> str:
    """For people: what has spaces is quoted."""
    return " ".join(f'"{word}"' if " " in word else word for word in command)
