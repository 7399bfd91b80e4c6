"""`smena key enrol|question|answer|confirmation|cancel`: the three messages, on every carrier."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smena.cli.frame import Command, Frame, argument, asks, option
from smena.cli.key_option import key_option
from smena.cli.pins import pin_option, pins
from smena.cli.typing_in import typed_in
from smena.errors import WrongUsage
from smena.text import _

if TYPE_CHECKING:
    from smena.keys.pins import Pins
    from smena.keys.ring import Place
    from smena.service.keyletters import Outgoing

_SCREEN = "-"


def carriers(function: Callable[..., Any]) -> Callable[..., Any]:
    """How a message leaves: the same for all three."""
    function = option("--sent", words=_("Note that it was sent; smena stops reminding of it."), is_flag=True)(function)
    function = option("--send", words=_("Send the mail through the configured server."), is_flag=True)(function)
    function = option("--mail", words=_("Write the mail to the vendor as a draft."), is_flag=True)(function)
    function = option("-o", "output", words=_("Write the message to this file."), metavar=_("FILE"))(function)
    return option(
        "--qr",
        words=_("Show it as a QR code; with a file's name (.svg, .png) write it there."),
        metavar=_("FILE"),
        is_flag=False,
        flag_value=_SCREEN,
    )(function)


@click.command(
    "enrol", cls=Command, words=_("Introduce a new key to the vendor."), examples=("smena key enrol --mail",)
)
@key_option()
@carriers
@pin_option()
@click.pass_obj
def enrol(frame: Frame, /, *, key: str | None, pin_file: str | None, **ways: Any) -> None:
    from smena.service import keyexchange

    place, given = _opened(frame, key, pin_file)
    _deliver(frame, place, keyexchange.enrolment(frame.home, place, given), ways)


@click.command(
    "question",
    cls=Command,
    words=_(
        "Ask the vendor for a change. The question lies on the key before it is shown, "
        "and is the same until it is answered or cancelled."
    ),
    examples=(
        "smena key question --reason 'upgrade to 7' --mail",
        "smena key question --typed",
        "smena key question --qr question.svg",
    ),
)
@key_option()
@option("--reason", words=_("Why the licence is to change; it goes into the mail."), metavar=_("WORDS"))
@option("--typed", words=_("The short form, for telephone and paper."), is_flag=True)
@option("--rebind", words=_("Ask for binding a software key to this computer as it is now."), is_flag=True)
@carriers
@pin_option()
@click.pass_obj
def question(
    frame: Frame,
    /,
    *,
    key: str | None,
    reason: str | None,
    typed: bool,
    rebind: bool,
    pin_file: str | None,
    **ways: Any,
) -> None:
    from smena.service import keyexchange

    place, given = _opened(frame, key, pin_file)
    wanted = keyexchange.Wanted(typed=typed, rebind=rebind, reason=reason or "")
    _deliver(frame, place, keyexchange.question(frame.home, place, wanted, given), ways, typed=typed)


@click.command(
    "answer",
    cls=Command,
    words=_("Apply the vendor's answer: what it changes is shown and asked about first. Again: the same confirmation."),
    examples=("smena key answer main.smena-answer", "smena key answer - < mail.txt", "smena key answer"),
)
@argument("file", words=_("The answer's file or mail; - for standard input."), metavar=_("FILE"), required=False)
@key_option()
@asks()
@carriers
@pin_option()
@click.pass_obj
def answer(frame: Frame, /, file: str | None, *, key: str | None, pin_file: str | None, **ways: Any) -> None:
    from smena.cli.key_shown import changes_value, show_changes
    from smena.service import keyexchange

    place, given = _opened(frame, key, pin_file)
    offered = keyexchange.offered(place, _content(frame, file), file or "", given)
    if not offered.applied:
        if not frame.out.json:
            frame.out.remark_page(lambda page: show_changes(page, offered.changes))
        if not frame.confirmed(_("Apply this to the key {name}?", name=place.name)):
            raise WrongUsage(_("not applied: you said no"), state=_("nothing was changed"))
    made = keyexchange.apply(frame.home, place, offered.message, given)
    if not frame.out.json:
        frame.out.remark(_("The key holds this already.") if offered.applied else _("The key is changed."))
    _deliver(frame, place, made, ways, changes=changes_value(offered))


@click.command(
    "confirmation",
    cls=Command,
    words=_("Show the confirmation of the last answer, as often as wanted."),
    examples=("smena key confirmation --mail", "smena key confirmation --sent"),
)
@key_option()
@option("--typed", words=_("The short form, for telephone and paper."), is_flag=True)
@carriers
@pin_option()
@click.pass_obj
def confirmation(frame: Frame, /, *, key: str | None, typed: bool, pin_file: str | None, **ways: Any) -> None:
    from smena.service import keyexchange

    place, given = _opened(frame, key, pin_file)
    made = keyexchange.confirmation(frame.home, place, typed=typed, pins=given)
    _deliver(frame, place, made, ways, typed=typed)


@click.command("cancel", cls=Command, words=_("Forget the open question; says before what is lost."))
@key_option()
@asks()
@pin_option()
@click.pass_obj
def cancel(frame: Frame, /, *, key: str | None, pin_file: str | None) -> None:
    from smena.service import keyexchange

    place, given = _opened(frame, key, pin_file)
    loss = keyexchange.loss(place, given)
    if not frame.confirmed(_("Cancel: {loss}?", loss=loss)):
        raise WrongUsage(_("not cancelled: you said no"), state=_("nothing was changed"))
    keyexchange.cancel(place, given)
    frame.out.show({"cancelled": place.name, "lost": loss}, lambda page: page.line(_("The question is forgotten.")))


def _opened(frame: Frame, key: str | None, pin_file: str | None) -> tuple[Place, Pins]:
    from smena.service import keyring

    return keyring.named(frame.home, key), pins(frame, pin_file)


def _content(frame: Frame, file: str | None) -> bytes:
    """A file, standard input, or typed groups up to an empty line."""
    from smena.service import keyring

    if file == _SCREEN:
        return sys.stdin.buffer.read()
    if file is not None:
        return keyring.read_file(Path(file))
    if not sys.stdin.isatty():
        raise WrongUsage(_("where is the answer?"), hint=_("give its file, or - for standard input"))
    return typed_in(frame, _("Type or paste the answer; an empty line ends it."))


def _deliver(frame: Frame, place: Place, out: Outgoing, ways: dict[str, Any], **more: Any) -> None:
    """Every way out that was asked for; without any, the message itself is shown."""
    from smena.cli.key_carried import deliver

    deliver(frame, place, out, ways, more)
