"""Keys, licences, orders and answers of the desk, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from smena.text import Text, _, plain

if TYPE_CHECKING:
    from smena.cli.output import Page
    from smena.keys.changes import Change
    from smena.keys.desk.accounts import Known
    from smena.keys.desk.orders import Order
    from smena.keys.licence import Licence
    from smena.keys.trust import TrustList
    from smena.service.desk_exchange import Carriers
    from smena.service.desk_orders import Seen as SeenOrder


def key_value(known: Known) -> dict[str, Any]:
    from smena.cli.key_shown import licence_value

    account, about = known.account, known.about
    return {
        "key": known.name,
        "public": account.public.hex(),
        "kind": account.kind,
        "state": about.state,
        "customer": about.customer,
        "mail": about.mail,
        "model": about.model,
        "firmware": about.firmware,
        "number": about.number,
        "serial": about.serial,
        "hardware-proven": about.proven,
        "enrolled": about.enrolled,
        "licence": licence_value(account.licence),
        "answer-on-its-way": bool(account.inputs),
        "unsigned-reduction": account.owed,
    }


def order_value(order: Order, second: Sequence[Text] = ()) -> dict[str, Any]:
    from smena.keys.exchange.ports import key_id, shown_id

    return {
        "order": order.number,
        "key": shown_id(key_id(order.public)),
        "state": order.state,
        "customer": order.customer,
        "reason": order.reason,
        "by": order.by,
        "at": order.at,
        "rebind": order.rebind,
        "second-person": list(second),
        "approved-by": order.approval.name if order.approval else None,
        "changes": [change_value(one) for one in order.changes],
    }


def change_value(one: Change) -> dict[str, Any]:
    return {"what": one.what, "old": one.old, "new": one.new, "less": one.less}


def trust_value(found: TrustList) -> dict[str, Any]:
    return {
        "number": found.number,
        "realm": found.realm.hex(),
        "demo": found.demo,
        "roots": [root.public.hex() for root in found.chain],
        "issuers": len(found.issuers),
        "exchange-keys": [key.number for key in found.exchange],
        "lost": [one.hex() for one in found.lost],
    }


def answer_value(one: Carriers) -> dict[str, Any]:
    given = one.given
    return {
        "key": given.known.name,
        "order": given.order or None,
        "again": given.again,
        "epoch": given.new.epoch,
        "text": one.text,
        "typed": one.typed,
        "record": given.head.hex(),
    }


# --- for people -------------------------------------------------------------------------


def show_changes(page: Page, found: Sequence[Change]) -> None:
    if not found:
        page.item(_("nothing of the licence changes"))
        return
    rows = [[one.what, one.old, "→", one.new, _("less") if one.less else ""] for one in found]
    page.table(["", _("NOW"), "", _("THEN"), ""], rows)


def show_key(page: Page, known: Known) -> None:
    account, about = known.account, known.about
    page.line(_("Key {key}: {kind}, {customer}", key=known.name, kind=account.kind, customer=about.customer or "–"))
    if about.state == "replaced":
        page.item(_("it was replaced and counts no more"))
    if about.model or about.firmware or about.number:
        page.item(_("token: {model}, firmware {firmware}, number {number}", **_token(known)))
    if account.kind == "pkcs11":
        page.item(_("hardware: {how}", how=about.proven or _("nobody has seen it")))
    if about.serial:
        page.item(_("serial number: {serial}", serial=about.serial))
    page.item(_("holds: {licence}", licence=licence_words(account.licence)))
    if account.inputs:
        page.item(_("an answer is on its way; it was not confirmed yet"))
    if account.owed:
        page.item(_("what was taken away was never confirmed with a signature"))


def licence_words(found: Licence) -> Text:
    """In one line."""
    if not found.product:
        return _("nothing yet")
    said = _(
        "{product} {edition}, versions {majors}, seats {seats}, {end}",
        product=found.product,
        edition=found.edition or "–",
        majors=", ".join(sorted(found.majors)) or "–",
        seats=_("without a count") if found.seats is None else found.seats,
        end=_("until {day}", day=plain(found.expires)) if found.expires else _("without an end"),
    )
    return _("{licence}, change {epoch}", licence=said, epoch=found.epoch) if found.epoch else said


def show_order(page: Page, seen: SeenOrder) -> None:
    from smena.keys.desk.orders import state_words

    order = seen.order
    page.line(
        _(
            "Order {number} for the key {key}: {state}",
            number=order.number,
            key=seen.known.name,
            state=state_words(order.state),
        )
    )
    page.item(_("customer: {customer}", customer=order.customer or "–"))
    page.item(_("reason: {reason}", reason=order.reason))
    page.item(_("placed by {name}, {at}", name=order.by, at=order.at))
    for why in seen.second:
        page.item(_("a second person is needed: {why}", why=why))
    if order.approval is not None:
        page.item(_("{name} agreed, {at}", name=order.approval.name, at=order.approval.at))
    if order.rebind:
        page.item(_("the key is bound to its computer anew"))
    show_changes(page, order.changes)


def _token(known: Known) -> dict[str, object]:
    about = known.about
    return {"model": about.model or "–", "firmware": about.firmware or "–", "number": about.number or "–"}
