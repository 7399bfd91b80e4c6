"""A message on its carriers: shown, as groups, as a QR code, as a file, as a mail."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from smena.cli.frame import Frame
from smena.errors import WrongUsage
from smena.host.paths import encode
from smena.text import Text, _

if TYPE_CHECKING:
    from smena.cli.output import Page
    from smena.keys.ring import Place
    from smena.service.keyletters import Outgoing

_SCREEN = "-"


def deliver(frame: Frame, place: Place, out: Outgoing, ways: dict[str, Any], more: dict[str, Any]) -> None:
    """Do everything that was asked for, then show it. `more`: `typed`, and what programs are told besides."""
    from smena.cli.key_shown import outgoing_value

    typed = more.pop("typed", False)
    done = [
        *([write(ways["output"], out.text.encode("utf-8"))] if ways["output"] else []),
        *([qr_file(ways["qr"], out)] if ways["qr"] not in (None, _SCREEN) else []),
        *([_draft(place, out)] if ways["mail"] else []),
        *([_send(frame, place, out)] if ways["send"] else []),
        *([_sent(place, out)] if ways["sent"] else []),
    ]
    value = outgoing_value(out, done=done, **more)
    frame.out.show(value, lambda page: _show(page, out, done, {**ways, "typed": typed}))


def _show(page: Page, out: Outgoing, done: list[Text], ways: dict[str, Any]) -> None:
    """What is on its way already needs no words about sending it."""
    from smena.cli.key_shown import show_outgoing
    from smena.keys.codec import qr
    from smena.service.keyletters import typed_text

    if ways["qr"] == _SCREEN:
        page.block(qr.terminal(out.message))
    elif ways["typed"]:
        page.line(out.head)
        page.block(typed_text(out))
    elif not ways["sent"] and not ways["send"]:
        show_outgoing(page, out)
    for words in done:
        page.line(words)
    if ways["mail"] and out.link is not None:
        page.line(_("As a mail: {link}", link=out.link))


def qr_file(named: str, out: Outgoing) -> Text:
    from smena.keys.codec import qr

    makers = {".svg": qr.svg, ".png": qr.png}
    maker = makers.get(Path(named).suffix.lower())
    if maker is None:
        raise WrongUsage(_("a QR code is written as .svg or .png"), hint=_("--qr question.svg"))
    return write(named, maker(out.message))


def write(named: str, content: bytes) -> Text:
    from smena.host import files

    files.write_file(Path(named).absolute(), content)
    return _("written to {file}", file=encode(named))


def _draft(place: Place, out: Outgoing) -> Text:
    from smena.service import keyletters

    return _("the mail lies as a draft in {file}", file=encode(keyletters.draft_of(place, out)))


def _send(frame: Frame, place: Place, out: Outgoing) -> Text:
    from smena.service import keyexchange, keyletters

    if not keyletters.is_configured(frame.home):
        raise WrongUsage(
            _("no mail server is configured in {file}", file=encode(frame.home / "mail.json")),
            hint=_("use --mail, and send the draft with your own mail program"),
        )
    keyletters.send(frame.home, out.letter)
    keyexchange.sent(place, out)
    return _("the mail was sent to {address}", address=out.letter.to)


def _sent(place: Place, out: Outgoing) -> Text:
    from smena.service import keyexchange

    keyexchange.sent(place, out)
    return _("it is noted as sent")
