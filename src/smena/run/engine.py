"""Walks a run forward, or back to its very beginning.

The promises that are kept here:
- the intention is committed before a step acts, the result after it; the result of
  one step and the intention of the next are one commit;
- a step that fails turns the run back, and every step that has begun is undone, the
  last first; only with users let in, or behind a point of no return, a person is asked;
- an undo that fails parks the run: nothing is guessed.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from typing import Generic

import msgspec

from smena import clock, faults
from smena.errors import Interrupted, JournalMismatch, SmenaError
from smena.journal.journal import Journal
from smena.journal.rows import StepRow
from smena.run import recovery
from smena.run.context import StepContext, refuse_when_full
from smena.run.control import Cancelling, Control, Stopping
from smena.run.status import BEGUN, State, Status
from smena.run.step import Done, Kind, NoUndo, Retry, Table, Tools, Wait
from smena.text import Text, _, plain

OPEN_PHASE = "open"


class Engine(Generic[Tools]):
    """Carries one run."""

    def __init__(
        self, journal: Journal, table: Table[Tools], tools: Tools, control: Control, *, rollback_when_open: bool = False
    ) -> None:
        self.journal = journal
        self.table = table
        self.tools = tools
        self.control = control
        self.rollback_when_open = rollback_when_open
        self.run = journal.run().id
        for step in journal.steps():
            self._kind(step)  # refuse before anything is touched

    def carry(self, *, resume: bool = False) -> State:
        """Take the run as far as it goes by itself; `resume`: a person says that it may go on."""
        recovery.take_up(self.journal, self.table, resumed=resume)
        while True:
            state = State(self.journal.state())
            if state in (State.NEW, State.DOING, State.OPEN):
                self._forward(state)
            elif state is State.UNDOING:
                self._backward()
            else:
                return state

    # -- forward ----------------------------------------------------------------

    def _forward(self, state: State) -> None:
        done: tuple[StepRow, Done, float] | None = None
        for step in self._ahead():
            if self._leaves(done):
                return
            with self.journal.change():
                self._settle_done(done)
                state = self._announce(state, step)
                self.journal.begin(step.seq, Status.DOING)
            done = self._do(step)
            if done is None:
                return
        with self.journal.change():
            self._settle_done(done)
        self._end(State.FINAL)

    def _ahead(self) -> Iterator[StepRow]:
        return (step for step in self.journal.steps() if step.status != Status.DONE)

    def _leaves(self, done: tuple[StepRow, Done, float] | None) -> bool:
        """Between two steps: the safe point at which a run stops or turns back."""
        if not (self.control.stopping() or self.control.asked("cancel")):
            return False
        with self.journal.change():
            self._settle_done(done)
        if self.control.stopping():
            raise Interrupted(_("the run was stopped between two steps"), hint=_("smena run resume"))
        self._cancelled()
        return True

    def _announce(self, state: State, step: StepRow) -> State:
        wanted = State.OPEN if step.phase == OPEN_PHASE else State.DOING
        if state != wanted:
            self.journal.set_state(wanted)
        return wanted

    def _do(self, step: StepRow) -> tuple[StepRow, Done, float] | None:
        """Do one step until it is done; None when the run does something else now."""
        while True:
            began = clock.ticks()
            faults.point("run.before-do")
            try:
                outcome = self._attempt(step)
            except Stopping:
                self.journal.settle(step.seq, Status.RETRY)
                raise Interrupted(_("the run was stopped at a safe point"), hint=_("smena run resume")) from None
            except Cancelling:
                self._cancelled()
                return None
            except Exception as error:  # noqa: BLE001 - whatever a step dies of, the run goes back
                self._failed(step, error)
                return None
            faults.point("run.after-do")
            if isinstance(outcome, Done):
                return step, outcome, clock.ticks() - began
            if isinstance(outcome, Wait):
                self._waits(step, outcome.why)
                return None
            if not self._waited(step, outcome):
                return None

    def _attempt(self, step: StepRow) -> Done | Retry | Wait:
        refuse_when_full(self.journal)
        kind = self._kind(step)
        context = self._context(step, undoing=False)
        context.may_leave = kind.interrupted == "repeat"
        return kind.do(self._params(kind, step), context)

    def _waited(self, step: StepRow, outcome: Retry) -> bool:
        """Let the time before another attempt pass; False when the run turned back meanwhile."""
        with self.journal.change():
            self.journal.settle(step.seq, Status.RETRY, outcome.why)
            self.journal.say(outcome.why, seq=step.seq, level="retry")
        try:
            self._context(step, undoing=False).pause(outcome.after)
        except Stopping:
            raise Interrupted(_("the run was stopped while it waited"), hint=_("smena run resume")) from None
        except Cancelling:
            self._cancelled()
            return False
        self.journal.begin(step.seq, Status.DOING)
        return True

    def _settle_done(self, done: tuple[StepRow, Done, float] | None) -> None:
        if done is None:
            return
        step, outcome, seconds = done
        self.journal.settle(step.seq, Status.DONE, outcome.note, seconds)
        if self.journal.recoveries():
            self.journal.set_recoveries(0)  # there was progress since

    # -- turning ------------------------------------------------------------------

    def _failed(self, step: StepRow, error: Exception) -> None:
        why = _with_reason(error)
        if not isinstance(error, SmenaError | OSError):
            self.journal.say(plain("".join(traceback.format_exception(error))), seq=step.seq, level="trace")
        with self.journal.change():
            self.journal.settle(step.seq, Status.FAILED, why)
            self.journal.say(_words(error), seq=step.seq, level="error")
            for words in _told(error):
                self.journal.say(words, seq=step.seq, level="error")
            if step.phase == OPEN_PHASE and not self.rollback_when_open:
                self.journal.set_state(State.WAITING, why)
            else:
                self._turn_back(why)

    def _waits(self, step: StepRow, why: Text) -> None:
        with self.journal.change():
            self.journal.settle(step.seq, Status.WAIT, why)
            self.journal.say(why, seq=step.seq, level="wait")
            self.journal.set_state(State.WAITING, why)

    def _cancelled(self) -> None:
        self._turn_back(_("a person cancelled the run"))
        self.control.answered("cancel")

    def _turn_back(self, why: Text) -> None:
        recovery.turn_back(self.journal, why)
        faults.point("run.turned-back")

    # -- back -----------------------------------------------------------------------

    def _backward(self) -> None:
        self.journal.store.relief()  # whatever was held in reserve is for the way back
        for step in reversed(self.journal.steps()):
            if step.status not in BEGUN:
                continue
            if self.control.stopping():
                raise Interrupted(_("the run was stopped on its way back"), hint=_("smena run resume"))
            if not self._undo(step):
                return
        self._end(State.UNDONE)

    def _undo(self, step: StepRow) -> bool:
        self.journal.begin(step.seq, Status.UNDOING)
        faults.point("run.before-undo")
        kind = self._kind(step)
        try:
            if not isinstance(kind.undo, NoUndo):
                kind.undo(self._params(kind, step), self._context(step, undoing=True))
        except Stopping:
            raise Interrupted(_("the run was stopped on its way back"), hint=_("smena run resume")) from None
        except Exception as error:  # noqa: BLE001 - an undo that fails for any reason parks the run
            self._park(step, error)
            return False
        faults.point("run.after-undo")
        self.journal.settle(step.seq, Status.UNDONE)
        if self.journal.recoveries():
            self.journal.set_recoveries(0)
        return True

    def _park(self, step: StepRow, error: Exception) -> None:
        why = _("step {seq} cannot be undone: {error}", seq=step.seq, error=_with_reason(error))
        self.journal.say(plain("".join(traceback.format_exception(error))), seq=step.seq, level="trace")
        with self.journal.change():
            self.journal.settle(step.seq, Status.PARKED, why)
            self.journal.say(why, seq=step.seq, level="error")
            self.journal.set_state(State.PARKED, why)

    # -- the end -----------------------------------------------------------------------

    def _end(self, state: State) -> None:
        """Tidy up what neither way needs any more, then say that it is over."""
        for step in self.journal.steps():
            kind = self._kind(step)
            if kind.cleanup is None or step.status == Status.DO:
                continue
            faults.point("run.cleanup")
            try:
                kind.cleanup(self._params(kind, step), self._context(step, undoing=True))
            except Exception as error:  # noqa: BLE001 - the run is over either way; what is left is said
                self.journal.say(_("not tidied up: {error}", error=_words(error)), seq=step.seq, level="warning")
        self.journal.set_state(state, self.journal.run().why if state is State.UNDONE else None, ended=True)

    # -- the table -----------------------------------------------------------------------

    def _kind(self, step: StepRow) -> Kind:
        if step.kind not in self.table or self.table[step.kind].version != step.version:
            raise JournalMismatch(
                _("step {seq} of the run is a {kind} of form {version}", **_step_words(step)),
                why=[_("this smena does not know that form")],
                hint=_("go on with the smena that began the run"),
            )
        return self.table[step.kind]

    def _params(self, kind: Kind, step: StepRow) -> msgspec.Struct:
        return msgspec.json.decode(step.params, type=kind.params)

    def _context(self, step: StepRow, *, undoing: bool) -> StepContext[Tools]:
        return StepContext(self.journal, (self.run, step), self.tools, self.control, undoing=undoing)


def _step_words(step: StepRow) -> dict[str, object]:
    return {"seq": step.seq, "kind": step.kind, "version": step.version}


def _told(error: Exception) -> list[Text]:
    """What an error says besides its message: the reasons, and what state things were in then."""
    if not isinstance(error, SmenaError):
        return []
    return [*error.why, *([error.state] if error.state is not None else [])]


def _with_reason(error: Exception) -> Text:
    """For the one sentence that is told of a run: what failed, and the first reason for it."""
    reasons = getattr(error, "why", ())
    return _("{what}: {why}", what=_words(error), why=reasons[0]) if reasons else _words(error)


def _words(error: Exception) -> Text:
    if isinstance(error, SmenaError):
        return error.message
    if isinstance(error, OSError):
        return plain(f"{error.strerror}: {error.filename}" if error.filename else str(error))
    return _("smena met an error of its own: {error}", error=f"{type(error).__name__}: {error}")
