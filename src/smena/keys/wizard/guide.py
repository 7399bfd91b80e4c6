"""What a person does at each step, in words. Labels of other programs are given as their windows show them."""

from __future__ import annotations

from smena.keys.wizard.stages import Stage
from smena.text import Text, _

TITLES: dict[Stage, Text] = {
    "enrol": _("Introduce the key to the vendor"),
    "ask": _("Make the question"),
    "send-question": _("Send the question"),
    "wait": _("Wait for the answer"),
    "apply": _("Apply the answer in the program of the key's maker"),
    "send-confirmation": _("Send the confirmation"),
    "restart": _("Restart the licence service"),
    "reopen": _("Open the product's programs again"),
    "done": _("Nothing is open"),
}


def measured(stage: Stage) -> tuple[Text, ...]:
    """For keys that smena changes itself."""
    return {
        "enrol": (_("The vendor has to know the key before it can answer. Send the message below, once."),),
        "ask": (
            _("Say why the licence is to change: the vendor wants to know. --reason WORDS"),
            _("The question lies on the key before it is shown, and stays the same until it is answered."),
        ),
        "send-question": (
            _("Send the message below, then say that it was sent: --sent (or let smena send it: --send)."),
        ),
        "wait": (
            _("Everything may be closed meanwhile; nothing is lost."),
            _("When the answer has come, give its file or the whole mail: --answer FILE"),
        ),
        "send-confirmation": (
            _("The key is changed. The vendor must know: send the confirmation below, then say --sent (or --send)."),
        ),
    }.get(stage, ())


def guardant(stage: Stage, program: str, answer: str) -> tuple[Text, ...]:
    """For Guardant keys, around the program of their maker; not tried by us with a real key."""
    start = _("Start {program} on the computer where the key is; the key stays plugged in throughout.", program=program)
    again = _("Do not start {program} again before the answer is there: it would begin anew.", program=program)
    return {
        "ask": (
            start,
            _("Choose “{label}”, then “{next}”.", label="Начать новую операцию обновления ключа", next="Далее"),
            _("Save the number-question that it shows to a text file, or copy it, and give it: --question FILE"),
            _("Then the program may be closed: “{label}”.", label="Завершить"),
        ),
        "send-question": (
            _("Send the letter below, then say that it was sent: --sent (or let smena send it: --send)."),
            again,
        ),
        "wait": (
            again,
            _("When the answer has come, give its file: --answer FILE"),
        ),
        "apply": (
            start,
            _(
                "Choose “{label}”, then “{next}”.",
                label="Продолжить операцию обновления ключа, инициализированную во время предыдущего сеанса",
                next="Далее",
            ),
            _("Choose “{label}” and open {file}.", label="Из файла", file=answer),
            _(
                "On success it shows a confirmation code. Give it: --confirmation FILE; then press “{label}”.",
                label="Готово",
            ),
        ),
        "send-confirmation": (_("The vendor must know: send the letter with the code, then say --sent (or --send)."),),
    }.get(stage, ())


def restart(service: str, at: str) -> tuple[Text, ...]:
    """The licence service, which throws every user out."""
    chosen = (_("It was to be restarted at {at}.", at=at),) if at else ()
    return (
        _("The service “{service}” has to be restarted: only then it sees the change.", service=service),
        _("That throws every user out. Choose the time: --restart now, or --restart HH:MM"),
        _("Where it was restarted by hand: --restart done"),
        *chosen,
    )


def by_hand(service: str) -> tuple[Text, ...]:
    """Where smena does not find the service."""
    return (
        _("The service is not on this computer, or smena cannot restart it here."),
        _("On the computer of the licence service, as administrator: {command}", command=stop_and_start(service)),
        _("Afterwards: --restart done"),
    )


def stop_and_start(service: str) -> str:
    return f'net stop "{service}" && net start "{service}"'


def reopen(names: tuple[str, ...]) -> tuple[Text, ...]:
    """Programs see the changed key only when they are opened anew."""
    listed = ", ".join(names)
    return (
        _("Close these, should they be open, and open them again: {names}", names=listed),
        _("Then: --reopened"),
    )
