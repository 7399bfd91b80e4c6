"""The wizard: each step from the key itself, closed and resumed at every one, and around another maker's program."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from smena.errors import AnswerOlder, MessageBad, ModulesOpen, ServiceUnknown, StageOther, WrongUsage
from smena.host.facts.programs import Program
from smena.keys import ring
from smena.keys.wizard import modules, progress, stages
from smena.keys.wizard.progress import Progress, mark
from smena.keys.wizard.stages import Seen, stage
from smena.service import keyexchange, keyring
from smena.service.keyexchange import Offered, Wanted
from smena.service.keywizard import Given, Step, Wizard, wizard_of
from smena.text import _, speaking
from support.keycustomer import PRODUCT, Office
from support.keyworld import SEVEN, SIX

KEYS = ", modules: ['no-such-program*.exe'], service: Guardant Dongle License Service, program: GrdTRU.exe"
Led = Callable[..., Step]


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def home(tmp_path: Path, office: Office) -> Path:
    folder = tmp_path / "home"
    office.define(folder, KEYS)
    return folder


def agreed(_offered: Offered) -> None:
    return


def led(home: Path, **said: object) -> Step:
    """One call of the wizard: everything is looked at anew, as after closing it."""
    return wizard_of(home, keyring.named(home, None), agreed).go(msgspec.convert(said, Given))


def add(home: Path, kind: str, *, network: bool = False) -> None:
    keyring.add(home, keyring.Adding(name="main", kind=kind, product=PRODUCT, network=network))


def shown(step: Step) -> str:
    return "\n".join(str(words) for words in step.what)


def test_all_steps_of_a_key_that_smena_reads(home: Path, office: Office) -> None:
    add(home, "virtual")
    first = led(home)
    assert first.stage == "enrol"
    assert first.out is not None
    office.enrol(first.out.text)
    assert led(home).stage == "enrol"  # closed and opened again
    assert led(home, sent=True).stage == "ask"
    asked = led(home, reason="upgrade to 7")
    assert asked.stage == "send-question"
    assert asked.out is not None
    assert asked.letter is not None
    assert (asked.letter.to, asked.letter.subject) == ("support@vendor.example", "The question")
    assert "upgrade to 7" in asked.letter.text
    assert asked.draft is not None
    assert asked.draft.read_bytes().startswith(b"To: support@vendor.example")
    waiting = led(home, sent=True)
    assert waiting.stage == "wait"
    mail = office.answer(asked.out.text, SIX).encode()
    confirming = led(home, answer=mail)
    assert confirming.stage == "send-confirmation"
    assert confirming.letter is not None
    assert confirming.letter.subject == "The code"
    again = led(home, answer=mail)  # killed after applying: the same answer leads on
    assert (again.stage, again.out and again.out.text) == ("send-confirmation", confirming.out and confirming.out.text)
    assert again.out is not None
    office.confirm(again.out.text)
    assert led(home, sent=True).stage == "reopen"
    assert "no-such-program*.exe" in shown(led(home))
    assert led(home, reopened=True).stage == "done"
    once_more = led(home, reason="more seats")
    assert once_more.stage == "send-question"
    assert once_more.out is not None
    office.confirm(led(home, answer=office.answer(once_more.out.text, SEVEN).encode()).out.text)  # type: ignore[union-attr]
    with pytest.raises(AnswerOlder):
        led(home, answer=mail)


def test_steps_done_by_the_single_commands_are_seen(home: Path, office: Office) -> None:
    add(home, "virtual")
    place = ring.get(home, "main")
    office.enrol(keyexchange.enrolment(home, place).text)
    keyexchange.question(home, place, Wanted(reason="x"))
    assert led(home).stage == "send-question"
    keyexchange.cancel(place)
    assert led(home).stage == "enrol"
    out = keyexchange.question(home, place, Wanted())
    keyexchange.sent(place, out)
    assert led(home).stage == "wait"


def test_what_does_not_belong_to_the_step_is_refused(home: Path) -> None:
    add(home, "virtual")
    for said in ({"answer": b"x"}, {"restart": "now"}, {"reopened": True}, {"question": b"x"}):
        with pytest.raises(StageOther):
            led(home, **said)
    with pytest.raises(StageOther, match="--restart"):
        led(home, sent=True, restart="now")
    assert led(home).stage == "ask"  # what came before it was done


def test_a_no_changes_nothing(home: Path, office: Office) -> None:
    add(home, "virtual")
    office.enrol(keyexchange.enrolment(home, ring.get(home, "main")).text)
    asked = led(home, sent=True, reason="x")
    assert asked.out is not None

    def refuse(_offered: Offered) -> None:
        raise WrongUsage(_("not applied: you said no"))

    answer = office.answer(asked.out.text, SIX).encode()
    with pytest.raises(WrongUsage):
        wizard_of(home, keyring.named(home, None), refuse).go(Given(answer=answer))
    assert led(home).stage == "wait"


def test_around_the_program_of_another_maker(home: Path) -> None:
    add(home, "guardant", network=True)
    with speaking("ru"):
        first = led(home)
        assert first.stage == "ask"
        assert "Начать новую операцию обновления ключа" in shown(first)
        assert "GrdTRU.exe" in shown(first)
        with pytest.raises(MessageBad):
            led(home, question=b" \n")
        asked = led(home, reason="Переход на 7", question="1A2B 3C4D".encode("cp1251"))
        assert asked.stage == "send-question"
        assert asked.letter is not None
        assert asked.letter.subject == "Число-вопрос"
        assert "Переход на 7" in asked.letter.text
        assert "1A2B 3C4D" in asked.letter.text
        assert asked.link is not None
        waiting = led(home, sent=True)
        assert waiting.stage == "wait"
        assert "GrdTRU.exe" in shown(waiting)  # not to be started again now
        with pytest.raises(StageOther):
            led(home, question=b"another")
        applying = led(home, answer=b"ANSWER")
        assert applying.stage == "apply"
        assert "Продолжить операцию обновления ключа" in shown(applying)
        file = home / "keys/main/foreign/answer.txt"
        assert str(file) in shown(applying)
        assert file.read_bytes() == b"ANSWER"
        confirming = led(home, confirmation=b"CODE")
        assert confirming.letter is not None
        assert (confirming.stage, confirming.letter.subject) == ("send-confirmation", "Код подтверждения")
        restarting = led(home, sent=True)
        assert restarting.stage == "restart"
        assert 'net stop "Guardant Dongle License Service"' in shown(restarting)
        with pytest.raises(ServiceUnknown):
            led(home, restart="now")
        put_off = led(home, restart="2026-11-21T22:00:00+03:00")
        assert put_off.stage == "restart"
        assert "2026-11-21T22:00" in shown(put_off)
        assert led(home, restart="done").stage == "reopen"
        assert led(home, reopened=True).stage == "done"
        next_ = led(home, reason="ещё раз", question=b"SECOND")
        assert next_.stage == "send-question"
    aside = list((home / "keys/main").glob("foreign-*/confirmation.txt"))
    assert [path.read_bytes() for path in aside] == [b"CODE"]  # nothing is ever overwritten


def test_refused_while_modules_run_and_they_are_named(tmp_path: Path, office: Office) -> None:
    home = tmp_path / "home"
    office.define(home, ", modules: ['python*']")
    add(home, "virtual")
    led(home, sent=True)
    with pytest.raises(ModulesOpen) as caught:
        led(home, reason="x")
    assert any("python" in str(words) for words in caught.value.why)
    assert "--accept modules-open" in str(caught.value.hint)
    assert led(home).stage == "ask"
    assert led(home).running
    assert led(home, reason="x", accepted=["modules-open"]).stage == "send-question"
    assert "python" in " ".join(progress.read(home / "keys/main").closed)


@pytest.mark.parametrize(
    ("program", "pattern", "found"),
    [
        ("BatchLauncher.exe", "batchlauncher.exe", True),
        ("loginom.exe", "loginom", True),
        ("loginom", "Loginom.exe", True),
        ("loginom-agent", "loginom", False),
        ("loginom-agent", "loginom*", True),
    ],
)
def test_modules_by_name_with_and_without_ending(program: str, pattern: str, found: bool) -> None:
    assert bool(modules.among([Program(1, program)], [pattern])) is found


def test_every_step_can_be_reached_and_has_words() -> None:
    from smena.keys.wizard import guide

    done = mark(b"c")
    reached = {
        stage(Seen(enrolment=b"k"), Progress()),
        stage(Seen(enrolment=b"k"), Progress(sent=(mark(b"k"),))),
        stage(Seen(question=b"q"), Progress()),
        stage(Seen(question=b"q"), Progress(sent=(mark(b"q"),))),
        stage(Seen(question=b"q", answer=b"a"), Progress(sent=(mark(b"q"),))),
        stage(Seen(confirmation=b"c"), Progress()),
        stage(Seen(confirmation=b"c", service="s"), Progress(sent=(done,))),
        stage(Seen(confirmation=b"c", service="s"), Progress(sent=(done,), restarted=done)),
        stage(Seen(confirmation=b"c"), Progress(sent=(done,), reopened=done)),
    }
    assert reached == set(stages.STAGES) == set(guide.TITLES)
    # an old word of a person does not count for a new message
    assert stage(Seen(confirmation=b"d"), Progress(sent=(done,), reopened=done)) == "send-confirmation"


def test_the_wizard_is_a_value(home: Path) -> None:
    add(home, "virtual")
    assert isinstance(wizard_of(home, keyring.named(home, "main"), agreed), Wizard)
