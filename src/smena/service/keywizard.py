"""The wizard: looks where the exchange stands, and takes each step as far as what was said allows.

Nothing is remembered that can be measured; so any step can be done elsewhere (by the single commands), and the wizard
goes on from there. What was given and does not belong to the step is refused, not ignored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from smena.definition.model import Definition, Keys
from smena.errors import MessageBad, StageOther
from smena.keys.exchange import reading
from smena.keys.pins import Pins
from smena.keys.ring import Place
from smena.keys.wizard import foreign, guide, modules, progress
from smena.keys.wizard.letters import Letter, link
from smena.keys.wizard.modules import Module
from smena.keys.wizard.progress import Progress, mark
from smena.keys.wizard.stages import STAGES, Seen, Stage, stage
from smena.service import keyexchange, keyletters, licence_service
from smena.service.keyexchange import Offered, Wanted
from smena.service.keyletters import Outgoing
from smena.service.keyring import definition_of, used
from smena.text import Text, _


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says in this call; each is used up by the step that it belongs to."""

    reason: str = ""
    question: bytes = b""
    answer: bytes = b""
    answer_name: str = ""
    confirmation: bytes = b""
    sent: bool = False
    send: bool = False
    restart: str = ""
    """`now`, `done`, or an ISO time at which it was put off to."""
    reopened: bool = False
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """Where it stands: what a person sees and does now."""

    place: Place
    stage: Stage
    what: tuple[Text, ...]
    out: Outgoing | None = None
    """The message to send."""
    letter: Letter | None = None
    draft: Path | None = None
    """The mail as a file."""
    running: tuple[Module, ...] = ()
    service: str = ""

    @property
    def title(self) -> Text:
        return guide.TITLES[self.stage]

    @property
    def number(self) -> int:
        return STAGES.index(self.stage) + 1

    @property
    def link(self) -> str | None:
        return link(msgspec.structs.replace(self.letter, files=())) if self.letter is not None else None


Agree = Callable[[Offered], None]
"""Shows what an answer changes; raises where a person says no."""


@dataclass(frozen=True)
class Wizard:
    """One key's exchange in one call. `agree` is asked before an answer is applied."""

    home: Path
    place: Place
    definition: Definition
    agree: Agree
    pins: Pins | None = None

    def stage(self) -> Stage:
        """The step alone: nothing is written for it."""
        return stage(self._seen(), progress.read(self.place.folder))

    def look(self) -> Step:
        """The step that is to be done now."""
        seen, said = self._seen(), progress.read(self.place.folder)
        found = stage(seen, said)
        out = self._message(found)
        letter = out.letter if out is not None else self._letter(found, said)
        draft = None
        if letter is not None:
            draft = keyletters.write_draft(self.place, f"{self.place.name}-{found}.eml", letter)
        return Step(
            place=self.place,
            stage=found,
            what=self._words(found, said),
            out=out,
            letter=letter,
            draft=draft,
            running=self._running() if found in ("ask", "apply", "wait") else (),
            service=seen.service,
        )

    def go(self, given: Given) -> Step:
        """Every step that what was given allows; what is left over is refused."""
        while True:
            seen, said = self._seen(), progress.read(self.place.folder)
            found = stage(seen, said)
            given = self._without_applied(found, given)
            left = _HANDLERS[found](self, given, seen)
            if left is None:
                self._refuse_left(found, given)
                return self.look()
            given = left

    # -- what there is ------------------------------------------------------------

    @property
    def keys(self) -> Keys:
        return self.definition.keys or Keys(kinds=())

    @property
    def program(self) -> str:
        return str(self.keys.program or "GrdTRU.exe")

    def _seen(self) -> Seen:
        service = str(self.keys.service or "") if self.place.about.network else ""
        folder, some = self.place.folder, bool(self.keys.modules)
        if not self.place.measured:
            question, confirmation = foreign.read(folder, "question"), foreign.read(folder, "confirmation")
            open_ = b"" if confirmation else question
            answer = foreign.read(folder, "answer")
            return Seen(question=open_, answer=answer, confirmation=confirmation, service=service, modules=some)
        with used(self.place, self.pins) as key:
            record, public = reading.read(key).record, key.token.identity().public
        blank = public if not record.licence else b""
        return Seen(
            enrolment=blank,
            question=record.pending,
            confirmation=record.confirmation,
            service=service,
            modules=some,
        )

    def _message(self, found: Stage) -> Outgoing | None:
        if not self.place.measured:
            return None
        if found == "enrol":
            return keyexchange.enrolment(self.home, self.place, self.pins)
        if found in ("send-question", "wait"):
            return keyexchange.question(self.home, self.place, Wanted(), self.pins)
        if found == "send-confirmation":
            return keyexchange.confirmation(self.home, self.place, pins=self.pins)
        return None

    def _letter(self, found: Stage, said: Progress) -> Letter | None:
        """With the text of the maker's program."""
        if self.place.measured or found not in ("send-question", "send-confirmation"):
            return None
        what: foreign.What = "question" if found == "send-question" else "confirmation"
        text = foreign.text(foreign.read(self.place.folder, what))
        return keyletters.foreign_letter(self.definition, what, text, said.reason)

    def _words(self, found: Stage, said: Progress) -> tuple[Text, ...]:
        if found == "restart":
            service = str(self.keys.service)
            more = () if licence_service.is_here(self.home, service) else guide.by_hand(service)
            return (*guide.restart(service, said.restart_at), *more)
        if found == "reopen":
            return guide.reopen(said.closed or tuple(str(name) for name in self.keys.modules))
        if found == "done":
            return (_("A new exchange begins with its reason: --reason WORDS"),)
        if self.place.measured:
            return guide.measured(found)
        return guide.guardant(found, self.program, str(foreign.place(self.place.folder, "answer")))

    def _running(self) -> tuple[Module, ...]:
        return tuple(keyexchange.modules_of(self.home, self.place))

    # -- the steps ------------------------------------------------------------------

    def closed(self, accepted: tuple[str, ...]) -> None:
        """Refuse while modules run; what ran is remembered, because it has to be opened again."""
        running = self._running()
        if running:
            known = progress.read(self.place.folder).closed
            names = dict.fromkeys((*known, *(module.name for module in running)))
            progress.change(self.place.folder, closed=tuple(names))
        modules.refuse_open(running, accepted)

    def mark_sent(self, given: Given, marked: str, letter: Letter) -> Given | None:
        if not given.sent and not given.send:
            return None
        if given.send:
            keyletters.send(self.home, letter)
        progress.sent(self.place.folder, marked)
        return msgspec.structs.replace(given, sent=False, send=False)

    def _without_applied(self, found: Stage, given: Given) -> Given:
        """The answer that the key holds already does no harm: a death may have come between."""
        after = STAGES.index(found) > STAGES.index("apply")
        if not given.answer or not after or not self.place.measured:
            return given
        keyexchange.offered(self.place, given.answer, given.answer_name, self.pins)  # refused, if it is another one
        return msgspec.structs.replace(given, answer=b"", answer_name="")

    def _refuse_left(self, found: Stage, given: Given) -> None:
        names = [name for name in _SAID if getattr(given, name)]
        if names:
            options = ", ".join(f"--{name}" for name in names)
            raise StageOther(
                _("{options} does not belong to this step: {step}", options=options, step=guide.TITLES[found]),
                state=_("what came before it was done"),
                hint=_("smena key wizard --key {name} shows the step", name=self.place.name),
            )


_SAID = ("question", "answer", "confirmation", "sent", "send", "restart", "reopened")


def _enrol(wizard: Wizard, given: Given, seen: Seen) -> Given | None:
    out = wizard.look().out
    return None if out is None else wizard.mark_sent(given, mark(seen.enrolment), out.letter)


def _ask(wizard: Wizard, given: Given, _seen: Seen) -> Given | None:
    folder = wizard.place.folder
    if given.reason:
        progress.change(folder, reason=given.reason)
    if not wizard.place.measured:
        if not given.question:
            return None
        wizard.closed(given.accepted)
        _refuse_empty(given.question)
        foreign.keep(folder, "question", given.question)
        return msgspec.structs.replace(given, question=b"", reason="")
    if not given.reason:
        return None
    wizard.closed(given.accepted)
    keyexchange.question(wizard.home, wizard.place, Wanted(reason=given.reason), wizard.pins)
    return msgspec.structs.replace(given, reason="")


def _send_question(wizard: Wizard, given: Given, seen: Seen) -> Given | None:
    letter = wizard.look().letter
    if given.answer:  # whoever has the answer has sent the question
        progress.sent(wizard.place.folder, mark(seen.question))
        return given
    return None if letter is None else wizard.mark_sent(given, mark(seen.question), letter)


def _wait(wizard: Wizard, given: Given, _seen: Seen) -> Given | None:
    if not given.answer:
        return None
    used_up = msgspec.structs.replace(given, answer=b"", answer_name="")
    wizard.closed(given.accepted)
    if not wizard.place.measured:
        _refuse_empty(given.answer)
        foreign.keep(wizard.place.folder, "answer", given.answer)
        return used_up
    offered = keyexchange.offered(wizard.place, given.answer, given.answer_name, wizard.pins)
    wizard.agree(offered)
    keyexchange.apply(wizard.home, wizard.place, offered.message, wizard.pins)
    return used_up


def _apply(wizard: Wizard, given: Given, _seen: Seen) -> Given | None:
    if not given.confirmation:
        return None
    _refuse_empty(given.confirmation)
    foreign.keep(wizard.place.folder, "confirmation", given.confirmation)
    return msgspec.structs.replace(given, confirmation=b"")


def _send_confirmation(wizard: Wizard, given: Given, seen: Seen) -> Given | None:
    letter = wizard.look().letter
    return None if letter is None else wizard.mark_sent(given, mark(seen.confirmation), letter)


def _restart(wizard: Wizard, given: Given, seen: Seen) -> Given | None:
    folder = wizard.place.folder
    if given.restart == "now":
        licence_service.restart(wizard.home, seen.service)
    elif given.restart and given.restart != "done":
        progress.change(folder, restart_at=given.restart)
        return msgspec.structs.replace(given, restart="")
    if not given.restart:
        return None
    progress.change(folder, restarted=mark(seen.confirmation), restart_at="")
    return msgspec.structs.replace(given, restart="")


def _reopen(wizard: Wizard, given: Given, seen: Seen) -> Given | None:
    if not given.reopened:
        return None
    progress.change(wizard.place.folder, reopened=mark(seen.confirmation), closed=())
    return msgspec.structs.replace(given, reopened=False)


def _done(wizard: Wizard, given: Given, seen: Seen) -> Given | None:
    """A new reason begins a new exchange."""
    if not given.reason and not given.question:
        return None
    if not wizard.place.measured:
        wizard.closed(given.accepted)
        foreign.set_aside(wizard.place.folder)
        return given
    return _ask(wizard, given, seen)


_HANDLERS: dict[Stage, Callable[[Wizard, Given, Seen], Given | None]] = {
    "enrol": _enrol,
    "ask": _ask,
    "send-question": _send_question,
    "wait": _wait,
    "apply": _apply,
    "send-confirmation": _send_confirmation,
    "restart": _restart,
    "reopen": _reopen,
    "done": _done,
}


def wizard_of(home: Path, place: Place, agree: Agree, pins: Pins | None = None) -> Wizard:
    return Wizard(home, place, definition_of(home, place), agree, pins)


def _refuse_empty(content: bytes) -> None:
    if not content.strip():
        raise MessageBad(_("there is no message in this text"))
