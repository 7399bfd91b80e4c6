"""`smena desk`: the vendor's side of licence keys. This module: the desk itself, its keys, its records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smena.cli import desk_said
from smena.cli.desk_said import at_desk, folder
from smena.cli.frame import Frame, Group, Lazy, argument, asks, option
from smena.errors import WrongUsage
from smena.text import _

if TYPE_CHECKING:
    from smena.cli.output import Page
    from smena.keys.desk.audit import Entry
    from smena.keys.desk.enrolling import Enrolled
    from smena.service.desk import Proven, Shown, Standing

desk = Group("desk", words=_("The vendor's desk: keys and orders, questions and answers."))

_EXCHANGE = "smena.cli.desk_exchange:"
_TRUST = "smena.cli.desk_trust:"


@desk.command(
    "init",
    words=_("Make a desk: the vendor's root, an issuer, an exchange key, the first trust list."),
    examples=(
        "smena desk init --product loginom --root /media/usb/root.key --passphrase",
        "smena desk init --product standin-platform --root root.key --demo",
    ),
)
@at_desk
@option(
    "--product",
    "products",
    words=_("A product whose licences are signed here."),
    metavar=_("PRODUCT"),
    multiple=True,
    required=True,
)
@option("--root", words=_("The new file for the root's secret key; keep it offline."), metavar=_("FILE"), required=True)
@option("--passphrase", words=_("Protect that file: a passphrase is asked for."), is_flag=True)
@desk_said.opens_file
@option("--demo", words=_("A realm for demonstrations only; virtual keys count there."), is_flag=True)
@option(
    "--large",
    words=_("So many more seats at once need a second person (100)."),
    metavar=_("N"),
    type=click.IntRange(1),
    default=100,
)
@click.pass_obj
def init(frame: Frame, /, place: str | None, *, products: tuple[str, ...], root: str, **chosen: Any) -> None:
    from smena.cli.desk_shown import trust_value
    from smena.keys.desk.making import Wish
    from smena.service import desk as service

    where = folder(frame, place)
    wish = Wish(
        root=Path(root),
        products=products,
        demo=chosen["demo"],
        large=chosen["large"],
        passphrase=desk_said.new_passphrase(frame, chosen["passphrase"], chosen["passphrase_file"]),
        by=service.me(),
    )
    made = service.init(where, wish)

    def people(page: Page) -> None:
        page.line(_("The desk is made in {path}", path=where))
        page.item(_("realm: {realm}", realm=made.realm.hex()))
        page.item(_("the root's secret key is in {path}", path=root))
        page.line(_("Take that file offline now, and keep a copy in a safe: without it no trust list can be signed,"))
        page.line(_("and whoever has it is the vendor. The desk needs it only for new trust lists and people."))

    frame.out.show({"desk": str(where), "root": root, "trust": trust_value(made)}, people)


@desk.command("show", words=_("How things stand: what waits, and what needs a person."), examples=("smena desk show",))
@at_desk
@click.pass_obj
def show(frame: Frame, /, place: str | None) -> None:
    from smena.cli.desk_shown import trust_value
    from smena.service import desk as service

    found = service.standing(folder(frame, place))
    value = {
        "trust": trust_value(found.trust),
        "keys": found.keys,
        "open-orders": [order.number for order in found.open],
        "open-questions": found.questions,
        "record": found.head.hash.hex(),
        "troubles": list(found.troubles),
    }
    frame.out.show(value, lambda page: _show_standing(page, found))


@desk.command(
    "enrol",
    words=_("Take a key into the books, from its enrolment."),
    examples=('smena desk enrol office.smena-key --customer "ACME" --mail it@acme.example',),
)
@argument("file", words=_("The enrolment's file, or - for standard input."), metavar=_("FILE"))
@at_desk
@option("--customer", words=_("Whose key it is."), metavar=_("NAME"), default="")
@option("--mail", words=_("Where answers are sent."), metavar=_("ADDRESS"), default="")
@option("--proven", words=_("How it was seen that the key is in hardware."), metavar=_("WORDS"), default="")
@click.pass_obj
def enrol(frame: Frame, /, file: str, place: str | None, *, customer: str, mail: str, proven: str) -> None:
    from smena.cli.desk_shown import key_value, order_value
    from smena.keys.desk.enrolling import Said
    from smena.service import desk as service

    data = desk_said.message(file, "enrolment")
    done = service.enrol(folder(frame, place), data, Said(customer=customer, mail=mail, proven=proven))
    order = order_value(done.order) if done.order else None
    value = {**key_value(done.known), "odd": list(done.odd), "order": order}
    frame.out.show(value, lambda page: _show_enrolled(page, done))


@desk.command(
    "keys",
    words=_("The keys that the desk knows, or one of them."),
    examples=("smena desk keys", "smena desk keys 1a2b"),
)
@argument("key", words=_("A key's name, or its beginning."), metavar=_("KEY"), required=False)
@at_desk
@click.pass_obj
def keys(frame: Frame, /, key: str | None, place: str | None) -> None:
    from smena.cli.desk_shown import key_value, licence_words, order_value
    from smena.service import desk as service

    if key is not None:
        one = service.key(folder(frame, place), key)
        value = {**key_value(one.known), "orders": [order_value(order) for order in one.orders]}
        frame.out.show(value, lambda page: _show_one(page, one))
        return
    found = service.keys(folder(frame, place))

    def people(page: Page) -> None:
        if not found:
            page.line(_("There is no key yet. Enrol one: smena desk enrol FILE"))
            return
        rows = [
            [one.name, one.account.kind, one.about.customer, _counts(one), licence_words(one.account.licence)]
            for one in found
        ]
        page.table([_("KEY"), _("KIND"), _("CUSTOMER"), _("STATE"), _("HOLDS")], rows)

    frame.out.show({"keys": [key_value(one) for one in found]}, people)


@desk.command(
    "audit",
    words=_("Prove the records: every entry follows the one before; the answer log too."),
    examples=("smena desk audit", "smena desk audit --head 3f9a…", "smena desk audit --last 20"),
)
@at_desk
@option("--head", words=_("The record of a mail: is it in the chain?"), metavar=_("RECORD"))
@option("--last", words=_("Show the last entries too."), metavar=_("N"), type=click.IntRange(1))
@click.pass_obj
def audit(frame: Frame, /, place: str | None, *, head: str | None, last: int | None) -> None:
    from smena.service import desk as service

    where = folder(frame, place)
    proven = service.proven(where, head)
    entries = service.entries(where, last) if last else []
    value: dict[str, Any] = {
        "entries": proven.entries,
        "record": proven.head.hex(),
        "answer-log": proven.lines,
        "beyond-the-chain": list(proven.strange),
        "found": proven.found,
        "last": [_entry_value(one) for one in entries],
    }
    frame.out.show(value, lambda page: _show_proven(page, proven, entries))
    if proven.found is False:
        raise click.exceptions.Exit(1)


@desk.command(
    "recover",
    words=_("After a backup was put back: read in what the answer log knows."),
    examples=("smena desk recover",),
)
@at_desk
@asks()
@click.pass_obj
def recover(frame: Frame, /, place: str | None) -> None:
    from smena.service import desk as service

    where = folder(frame, place)
    found = service.behind(where)
    if found.lost:
        frame.out.remark(
            _("The answer log is not the one that this desk wrote; it would be written anew from the store.")
        )
    for name, count in found.keys.items():
        frame.out.remark(_("- {key}: {count} answers that the desk does not know", key=name, count=count))
    if (found.lost or found.lines) and not frame.confirmed(_("Is this desk the only one, and this its newest backup?")):
        raise WrongUsage(_("not recovered: you said no"), state=_("nothing was changed"))
    done = service.recover(where) if found.lost or found.lines else found
    value = {"read-in": len(done.lines), "keys": done.keys, "log-written-anew": done.lost}

    def people(page: Page) -> None:
        if not done.lost and not done.lines:
            page.line(_("There is nothing to recover: the answer log and the desk agree."))
            return
        page.line(_("Recovered: {count} lines of the answer log were read in", count=len(done.lines)))
        page.line(_("Orders placed since the backup are gone: place again those that were not answered."))

    frame.out.show(value, people)


for _lazy in (
    Lazy("orders", "smena.cli.desk_orders:orders", _("What was ordered for keys, and by whom it was agreed to.")),
    Lazy("receive", f"{_EXCHANGE}receive", _("Look at a question: who, which key, what it holds.")),
    Lazy("answer", f"{_EXCHANGE}answer", _("Answer a question with what was ordered.")),
    Lazy("confirm", f"{_EXCHANGE}confirm", _("Take a confirmation: the key holds what it was promised.")),
    Lazy("replace", f"{_EXCHANGE}replace", _("A key was lost, broken or reset: it counts no more.")),
    Lazy("trust", f"{_TRUST}trust", _("The trust list: whom keys believe.")),
    Lazy("issuer", f"{_TRUST}issuer", _("Issuers: who signs licences, for which products.")),
    Lazy("person", f"{_TRUST}person", _("People who may agree to orders, each with an own key.")),
    Lazy("serial", "smena.cli.desk_orders:serial", _("Serial numbers that customers activate.")),
):
    desk.add_command(_lazy)


def _counts(known: Any) -> Any:
    return _("replaced") if known.about.state == "replaced" else _("counts")


def _entry_value(one: Entry) -> dict[str, Any]:
    said = dict(one.said)
    return {"number": one.number, "at": one.at, "by": one.by, "what": one.what, "key": one.key.hex(), "said": said}


def _show_standing(page: Page, found: Standing) -> None:
    page.line(_("Trust list {number}, realm {realm}", number=found.trust.number, realm=found.trust.realm.hex()))
    if found.trust.demo:
        page.item(_("a demonstration: its keys count nowhere else"))
    page.item(_("keys: {count}", count=found.keys))
    page.item(_("open orders: {numbers}", numbers=", ".join(str(one.number) for one in found.open) or "–"))
    page.item(_("questions that wait: {count}", count=found.questions))
    page.item(_("record: {head}", head=found.head.hash.hex()))
    for trouble in found.troubles:
        page.line(_("Look: {trouble}", trouble=trouble), colour="yellow")


def _show_enrolled(page: Page, done: Enrolled) -> None:
    from smena.cli.desk_shown import show_key

    show_key(page, done.known)
    for one in done.odd:
        page.line(_("Look: {trouble}", trouble=one), colour="yellow")
    if done.order is not None:
        page.line(_("Order {number} is placed for it", number=done.order.number))


def _show_one(page: Page, one: Shown) -> None:
    from smena.cli.desk_shown import show_key
    from smena.keys.desk.orders import state_words

    show_key(page, one.known)
    for order in one.orders:
        said = {"number": order.number, "state": state_words(order.state), "reason": order.reason}
        page.item(_("order {number}, {state}: {reason}", **said))


def _show_proven(page: Page, proven: Proven, entries: list[Entry]) -> None:
    for one in entries:
        said = ", ".join(f"{name}={value}" for name, value in one.said.items())
        page.item(f"{one.number} {one.at} {one.by}: {one.what} {one.key[:6].hex()} {said}".rstrip())
    page.line(_("The audit chain holds: {count} entries, record {head}", count=proven.entries, head=proven.head.hex()))
    page.line(_("The answer log holds: {count} lines", count=proven.lines))
    if proven.strange:
        page.line(
            _(
                "{count} of them were written when the chain was another one: a backup was put back",
                count=len(proven.strange),
            )
        )
    if proven.found is not None:
        page.line(
            _("That record stands in the chain.") if proven.found else _("That record does not stand in the chain!")
        )
