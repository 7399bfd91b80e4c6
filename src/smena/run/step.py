"""What a kind of step promises to the engine, and what the engine gives it.

A kind is one row of a table: its parameters' type, `do`, `undo` and `cleanup`, and
what an interruption means. `do` answers with a value. The order that makes a death
harmless is the engine's: the intention is committed, then `do` acts, then the
result is committed. A step that needs to know later what it met writes it down
with `Context.record` *before* it changes anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, Literal, Protocol, TypeVar

import msgspec

from smena.errors import Bug
from smena.text import Text, _

Tools = TypeVar("Tools")
ToolsSeen_co = TypeVar("ToolsSeen_co", covariant=True)
Value = TypeVar("Value")


class Done(msgspec.Struct, frozen=True):
    """It is done."""

    note: Text | None = None


class Retry(msgspec.Struct, frozen=True):
    """Not yet; try again after so many seconds."""

    after: float
    why: Text


class Wait(msgspec.Struct, frozen=True):
    """A person has to do something first."""

    why: Text


Outcome = Done | Retry | Wait


class Context(Protocol[ToolsSeen_co]):
    """What a step sees of the run that carries it."""

    @property
    def tools(self) -> ToolsSeen_co:
        """The host and its drivers, as `service` wired them."""

    @property
    def run(self) -> str: ...

    @property
    def seq(self) -> int: ...

    @property
    def attempt(self) -> int:
        """1 the first time; more after a retry or an interruption."""

    @property
    def resumed(self) -> bool:
        """A person has let it go on: after it had waited, or after its undo had failed.

        Asked for once more rather than taken for granted: a death just after it makes it false again.
        """

    def record(self, value: msgspec.Struct) -> None:
        """Write down durably what undo (or a second attempt) must know."""

    def recorded(self, type: type[Value]) -> Value | None:
        """What an earlier attempt or `do` wrote down."""

    def say(self, text: Text, fraction: float | None = None) -> None:
        """Tell whoever watches how far it is."""

    def pause(self, seconds: float) -> None:
        """Wait, but leave at once when the run is to stop or to be cancelled."""

    def asked(self, request: str) -> bool:
        """Whether a person has asked the run for something (`finish`)."""

    def ago(self) -> float:
        """Seconds since this step began, over interruptions too."""


Do = Callable[[Any, Any], Outcome]
Undo = Callable[[Any, Any], None]


class NoUndo(msgspec.Struct, frozen=True):
    """Written out where other kinds have an undo: why this one needs none."""

    why: str


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table of kinds."""

    name: str
    params: type[msgspec.Struct]
    do: Do
    undo: Undo | NoUndo
    interrupted: Literal["repeat", "undo"] = "repeat"
    cleanup: Undo | None = None
    version: int = 1


class Table(Generic[Tools]):
    """All kinds, by name; a duplicate fails at start."""

    def __init__(self, *kinds: Kind) -> None:
        self._kinds: dict[str, Kind] = {}
        for kind in kinds:
            if kind.name in self._kinds:
                raise Bug(_("two kinds of step are called {name}", name=kind.name))
            self._kinds[kind.name] = kind

    @property
    def kinds(self) -> Mapping[str, Kind]:
        return self._kinds

    def __getitem__(self, name: str) -> Kind:
        return self._kinds[name]

    def __contains__(self, name: object) -> bool:
        return name in self._kinds
