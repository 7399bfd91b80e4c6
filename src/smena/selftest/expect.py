"""What a case says when something is not as promised. Nothing here is left out by an optimising interpreter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from smena import clock
from smena.errors import ContractBroken, SmenaError
from smena.text import _, plain

Found = TypeVar("Found")
_WITHIN = 10.0


def same(found: object, wanted: object) -> None:
    if found != wanted:
        raise ContractBroken(_("{found} instead of {wanted}", found=repr(found)[:500], wanted=repr(wanted)[:500]))


def holds(condition: object, what: str) -> None:
    """`what` is the promise, in the words of whoever wrote the driver."""
    if not condition:
        raise ContractBroken(_("it does not hold: {what}", what=what))


@contextmanager
def refused(kind: type[SmenaError], *words: str) -> Iterator[None]:
    """Whatever is done inside is refused so, and says these words somewhere."""
    try:
        yield
    except kind as error:
        said = "\n".join(map(str, (error.message, *error.why, error.state or "", error.hint or "")))
        for word in words:
            if word not in said:
                raise ContractBroken(
                    _("it was refused without a word of {word}", word=word), why=[plain(said)]
                ) from error
        return
    raise ContractBroken(_("it was not refused as {code}", code=kind.code))


def until(question: Callable[[], Found], within: float = _WITHIN) -> Found:
    """Ask until the answer is yes."""
    deadline = clock.ticks() + within
    while not (found := question()):
        if clock.ticks() > deadline:
            raise ContractBroken(_("it did not happen within {seconds} seconds", seconds=within))
        clock.sleep(0.01)
    return found
