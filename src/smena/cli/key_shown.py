"""Keys and their messages, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smena.text import Text, _, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smena.cli.output import Page
    from smena.keys.changes import Change
    from smena.keys.licence import Licence
    from smena.service.keyexchange import Offered
    from smena.service.keyletters import Outgoing
    from smena.service.keyring import View


def view_value(view: View) -> dict[str, object]:
    """One key, for programs."""
    from smena.keys.exchange.ports import shown_id
    from smena.keys.times import shown

    place, who, pending = view.place, view.identity, view.pending
    return {
        "name": place.name,
        "kind": place.keep.kind,
        "product": place.about.product,
        "network": place.about.network,
        "order": place.about.order or None,
        "id": None if who is None else shown_id(who.key_id),
        "model": who.model if who else None,
        "firmware": who.firmware if who else None,
        "number": who.number if who else None,
        "realm": view.realm.hex() or None,
        "trust-list": view.list or None,
        "licence": None if view.held is None else licence_value(view.held.licence),
        "question": None if pending is None else {"made": shown(pending.hours), "op": pending.op.name.lower()},
        "confirmation-owed": view.owed,
        "objections": [one.as_dict() for one in view.objections],
        "warning": view.warning,
        "trouble": None if view.trouble is None else view.trouble.as_dict(),
    }


def licence_value(licence: Licence) -> dict[str, object]:
    from smena.keys.times import shown

    return {
        "product": licence.product,
        "edition": licence.edition,
        "components": sorted(licence.components),
        "majors": sorted(licence.majors),
        "maintenance-until": _day(licence.maintenance_until),
        "seats": licence.seats,
        "module-seats": dict(licence.module_seats),
        "expires": _day(licence.expires),
        "limits": {name: _day(day) for name, day in licence.limits.items()},
        "epoch": licence.epoch,
        "vendor-time": shown(licence.hours) if licence.epoch else None,
    }


def state_words(view: View) -> Text:
    """What is to be known of a key in a line: the worst first."""
    from smena.keys.times import shown

    if view.trouble is not None:
        return view.trouble.message
    if view.objections:
        return view.objections[0].message
    if view.pending is not None:
        return _("a question of {when} is open", when=shown(view.pending.hours))
    if view.owed:
        return _("its confirmation has not been sent yet: smena key confirmation --key {key}", key=view.place.name)
    if view.held is not None and not view.held.licence.epoch:
        return _("holds no licence yet")
    return view.warning or _("well")


def show_list(page: Page, views: Sequence[View]) -> None:
    if not views:
        page.line(_("There is no key here yet. Add one: smena key add NAME --kind KIND --product PRODUCT"))
        return
    heads = [_("NAME"), _("KIND"), _("PRODUCT"), _("HOLDS"), _("SEATS"), _("UNTIL"), _("CHANGE"), _("STATE")]
    page.table(heads, [_row(view) for view in views])


def show_view(page: Page, view: View) -> None:
    from smena.keys.exchange.ports import shown_id

    place, who = view.place, view.identity
    page.line(_("{name}: {kind} key of {product}", name=place.name, kind=place.keep.kind, product=place.about.product))
    if who is not None:
        page.item(_("id {id}", id=shown_id(who.key_id)))
        if who.model:
            page.item(
                _("token: {model} {firmware} {number}", model=who.model, firmware=who.firmware, number=who.number)
            )
    if place.about.order:
        page.item(_("serial number of the order: {order}", order=place.about.order))
    if place.about.network:
        page.item(_("behind a licence service, which has to be restarted after a change"))
    if view.held is not None:
        page.item(_("believes trust list {number} of {realm}…", number=view.list, realm=view.realm.hex()[:16]))
        show_licence(page, view.held.licence)
    page.line(_("State: {state}", state=state_words(view)))
    for one in (*view.objections, *([view.trouble] if view.trouble else [])):
        if one.hint is not None:
            page.line(_("Next: {hint}", hint=one.hint))
    if view.warning is not None:
        page.line(_("Next: {hint}", hint=plain(f"smena key question --rebind --key {place.name}")))


def show_licence(page: Page, licence: Licence) -> None:
    """What it grants, line by line: the change from nothing to it."""
    from smena.keys.changes import changes
    from smena.keys.licence import BLANK
    from smena.keys.times import shown

    if not licence.epoch:
        page.item(_("holds no licence yet"))
        return
    for change in changes(BLANK, licence):
        page.item(_("{what}: {value}", what=change.what, value=change.new))
    page.item(_("change {number}, of {when}", number=licence.epoch, when=shown(licence.hours)))


def changes_value(offered: Offered) -> list[dict[str, object]]:
    return [{"what": one.what, "old": one.old, "new": one.new, "less": one.less} for one in offered.changes]


def show_changes(page: Page, found: Sequence[Change]) -> None:
    if not found:
        page.line(_("Nothing of what the licence grants changes."))
        return
    rows = [[one.what, one.old, one.new, _("less") if one.less else ""] for one in found]
    page.table([_("WHAT"), _("NOW"), _("AFTERWARDS"), ""], rows)


def outgoing_value(out: Outgoing, **more: object) -> dict[str, object]:
    from smena.service.keyletters import typed_text

    return {
        "key": out.key,
        "kind": out.what,
        "text": out.text,
        "typed": typed_text(out),
        "file": out.file,
        "again": out.again,
        "sent": out.sent,
        "mail": {"to": out.letter.to or None, "subject": out.letter.subject, "link": out.link},
        **more,
    }


def show_outgoing(page: Page, out: Outgoing) -> None:
    """The message and how to send it."""
    page.block(out.text)
    page.line()
    if out.again:
        page.line(_("It is the same as before."))
    page.line(_("It lies in {file}", file=out.file))
    if out.letter.to:
        page.line(_("Send it to {address}, subject “{subject}”.", address=out.letter.to, subject=out.letter.subject))
    else:
        page.line(_("Send it to the vendor's support."))
    if out.what == "confirmation":
        page.line(_("It must be sent: without it the vendor does not know that the key was changed."))


def _row(view: View) -> list[object]:
    place, held = view.place, view.held
    first: list[object] = [place.name, place.keep.kind, place.about.product]
    if held is None:
        return [*first, "–", "–", "–", "–", state_words(view)]
    licence = held.licence
    holds = " ".join(one for one in (licence.product, licence.edition, *sorted(licence.majors)) if one)
    until = licence.expires or (_("no end") if licence.epoch else "–")
    seats = licence.seats if licence.seats is not None else _("without a count") if licence.product else "–"
    return [*first, holds or "–", seats, until, licence.epoch, state_words(view)]


def _day(day: object) -> str | None:
    return None if day is None else str(plain(day))
