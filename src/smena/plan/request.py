"""What a plan is built from, as values: nothing here knows where they came from."""

from __future__ import annotations

import msgspec

from smena.definition.model import Definition
from smena.definition.scalars import Id
from smena.definition.values import Localized
from smena.plan.model import ConfigChange
from smena.plan.world import PackageSpec, World


class RiskIn(msgspec.Struct, frozen=True):
    """Something about a hop that a person accepts by name: a risk, or a block that nobody can judge."""

    name: str
    why: Localized


class HopIn(msgspec.Struct, frozen=True, kw_only=True):
    """One hop of the path that was found."""

    from_: str
    to: str
    procedure: Id
    data: str
    risks: tuple[RiskIn, ...] = ()
    licence: bool = False
    software: dict[str, tuple[str, ...]] = {}
    """Each of these ranges must have the version that is there."""
    from_release: str = ""
    """The release that a measured build belongs to, where it has another name."""


KILL = "kill-service"
"""By this name a person accepts that a service which does not stop in time is killed."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What the person chose."""

    accepted: tuple[str, ...] = ()
    resolutions: dict[str, dict[str, object]] = {}
    """By configuration file: key → `ours`, `new` or `{value: …}`."""
    rollback_when_open: bool = False
    probation: float = 60.0
    backup_name: str = "before"


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that `build` turns into a plan."""

    definition: Definition
    world: World
    hops: tuple[HopIn, ...]
    packages: tuple[PackageSpec, ...]
    options: Options = Options()
    merged: tuple[ConfigChange, ...] = ()
    """What the merges come to, worked out beforehand on `merge_items(request)`."""
    hashes: dict[str, str] = {}
    smena: str = ""
