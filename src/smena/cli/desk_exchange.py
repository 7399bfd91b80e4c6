"""`smena desk receive`, `answer`, `confirm`, `replace`: the exchange with customers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smena.cli import desk_said
from smena.cli.desk_said import at_desk, folder
from smena.cli.frame import Command, Frame, argument, asks, option
from smena.errors import WrongUsage
from smena.text import _

if TYPE_CHECKING:
    from smena.cli.output import Page
    from smena.keys.desk.receiving import Seen
    from smena.service.desk_exchange import Carriers, Offer

_FILE = _("The message's file or mail, or - for standard input.")


@click.command(
    "receive",
    cls=Command,
    words=_("Look at a question: who asks, with which key, what it holds, and whether anything is odd."),
    examples=("smena desk receive office.smena-question", "smena desk receive - < mail.txt"),
)
@argument("file", words=_FILE, metavar=_("FILE"))
@at_desk
@click.pass_obj
def receive(frame: Frame, /, file: str, place: str | None) -> None:
    from smena.cli.desk_shown import key_value, order_value
    from smena.service import desk_exchange as service

    seen = service.receive(folder(frame, place), desk_said.message(file, "question"))
    known = type(seen.known)(seen.received.account, seen.known.about)
    value = {
        **key_value(known),
        "asks": seen.question.op.name.lower(),
        "signed": seen.question.signed,
        "healed": seen.received.healed,
        "answered": seen.answered,
        "odd": list(seen.odd),
        "orders": [order_value(order) for order in seen.orders],
    }
    frame.out.show(value, lambda page: _show_seen(page, seen))


@click.command(
    "answer",
    cls=Command,
    words=_("Answer a question with what was ordered. The same question always gets the same answer."),
    examples=(
        "smena desk answer office.smena-question --mail office.eml",
        "smena desk answer - -o office.smena-answer",
        "smena desk answer --all -o answers/ --mail mails/",
    ),
)
@argument("file", words=_FILE, metavar=_("FILE"), required=False)
@at_desk
@option("--all", "everything", words=_("All questions that wait."), is_flag=True)
@option("--order", words=_("Which order, where there are several."), metavar=_("NUMBER"), type=click.IntRange(1))
@option("-o", "output", words=_("Write the answer's file; with --all into this folder."), metavar=_("FILE"))
@option("--mail", words=_("Write a draft of the mail (.eml); with --all into this folder."), metavar=_("FILE"))
@option("--typed", words=_("Show groups to be read out or typed."), is_flag=True)
@option(
    "--qr", words=_("Show a QR code, or write it as .svg or .png."), metavar=_("[FILE]"), is_flag=False, flag_value="-"
)
@asks()
@click.pass_obj
def answer(
    frame: Frame, /, file: str | None, place: str | None, *, everything: bool, order: int | None, **forms: Any
) -> None:
    from smena.cli.desk_shown import answer_value
    from smena.service import desk_exchange as service

    if (file is None) != everything:
        raise WrongUsage(_("name one question, or --all"), hint=_("smena desk answer FILE"))
    _refuse_forms(everything, order, forms)
    where = folder(frame, place)
    if file is None:
        offer = service.offer_all(where)
    else:
        offer = service.offer(where, desk_said.message(file, "question"), order or 0)
    if not frame.out.json:
        frame.out.remark_page(lambda page: _show_offer(page, offer))
    fresh = [one for one in offer.choices if not one.seen.answered]
    if fresh and not frame.confirmed(_("Give this answer?") if len(fresh) == 1 else _("Give these answers?")):
        raise WrongUsage(_("not answered: you said no"), state=_("the question waits"))
    given = service.give(where, offer)
    written = [str(path) for one in given for path in _written(where, one, forms)]
    left = [{"key": one.key, "error": one.error.as_dict()} for one in offer.left]
    value = {"answers": [answer_value(one) for one in given], "left": left, "files": written}
    frame.out.show(value, lambda page: _show_given(page, given, forms, written))


@click.command(
    "confirm",
    cls=Command,
    words=_("Take a confirmation: the key holds what it was promised."),
    examples=("smena desk confirm office.smena-confirmation", "smena desk confirm -"),
)
@argument("file", words=_FILE, metavar=_("FILE"))
@at_desk
@click.pass_obj
def confirm(frame: Frame, /, file: str, place: str | None) -> None:
    from smena.cli.desk_shown import key_value
    from smena.service import desk_exchange as service

    done = service.confirm(folder(frame, place), desk_said.message(file))
    known = type(done.known)(done.account, done.known.about)
    words = _("Key {key} has confirmed change {epoch}", key=known.name, epoch=done.account.licence.epoch)
    again = _("Key {key} had confirmed change {epoch} before", key=known.name, epoch=done.account.licence.epoch)
    value = {**key_value(known), "again": done.again, "proof": done.account.proof}
    frame.out.show(value, lambda page: page.line(again if done.again else words))


@click.command(
    "replace",
    cls=Command,
    words=_("A key was lost, broken or reset: it counts no more, and another one takes its place."),
    examples=("smena desk replace 1a2b --lost --with 9f8e --reason 'stolen in the train' --root /media/usb/root.key",),
)
@argument("key", words=_("The key that counts no more."), metavar=_("KEY"))
@at_desk
@option("--lost", "what", words=_("It was lost or stolen."), flag_value="lost")
@option("--broken", "what", words=_("It does not work any more."), flag_value="broken")
@option("--reset", "what", words=_("It was reset, or its computer is gone."), flag_value="reset")
@option("--with", "instead", words=_("The key that takes its place, enrolled before."), metavar=_("KEY"))
@option("--reason", words=_("What happened."), metavar=_("WORDS"), required=True)
@desk_said.with_root(required=False)
@asks()
@click.pass_obj
def replace(frame: Frame, /, key: str, place: str | None, *, what: Any, reason: str, **chosen: Any) -> None:
    from smena.cli.desk_shown import order_value
    from smena.service import desk_exchange as service

    if what is None:
        raise WrongUsage(_("say what happened to the key: --lost, --broken or --reset"))
    where = folder(frame, place)
    old = service.find(where, key)
    asked = _(
        "Shall the key {key} of {customer} count no more? This cannot be taken back.",
        key=old.name,
        customer=old.about.customer or "–",
    )
    if not frame.confirmed(asked):
        raise WrongUsage(_("not replaced: you said no"), state=_("nothing was changed"))
    said = service.Replacing(old.name, what, reason, chosen["instead"])
    root = Path(chosen["root"]) if chosen["root"] else None
    done, published = service.replace(where, said, root, desk_said.passphrase(frame, chosen["passphrase_file"]))

    def people(page: Page) -> None:
        page.line(_("The key {key} counts no more at this desk", key=old.name))
        if done.order is not None:
            page.item(_("order {number} gives the new key what the old one had", number=done.order.number))
        if not published:
            page.item(_("the trust list does not say so yet: smena desk trust publish --root FILE"))

    order = order_value(done.order) if done.order else None
    frame.out.show({"key": old.name, "published": published, "order": order}, people)


def _refuse_forms(everything: bool, order: int | None, forms: dict[str, Any]) -> None:
    if everything and (order or forms["qr"] or forms["typed"]):
        raise WrongUsage(_("--all goes with -o and --mail only"))
    for name in ("output", "mail"):
        if everything and forms[name] and not Path(forms[name]).is_dir():
            raise WrongUsage(_("there is no folder {path}", path=forms[name]))
    if forms["qr"] and forms["qr"] != "-" and Path(forms["qr"]).suffix.lower() not in (".svg", ".png"):
        raise WrongUsage(_("a QR code is written as .svg or .png"))


def _written(where: Path, one: Carriers, forms: dict[str, Any]) -> list[Path]:
    from smena.service import desk_exchange as service

    found = []
    if forms["output"]:
        found.append(service.write(Path(forms["output"]), one))
    if forms["mail"]:
        found.append(service.write_mail(where, Path(forms["mail"]), one))
    if forms["qr"] and forms["qr"] != "-":
        found.append(service.write_code(Path(forms["qr"]), one))
    return found


def _show_seen(page: Page, seen: Seen) -> None:
    from smena.cli.desk_shown import show_key

    show_key(page, type(seen.known)(seen.received.account, seen.known.about))
    for one in seen.odd:
        page.line(_("Look: {trouble}", trouble=one), colour="yellow")
    for order in seen.orders:
        page.item(_("order {number}: {reason}", number=order.number, reason=order.reason))
    if seen.answered:
        page.line(_("This question was answered before; it gets the same answer again."))
    elif not seen.orders:
        page.line(_("Nothing is ordered for it: smena desk orders add {key} --reason WORDS", key=seen.known.name))


def _show_offer(page: Page, offer: Offer) -> None:
    from smena.cli.desk_shown import show_changes
    from smena.keys.changes import changes

    for one in offer.choices:
        about, number = one.seen.known.about, one.order.number if one.order else "–"
        page.line(
            _(
                "Key {key}, {customer}, order {number}",
                key=one.seen.known.name,
                customer=about.customer or "–",
                number=number,
            )
        )
        for odd in one.seen.odd:
            page.line(_("Look: {trouble}", trouble=odd), colour="yellow")
        show_changes(page, changes(one.seen.received.account.licence, one.wanted))
    for left in offer.left:
        page.line(_("{key} is not answered: {reason}", key=left.key, reason=left.error.message), colour="yellow")


def _show_given(page: Page, given: list[Carriers], forms: dict[str, Any], written: list[str]) -> None:
    from smena.service import desk_exchange as service

    for path in written:
        page.line(_("written: {path}", path=path))
    if not given:
        page.line(_("Nothing was answered."))
    for one in given if not written else ():
        if not forms["typed"] and not forms["qr"]:
            page.block(one.text)
    for one in given:
        if forms["typed"]:
            page.block(one.typed)
        if forms["qr"] == "-":
            page.block(service.code(one))
