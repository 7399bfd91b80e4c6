"""The plan as a value: what will run, on what it was built, and what a person must know before."""

from __future__ import annotations

import hashlib
from typing import Literal

import msgspec

from smena.definition.values import Localized
from smena.errors import PlanBad
from smena.plan.params import Params
from smena.text import Text, _, plain

PhaseName = Literal["prepare", "switch", "closed", "open"]
RunKind = Literal["upgrade", "rollback", "create", "configure", "remove", "start", "stop"]


SCHEMA = 1


class _Form(msgspec.Struct, frozen=True):
    schema: int = SCHEMA


class PlannedStep(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step, as it will run."""

    kind: str
    title: Text
    detail: Text | None = None
    """What is done, with paths, keys and command lines, where the vendor's words stand in the title."""
    params: msgspec.Raw
    """The JSON of the kind's class in `plan.params`."""
    phase: PhaseName
    hop: int = 0
    version: int = 1
    no_return: Localized | None = None


class HopShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One hop of the path."""

    from_: str = msgspec.field(name="from")
    to: str
    procedure: str
    data: str
    risks: tuple[str, ...] = ()
    licence: bool = False


class RiskShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A condition that a person accepts by name."""

    name: str
    why: Localized
    hops: tuple[str, ...] = ()


class ConfigChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What becomes of one configuration file at one hop; secrets are masked."""

    hop: int
    file: str
    sha256: str
    carried: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    unknown_base: bool = False
    """The old version's default is not known, so all that differs is taken for the administrator's."""
    later: bool = False
    """The new default is known only once the package is installed: the merge is worked out then, before the switch."""
    diff: str = ""


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """Room that the run needs on one mount."""

    mount: str
    needed: int
    free: int


class Forecast(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What it will cost: measured where it could be, else said to be unknown."""

    room: tuple[Room, ...] = ()
    downtime: float | None = None
    downtime_basis: Text | None = None


class Plan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything about a run before it begins."""

    schema: int = SCHEMA
    kind: RunKind
    product: str
    instance: str
    platform: str
    from_: str = msgspec.field(name="from")
    to: str
    edition: str | None = None
    outside: tuple[str, ...] = ()
    """Everything that belongs to the instance: restore points lie outside of all of it."""
    created: dict[str, object] | None = None
    """The instance for as long as the registry does not have it: one that comes to be, or that goes."""
    undoes: tuple[str, ...] = ()
    """The runs that a rollback takes back, the newest first."""
    hops: tuple[HopShown, ...] = ()
    steps: tuple[PlannedStep, ...]
    risks: tuple[RiskShown, ...] = ()
    accepted: tuple[str, ...] = ()
    external: tuple[Text, ...] = ()
    """What lies outside the restore point."""
    config: tuple[ConfigChange, ...] = ()
    notices: tuple[Text, ...] = ()
    facts: dict[str, str] = {}
    """Stable facts that the plan was built on; it is refused when they have changed."""
    hashes: dict[str, str] = {}
    """Of the definition, the packages and the present configuration files; likewise."""
    forecast: Forecast = Forecast()
    rollback_when_open: bool = False
    probation: float = 0.0
    smena: str = ""

    @property
    def hash(self) -> str:
        """The name under which people approve it. What it may cost is left out: free room is another every second."""
        return hashlib.sha256(encode(msgspec.structs.replace(self, forecast=Forecast()))).hexdigest()


def encode(plan: Plan) -> bytes:
    """The one canonical form: what is hashed, stored and written to a file."""
    return msgspec.json.encode(plan, order="deterministic")


def decode(data: bytes) -> Plan:
    """What stands in a journal or a file. A newer form is named as such before anything else is judged."""
    try:
        form = msgspec.json.decode(data, type=_Form).schema
        if form <= SCHEMA:
            return msgspec.json.decode(data, type=Plan)
    except msgspec.DecodeError as error:
        raise PlanBad(_("this is not a plan"), why=[plain(error)]) from error
    raise PlanBad(
        _("this plan was made by a newer smena"),
        why=[_("its form is {found}, this smena knows {known}", found=form, known=SCHEMA)],
        hint=_("use the newer smena again"),
    )


def planned(
    kind: str, params: Params, title: Text, phase: PhaseName, *, hop: int = 0, no_return: Localized | None = None
) -> PlannedStep:
    """A step with its parameters frozen."""
    raw = msgspec.Raw(msgspec.json.encode(params, order="deterministic"))
    return PlannedStep(kind=kind, title=title, params=raw, phase=phase, hop=hop, no_return=no_return)


def in_phase(step: PlannedStep, phase: PhaseName) -> PlannedStep:
    return msgspec.structs.replace(step, phase=phase)
