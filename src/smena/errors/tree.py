"""The root of the tree and its branches: a branch decides the exit status, a leaf the stable code.

An error says what was refused or failed (`message`), why (`why`, as many reasons as there are), what
state things are in now (`state`), and the one next command or action (`hint`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from smena.text import Text


class SmenaError(Exception):
    """The root: never raised itself."""

    code: ClassVar[str] = "error"
    exit: ClassVar[int] = 1
    http: ClassVar[int] = 500

    def __init__(
        self, message: Text, *, why: Sequence[Text] = (), state: Text | None = None, hint: Text | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.why = tuple(why)
        self.state = state
        self.hint = hint

    def __str__(self) -> str:
        return str(self.message)

    def as_dict(self) -> dict[str, object]:
        """The one shape for programs; the words are in the current language."""
        shown: dict[str, object] = {"code": self.code, "message": str(self.message), "why": [str(w) for w in self.why]}
        if self.state is not None:
            shown["state"] = str(self.state)
        if self.hint is not None:
            shown["hint"] = str(self.hint)
        return shown


# --- the branches: one exit status each -------------------------------------


class Failed(SmenaError):
    """It was tried, it failed, the host is as before."""

    code, exit, http = "failed", 1, 500


class WrongUsage(SmenaError):
    """The call itself is wrong."""

    code, exit, http = "usage", 2, 400


class Refused(SmenaError):
    """Refused before any change."""

    code, exit, http = "refused", 3, 409


class NeedsPerson(SmenaError):
    """A person has to decide or do something before it can go on."""

    code, exit, http = "needs-person", 4, 409


class Interrupted(SmenaError):
    """Stopped at a safe point; can be resumed."""

    code, exit, http = "interrupted", 5, 503


class Bug(SmenaError):
    """smena itself is wrong."""

    code, exit, http = "bug", 70, 500


class Abandoned(SmenaError):
    """Ctrl-C, outside a run."""

    code, exit, http = "abandoned", 130, 500


def by_ctrl_c(error: BaseException | None) -> bool:
    """Whether Ctrl-C came before it: what breaks on the way out of a Ctrl-C is not what happened."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


# --- finding all of them ------------------------------------------------------


def all_errors(root: type[SmenaError] = SmenaError) -> Iterator[type[SmenaError]]:
    """Every class of the tree, the root first: for the documentation and its test."""
    yield root
    for child in root.__subclasses__():
        yield from all_errors(child)
