"""The life of a step and of a run, each as a table of allowed moves.

A step's status is the life of one verb:

      do ──▶ doing ──┬──▶ done ────────┐
               ▲     ├──▶ failed ──────┤
               │     ├──▶ wait ────────┼──▶ undo ──▶ undoing ──▶ undone
               │     ├──▶ retry ───────┤               ▲ │
               │     └─────────────────┘               │ ▼
               │                                       parked
               └── retry by itself; wait and failed when a person says so

A parked step is undone again when a person says so. What was undone is never done again.

A run is told by what it is doing as a whole:

      new ──▶ doing ──▶ open ──▶ final
       │       │ ▲      ▲ │ │
       │       │ └waiting─┘ │            waiting: for a person, then on as before
       ▼       ▼            │
      undoing ◀─────────────┘──▶ undone  parked: recovery or undo itself needs a person, then on as before

`open` is `doing` with users let in. "Interrupted" is not a state that anybody
could have written: it is a run in `doing`, `open` or `undoing` whose lock nobody holds.
"""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """What has become of one step."""

    DO = "do"
    DOING = "doing"
    DONE = "done"
    UNDO = "undo"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"
    RETRY = "retry"
    WAIT = "wait"
    PARKED = "parked"


class State(StrEnum):
    """What has become of the whole run."""

    NEW = "new"
    DOING = "doing"
    OPEN = "open"
    WAITING = "waiting"
    UNDOING = "undoing"
    PARKED = "parked"
    FINAL = "final"
    UNDONE = "undone"


S, R = Status, State

MOVES: dict[Status, frozenset[Status]] = {
    S.DO: frozenset({S.DOING}),
    S.DOING: frozenset({S.DOING, S.DONE, S.RETRY, S.WAIT, S.FAILED, S.UNDO}),
    S.RETRY: frozenset({S.DOING, S.UNDO}),
    S.WAIT: frozenset({S.DOING, S.UNDO}),
    S.FAILED: frozenset({S.DOING, S.UNDO}),
    S.DONE: frozenset({S.UNDO}),
    S.UNDO: frozenset({S.UNDOING}),
    S.UNDOING: frozenset({S.UNDOING, S.UNDONE, S.PARKED}),
    S.PARKED: frozenset({S.UNDOING}),
    S.UNDONE: frozenset(),
}

RUN_MOVES: dict[State, frozenset[State]] = {
    R.NEW: frozenset({R.DOING, R.UNDOING}),
    R.DOING: frozenset({R.OPEN, R.WAITING, R.UNDOING, R.PARKED, R.FINAL}),
    R.OPEN: frozenset({R.FINAL, R.WAITING, R.UNDOING, R.PARKED}),
    R.WAITING: frozenset({R.DOING, R.OPEN}),
    R.UNDOING: frozenset({R.UNDONE, R.PARKED}),
    R.PARKED: frozenset({R.DOING, R.OPEN, R.UNDOING}),
    R.FINAL: frozenset(),
    R.UNDONE: frozenset(),
}

ENDED = frozenset({State.FINAL, State.UNDONE})
MOVING = frozenset({State.DOING, State.OPEN, State.UNDOING})
BEGUN = frozenset(Status) - {Status.DO, Status.UNDONE}
"""Steps that may have touched the host, and so must be undone on the way back."""


def may_move(now: Status, to: Status) -> bool:
    return to in MOVES[now]
