"""`smena key wizard`: one step after another, on a terminal by questions, else by what the options say."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smena.cli import asking
from smena.cli.frame import Command, Frame, asks, option
from smena.cli.key_option import key_option
from smena.cli.pins import pin_option, pins
from smena.cli.said import pasted
from smena.cli.typing_in import typed_in
from smena.errors import WrongUsage
from smena.host.paths import encode
from smena.text import Text, _

if TYPE_CHECKING:
    from smena.cli.output import Page
    from smena.service.keyexchange import Offered
    from smena.service.keywizard import Given, Step, Wizard

_NEEDS_PERSON = 4
_LOOK = 30.0


@click.command(
    "wizard",
    cls=Command,
    words=_(
        "Leads through the whole exchange, step by step. It can be closed at any step and goes on from there; "
        "on a terminal it asks, in a pipe the options say what was done."
    ),
    examples=(
        "smena key wizard",
        "smena key wizard --reason 'upgrade to 7'",
        "smena key wizard --answer answer.txt",
        "smena key wizard --sent --restart 22:00",
    ),
)
@key_option()
@option("--reason", words=_("Why the licence is to change; begins an exchange."), metavar=_("WORDS"))
@option("--question", words=_("The question that the maker's program has shown (Guardant)."), metavar=_("FILE"))
@option("--answer", words=_("The vendor's answer: its file or the whole mail."), metavar=_("FILE"))
@option("--confirmation", words=_("The code that the maker's program has shown (Guardant)."), metavar=_("FILE"))
@option("--sent", words=_("The message of this step was sent."), is_flag=True)
@option("--send", words=_("Send the mail of this step through the configured server."), is_flag=True)
@option(
    "--restart",
    words=_("When to restart the licence service: now, HH:MM, or done where it was restarted by hand."),
    metavar=_("WHEN"),
)
@option("--reopened", words=_("The product's programs were opened again."), is_flag=True)
@option("--accept", words=_("Accept by name that modules run: modules-open."), metavar=_("NAME"), multiple=True)
@asks()
@pin_option()
@click.pass_context
def wizard(ctx: click.Context, /, *, key: str | None, pin_file: str | None, **said: Any) -> None:
    from smena.service import keyring, keywizard

    frame: Frame = ctx.obj
    place = keyring.named(frame.home, key)
    leads = keywizard.wizard_of(frame.home, place, lambda offered: _agree(frame, offered), pins(frame, pin_file))
    given = _given(said)
    step = leads.go(_chosen(frame, leads, given))
    step = _waited(frame, leads, step, given.restart)
    people = not frame.out.json and sys.stdin.isatty()
    if people:
        step = _talk(frame, leads, step, tuple(said["accept"]))
    frame.out.show(_value(step), lambda page: _show_end(page, step) if people else _show(page, step))
    ctx.exit(0 if step.stage == "done" else _NEEDS_PERSON)


def _given(said: dict[str, Any]) -> Given:
    from smena.service.keywizard import Given

    return Given(
        reason=said["reason"] or "",
        question=_read(said["question"]),
        answer=_read(said["answer"]),
        answer_name=said["answer"] or "",
        confirmation=_read(said["confirmation"]),
        sent=said["sent"],
        send=said["send"],
        restart=_when(said["restart"]),
        reopened=said["reopened"],
        accepted=tuple(said["accept"]),
    )


def _read(named: str | None) -> bytes:
    from smena.service import keyring

    if named is None:
        return b""
    return sys.stdin.buffer.read() if named == "-" else keyring.read_file(Path(named))


def _when(said: str | None) -> str:
    """`now` and `done` as they are; a time of day as its next moment."""
    from smena import clock

    if said in (None, "", "now", "done"):
        return said or ""
    try:
        hour, minute = (int(part) for part in str(said).split(":"))
        local = clock.now().astimezone()
        wanted = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    except ValueError as error:
        raise WrongUsage(_("“{said}” is no time", said=said), hint=_("--restart now, or --restart HH:MM")) from error
    return (wanted if wanted > local else wanted + timedelta(days=1)).isoformat()


def _agree(frame: Frame, offered: Offered) -> None:
    """Shows what changes; a no ends it there."""
    from smena.cli.key_shown import show_changes

    if offered.applied:
        return
    if not frame.out.json:
        frame.out.remark_page(lambda page: show_changes(page, offered.changes))
    if not frame.confirmed(_("Apply this to the key?")):
        raise WrongUsage(_("not applied: you said no"), state=_("nothing was changed"))


def _chosen(frame: Frame, leads: Wizard, given: Given) -> Given:
    """Whoever restarts the service says yes to throwing users out."""
    import msgspec

    if given.restart in ("", "done"):
        return given
    service = leads.look().service
    if frame.confirmed(_("Restart {service}? That throws every user out.", service=service)):
        return given
    return msgspec.structs.replace(given, restart="")


def _waited(frame: Frame, leads: Wizard, step: Step, at: str) -> Step:
    """Waits for the time that was chosen; closed before, the wizard tells of it at the next call."""
    from smena import clock
    from smena.service.keywizard import Given

    if step.stage != "restart" or at in ("", "now", "done"):
        return step
    moment = datetime.fromisoformat(at)
    frame.out.remark(_("The service is restarted at {at}; closed before that, nothing happens.", at=at))
    while (left := (moment - clock.now()).total_seconds()) > 0:
        clock.sleep(min(left, _LOOK))
    return leads.go(Given(restart="now"))


# --- with a person ------------------------------------------------------------------


def _talk(frame: Frame, leads: Wizard, step: Step, accepted: tuple[str, ...]) -> Step:
    """Ask for what the step needs, until there is nothing to say."""
    while step.stage != "done":
        frame.out.remark_page(lambda page, shown=step: _show(page, shown))  # type: ignore[misc]
        given = _asked(frame, leads, step, accepted)
        if given is None:
            break
        step = _waited(frame, leads, leads.go(_chosen(frame, leads, given)), given.restart)
    return step


def _asked(frame: Frame, leads: Wizard, step: Step, accepted: tuple[str, ...]) -> Given | None:
    from smena.service.keywizard import Given

    foreign = not leads.place.measured
    if step.stage in ("enrol", "send-question", "send-confirmation"):
        return Given(sent=True) if _yes(_("Has it been sent?")) else None
    if step.stage == "ask":
        reason = asking.line(_("Why is the licence to change? (empty: later)"))
        question = _pasted(frame, _("Paste the question; an empty line ends it.")) if foreign and reason else b""
        return Given(reason=reason, question=question, accepted=accepted) if reason else None
    if step.stage == "wait":
        return _answer(frame, accepted, foreign=foreign)
    if step.stage == "apply":
        code = _pasted(frame, _("Paste the confirmation code; an empty line ends it."))
        return Given(confirmation=code) if code.strip() else None
    if step.stage == "restart":
        when = asking.line(_("Restart it now, at HH:MM, or done? (empty: later)"))
        return Given(restart=_when(when)) if when else None
    return Given(reopened=True) if _yes(_("Have they been opened again?")) else None


def _answer(frame: Frame, accepted: tuple[str, ...], *, foreign: bool) -> Given | None:
    """From a file, or typed: of a message of ours only the groups that are wrong are asked for again."""
    from smena.service.keywizard import Given

    named = asking.line(_("The file of the answer, or - to type or paste it (empty: later)"))
    if named != "-":
        return Given(answer=_read(named), answer_name=named, accepted=accepted) if named else None
    words = _("Type or paste the answer; an empty line ends it.")
    return Given(answer=_pasted(frame, words) if foreign else typed_in(frame, words), accepted=accepted)


def _yes(words: Text) -> bool:
    from smena.cli.frame import YES

    return asking.line(_("{question} [yes/no]", question=words)).lower() in YES


def _pasted(frame: Frame, words: Text) -> bytes:
    frame.out.remark(words)
    return pasted()


# --- shown -------------------------------------------------------------------------------


def _value(step: Step) -> dict[str, object]:
    from smena.cli.key_shown import outgoing_value

    letter = step.letter
    mail = None if letter is None else {"to": letter.to or None, "subject": letter.subject, "link": step.link}
    return {
        "key": step.place.name,
        "stage": step.stage,
        "title": step.title,
        "do": step.what,
        "message": None if step.out is None else outgoing_value(step.out),
        "mail": mail,
        "draft": None if step.draft is None else encode(step.draft),
        "running": [module.words for module in step.running],
        "service": step.service or None,
    }


def _show_end(page: Page, step: Step) -> None:
    """What is left when the talk is over."""
    page.line(_("{key}, step {number}: {title}", key=step.place.name, number=step.number, title=step.title))
    if step.stage != "done":
        page.line(_("It goes on from here with: smena key wizard --key {key}", key=step.place.name))


def _show(page: Page, step: Step) -> None:
    from smena.service.keyletters import typed_text

    page.line(_("{key}, step {number}: {title}", key=step.place.name, number=step.number, title=step.title))
    for words in step.what:
        page.item(words)
    for module in step.running:
        page.item(_("running: {module}; close it before the key is changed", module=module.words))
    if step.out is not None and step.stage != "wait":
        page.line()
        page.block(step.out.text)
        page.line(_("By telephone: {groups}", groups=typed_text(step.out).replace("\n", " ")))
    if step.letter is not None and step.stage != "wait":
        to = step.letter.to or _("the vendor's support")
        page.line(_("Mail to {address}, subject “{subject}”", address=to, subject=step.letter.subject))
        page.line(_("As a draft: {file}", file=encode(step.draft or "")))
    if step.link is not None and step.stage != "wait":
        page.line(_("As a link: {link}", link=step.link))
