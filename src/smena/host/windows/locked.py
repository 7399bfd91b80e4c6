"""What another program holds: waited for, because virus scanners and indexers let go soon, then said with its name.

Waited for are only errors that come of a holder. "Access denied" may come of one too (a folder with an open file in it
cannot be renamed, a program that runs cannot be removed), or of a right that is lacking: then a short wait, and a long
one only if somebody holds it. A trial by opening does not see every holder, so those whom the system knows count too;
to ask it takes time, so it is asked once.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple, TypeVar

from smena import clock
from smena.host.held import InUse
from smena.host.windows.numbers import DENIED, HELD

Result = TypeVar("Result")

PATIENCE = 30.0
BRIEF = 2.0
"""For a name that somebody may still be letting go of: long enough for whoever only looked."""
_FIRST, _LONGEST = 0.02, 0.5


class Watch(NamedTuple):
    """What is known of others: who holds what lies at these paths, and whether it could be opened to be removed."""

    holders: Callable[[Sequence[str]], list[tuple[int, str]]]
    held: Callable[[Sequence[str]], bool]


def patient(
    attempt: Callable[[], Result], *paths: str, watch: Watch, patience: float = PATIENCE, passing: int = 0
) -> Result:
    """Try until nobody holds what lies at the paths, or until patience ends: then the error names the holders.

    `passing`: one more error that will pass, as far as whoever calls knows.
    """
    began, pause = clock.ticks(), _FIRST
    named = cache(lambda: watch.holders(paths))
    while True:
        try:
            return attempt()
        except OSError as error:
            number = getattr(error, "winerror", None)
            waited = clock.ticks() - began
            passes = number in HELD or (passing and number == passing)
            if not passes and (number != DENIED or (waited >= BRIEF and not watch.held(paths) and not named())):
                raise
            if waited + pause > patience:
                told = _told(error, paths, watch, named)
                if told is error:
                    raise
                raise told from error
        clock.sleep(pause)
        pause = min(pause * 2, _LONGEST)


def _told(error: OSError, paths: Sequence[str], watch: Watch, named: Callable[[], Sequence[object]]) -> OSError:
    """With the names of those who hold it, as far as they are known. A lacking right is said as that."""
    number = getattr(error, "winerror", None)
    if number not in HELD and (number != DENIED or (not watch.held(paths) and not named())):
        return error
    told = InUse(errno.EACCES, error.strerror or os.strerror(errno.EACCES), error.filename)
    told.holders = tuple(watch.holders(paths))
    return told
