"""`smena desk orders` and `smena desk serial`: what was bought, and who agreed to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smena.cli import desk_said
from smena.cli.desk_said import at_desk, folder, licence_options
from smena.cli.frame import Frame, Group, argument, asks, option
from smena.errors import WrongUsage
from smena.text import _

if TYPE_CHECKING:
    from smena.cli.output import Page
    from smena.service.desk_orders import Drafted, Seen

orders = Group("orders", words=_("What was ordered for keys, and by whom it was agreed to."))
serial = Group("serial", words=_("Serial numbers: what a customer activates without asking for an order."))

_NUMBER = _("The order's number.")


@orders.command(
    "add",
    words=_("Place an order: what a key shall hold. What is not said stays as it is."),
    examples=(
        "smena desk orders add 1a2b --majors 6,7 --seats 25 --reason 'invoice 1207'",
        "smena desk orders add 1a2b --licence wanted.yml --reason 'contract of May'",
    ),
)
@argument("key", words=_("The key's name, or its beginning."), metavar=_("KEY"))
@at_desk
@licence_options
@option("--rebind", words=_("The key shall be bound to its computer anew, if it asks for that."), is_flag=True)
@option("--reason", words=_("Why the licence changes."), metavar=_("WORDS"), required=True)
@asks()
@click.pass_obj
def add(frame: Frame, /, key: str, place: str | None, *, rebind: bool, reason: str, **chosen: Any) -> None:
    from smena.cli.desk_shown import order_value, show_order
    from smena.service import desk_orders as service

    where, said = folder(frame, place), desk_said.said(chosen)
    drafted = service.draft(where, key, said, rebind=rebind)
    if not frame.out.json:
        frame.out.remark_page(lambda page: _show_draft(page, drafted))
    if not frame.confirmed(_("Place this order?")):
        raise WrongUsage(_("not ordered: you said no"), state=_("nothing was changed"))
    seen = service.add(where, key, said, reason, rebind=rebind)
    frame.out.show(order_value(seen.order, seen.second), lambda page: show_order(page, seen))
    if seen.second:
        frame.out.remark(
            _("a second person has to agree: smena desk orders approve {number} --key FILE", number=seen.order.number)
        )


@orders.command("list", words=_("The orders that are not done yet."), examples=("smena desk orders list --all",))
@at_desk
@option("--all", "everything", words=_("Those that are done or dropped too."), is_flag=True)
@click.pass_obj
def list_(frame: Frame, /, place: str | None, *, everything: bool) -> None:
    from smena.cli.desk_shown import order_value
    from smena.service import desk_orders as service

    found = service.listed(folder(frame, place), everything=everything)
    value = {"orders": [order_value(one.order, one.second) for one in found]}
    frame.out.show(value, lambda page: _show_orders(page, found))


@orders.command("show", words=_("One order: what changes, why, who agreed."), examples=("smena desk orders show 3",))
@argument("number", words=_NUMBER, metavar=_("NUMBER"), type=click.IntRange(1))
@at_desk
@click.pass_obj
def show(frame: Frame, /, number: int, place: str | None) -> None:
    from smena.cli.desk_shown import order_value, show_order
    from smena.service import desk_orders as service

    seen = service.show(folder(frame, place), number)
    frame.out.show(order_value(seen.order, seen.second), lambda page: show_order(page, seen))


@orders.command(
    "approve",
    words=_("Agree to an order, as a second person with an own key."),
    examples=("smena desk orders approve 3 --key /media/usb/olga.key",),
)
@argument("number", words=_NUMBER, metavar=_("NUMBER"), type=click.IntRange(1))
@at_desk
@option("--key", words=_("The file with your own secret key."), metavar=_("FILE"), required=True)
@desk_said.opens_file
@asks()
@click.pass_obj
def approve(frame: Frame, /, number: int, place: str | None, *, key: str, passphrase_file: str | None) -> None:
    from smena.cli.desk_shown import order_value, show_order
    from smena.service import desk_orders as service

    where = folder(frame, place)
    seen = service.show(where, number)
    if not frame.out.json:
        frame.out.remark_page(lambda page: show_order(page, seen))
    if not frame.confirmed(_("Do you agree to this order?")):
        raise WrongUsage(_("not agreed: you said no"), state=_("nothing was changed"))
    done = service.approve(where, number, Path(key), desk_said.passphrase(frame, passphrase_file))
    agreed = done.order.approval.name if done.order.approval else ""
    words = _("{name} agreed to order {number}", name=agreed, number=number)
    frame.out.show(order_value(done.order, done.second), lambda page: page.line(words))


@orders.command(
    "drop", words=_("Drop an order that was not answered."), examples=("smena desk orders drop 3 --reason x",)
)
@argument("number", words=_NUMBER, metavar=_("NUMBER"), type=click.IntRange(1))
@at_desk
@option("--reason", words=_("Why it is not wanted any more."), metavar=_("WORDS"), required=True)
@click.pass_obj
def drop(frame: Frame, /, number: int, place: str | None, *, reason: str) -> None:
    from smena.cli.desk_shown import order_value
    from smena.service import desk_orders as service

    done = service.drop(folder(frame, place), number, reason)
    words = _("Order {number} is dropped", number=number)
    frame.out.show(order_value(done.order), lambda page: page.line(words))


@serial.command(
    "add",
    words=_("Sell a serial number: a key that enrols with it gets this licence."),
    examples=("smena desk serial add AB12-CD34 --edition team --majors 7 --seats 5 --customer ACME",),
)
@argument("number", words=_("The serial number, in groups as you like."), metavar=_("SERIAL"))
@at_desk
@licence_options
@option("--customer", words=_("Who bought it."), metavar=_("NAME"), default="")
@option(
    "--allowed", words=_("How many keys may have it at a time (1)."), metavar=_("N"), type=click.IntRange(1), default=1
)
@click.pass_obj
def serial_add(frame: Frame, /, number: str, place: str | None, *, customer: str, allowed: int, **chosen: Any) -> None:
    from smena.cli.key_shown import licence_value
    from smena.service import desk_orders as service

    sold = service.sell(folder(frame, place), number, desk_said.said(chosen), customer, allowed)
    value = {
        "serial": sold.serial,
        "customer": sold.customer,
        "allowed": sold.allowed,
        "licence": licence_value(sold.licence),
    }
    frame.out.show(value, lambda page: page.line(_("The serial number {serial} can be activated", serial=sold.serial)))


@serial.command("list", words=_("Serial numbers, and which keys have them."), examples=("smena desk serial list",))
@at_desk
@click.pass_obj
def serial_list(frame: Frame, /, place: str | None) -> None:
    from smena.cli.desk_shown import licence_words
    from smena.cli.key_shown import licence_value
    from smena.service import desk_orders as service

    found = service.sold(folder(frame, place))
    value = {
        "serials": [
            {
                "serial": one.serial.serial,
                "customer": one.serial.customer,
                "allowed": one.serial.allowed,
                "keys": list(one.keys),
                "licence": licence_value(one.serial.licence),
            }
            for one in found
        ]
    }

    def people(page: Page) -> None:
        rows = [
            [
                one.serial.serial,
                one.serial.customer,
                f"{len(one.keys)}/{one.serial.allowed}",
                ", ".join(one.keys),
                licence_words(one.serial.licence),
            ]
            for one in found
        ]
        page.table([_("SERIAL"), _("CUSTOMER"), _("USED"), _("KEYS"), _("LICENCE")], rows)

    frame.out.show(value, people)


def _show_draft(page: Page, drafted: Drafted) -> None:
    from smena.cli.desk_shown import show_changes, show_key

    show_key(page, drafted.draft.known)
    page.line(_("The order changes:"))
    show_changes(page, drafted.draft.changes)
    for why in drafted.second:
        page.line(_("a second person is needed: {why}", why=why), colour="yellow")


def _show_orders(page: Page, found: list[Seen]) -> None:
    from smena.keys.desk.orders import state_words

    if not found:
        page.line(_("There is no open order."))
        return
    rows = [
        [
            one.order.number,
            one.known.name,
            one.order.customer,
            state_words(one.order.state),
            _agreed(one),
            one.order.reason,
        ]
        for one in found
    ]
    page.table([_("ORDER"), _("KEY"), _("CUSTOMER"), _("STATE"), _("SECOND PERSON"), _("REASON")], rows)


def _agreed(one: Seen) -> object:
    if one.order.approval is not None:
        return one.order.approval.name
    return _("needed") if one.second and one.order.state == "open" else "–"
