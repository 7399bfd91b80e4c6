"""`smena key activate`: a software key for this computer, by serial number, without a network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smena.cli.frame import Command, Frame, option
from smena.cli.key_option import new_key
from smena.host.paths import encode
from smena.text import _

if TYPE_CHECKING:
    from smena.cli.output import Page
    from smena.service.keyactivation import Request

_SCREEN = "-"


@click.command(
    "activate",
    cls=Command,
    words=_(
        "Activate a software key by its serial number, without a network: carry the request to the vendor by file, "
        "QR code or mail, and apply the answer. Again: the same request."
    ),
    examples=("smena key activate main --product PRODUCT --order AB12-CD34-EF56 -o main.smena-activation",),
)
@new_key
@option("--order", words=_("The serial number of what was bought."), metavar=_("SERIAL"), required=True)
@option("-o", "output", words=_("Write the request to this file."), metavar=_("FILE"))
@option("--mail", words=_("Write the mail to the vendor as a draft."), is_flag=True)
@option(
    "--qr",
    words=_("Show it as two QR codes; with a file's name (.svg, .png) write them beside each other."),
    metavar=_("FILE"),
    is_flag=False,
    flag_value=_SCREEN,
)
@click.pass_obj
def activate(frame: Frame, /, name: str, *, product: str, order: str, trust: str | None, **ways: str | bool) -> None:
    from smena.cli.key_carried import qr_file, write
    from smena.keys.tokens import software
    from smena.service import keyactivation, keyring

    said = keyring.Adding(
        name=name, kind=software.KIND, product=product, order=order, trust=Path(trust) if trust else None
    )
    made = keyactivation.request(frame.home, said)
    done = []
    if ways["output"]:
        done.append(write(str(ways["output"]), made.text.encode("utf-8")))
    if ways["qr"] not in (None, _SCREEN):
        file = Path(str(ways["qr"]))
        for number, out in enumerate((made.enrolment, made.question), 1):
            done.append(qr_file(str(file.with_stem(f"{file.stem}-{number}")), out))
    if ways["mail"]:
        draft = keyactivation.draft(frame.home, made)
        done.append(_("the mail lies as a draft in {file}", file=encode(draft)))
    value = {"key": made.key, "order": made.order, "text": made.text, "file": made.file, "done": done}
    frame.out.show(value, lambda page: _show(page, made, screen=ways["qr"] == _SCREEN))
    if not frame.out.json:
        for words in done:
            frame.out.remark(words)


def _show(page: Page, made: Request, *, screen: bool) -> None:
    from smena.keys.codec import qr

    if screen:
        page.block(qr.terminal(made.enrolment.message))
        page.block(qr.terminal(made.question.message))
    else:
        page.block(made.text)
    page.line()
    page.line(_("It lies in {file}", file=made.file))
    page.line(_("Carry it to the vendor; its answer comes back the same way."))
    page.line(_("Then: smena key answer FILE --key {key}", key=made.key))
