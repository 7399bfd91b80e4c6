"""`smena desk trust`, `issuer`, `person`: whom keys believe, and who may agree to orders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smena.cli import desk_said
from smena.cli.desk_said import at_desk, folder, with_root
from smena.cli.frame import Frame, Group, argument, asks, option
from smena.errors import WrongUsage
from smena.text import _

if TYPE_CHECKING:
    from smena.cli.output import Page
    from smena.keys.desk.desk import Pending
    from smena.keys.trust import TrustList
    from smena.service.desk_trust import Root

trust = Group("trust", words=_("The trust list: whom keys believe. Only the root can sign one."))
issuer = Group("issuer", words=_("Issuers: who signs licences, for which products, and until when."))
person = Group("person", words=_("People who may agree to orders, each with an own key."))


@trust.command(
    "show", words=_("The list in use, and what waits for the next one."), examples=("smena desk trust show",)
)
@at_desk
@click.pass_obj
def show(frame: Frame, /, place: str | None) -> None:
    from smena.cli.desk_shown import trust_value
    from smena.service import desk_trust as service

    found, waiting = service.show(folder(frame, place))
    waits = {"revoked": list(waiting.revoked), "lost": [one.hex() for one in waiting.lost]}
    frame.out.show({**trust_value(found), "waiting": waits}, lambda page: _show_list(page, found, waiting))


@trust.command(
    "publish",
    words=_("Sign the next list, with everything that waits for it."),
    examples=("smena desk trust publish --root /media/usb/root.key -o loginom.smena-trust",),
)
@at_desk
@with_root(required=True)
@option(
    "--after",
    words=_("The highest number that is known to be out, after a backup was put back."),
    metavar=_("N"),
    type=click.IntRange(0),
    default=0,
)
@option("-o", "output", words=_("Write the list to a file as well."), metavar=_("FILE"))
@click.pass_obj
def publish(frame: Frame, /, place: str | None, *, after: int, output: str | None, **chosen: Any) -> None:
    from smena.service import desk_trust as service

    where = folder(frame, place)
    made = service.publish(where, _root(frame, chosen), after)
    if output:
        service.export(where, Path(output))
    _told(frame, made)


@trust.command(
    "export",
    words=_("Write the list in use to a file, for definitions and releases."),
    examples=("smena desk trust export loginom.smena-trust",),
)
@argument("file", words=_("Where to."), metavar=_("FILE"))
@at_desk
@click.pass_obj
def export(frame: Frame, /, file: str, place: str | None) -> None:
    from smena.cli.desk_shown import trust_value
    from smena.service import desk_trust as service

    found = service.export(folder(frame, place), Path(file))
    words = _("Trust list {number} is in {path}", number=found.number, path=file)
    frame.out.show({**trust_value(found), "file": file}, lambda page: page.line(words))


@trust.command(
    "lost",
    words=_("Report a key as lost; the next list says so."),
    examples=("smena desk trust lost 1a2b",),
)
@argument("key", words=_("The key's name, or its beginning."), metavar=_("KEY"))
@at_desk
@asks()
@click.pass_obj
def lost(frame: Frame, /, key: str, place: str | None) -> None:
    from smena.service import desk_trust as service

    if not frame.confirmed(_("Shall the key {key} count no more? This cannot be taken back.", key=key)):
        raise WrongUsage(_("not reported: you said no"), state=_("nothing was changed"))
    name = service.lose(folder(frame, place), key)
    words = _("The key {key} counts no more with the next list: smena desk trust publish --root FILE", key=name)
    frame.out.show({"key": name}, lambda page: page.line(words))


@trust.command(
    "next-root",
    words=_("A new root takes over: the old one signs it."),
    examples=("smena desk trust next-root --root old.key --new new.key --passphrase",),
)
@at_desk
@with_root(required=True)
@option("--new", words=_("The new file for the next root's secret key."), metavar=_("FILE"), required=True)
@option("--passphrase", words=_("Protect that file: a passphrase is asked for."), is_flag=True)
@asks()
@click.pass_obj
def next_root(frame: Frame, /, place: str | None, *, new: str, passphrase: bool, **chosen: Any) -> None:
    from smena.service import desk_trust as service

    if not frame.confirmed(_("Shall a new root sign from now on? The old one cannot sign lists any more.")):
        raise WrongUsage(_("not done: you said no"), state=_("nothing was changed"))
    words = desk_said.new_passphrase(frame, passphrase, None)
    _told(frame, service.succeed(folder(frame, place), _root(frame, chosen), Path(new), words))


@trust.command(
    "exchange-key",
    words=_("A new exchange key for typed questions; an old one may be dropped."),
    examples=("smena desk trust exchange-key --root /media/usb/root.key --drop 1",),
)
@at_desk
@with_root(required=True)
@option("--until", words=_("Its last day; without it, five years from now."), metavar=_("DAY"))
@option(
    "--drop",
    words=_("An exchange key that proves nothing any more."),
    metavar=_("N"),
    type=click.IntRange(1),
    multiple=True,
)
@click.pass_obj
def exchange_key(
    frame: Frame, /, place: str | None, *, until: str | None, drop: tuple[int, ...], **chosen: Any
) -> None:
    from smena.service import desk_trust as service

    end = desk_said.day(until)
    made = service.new_exchange(
        folder(frame, place), _root(frame, chosen), service.in_years(5) if end is None else end, drop
    )
    words = _("Exchange key {number} is in the trust list", number=made.number)
    frame.out.show({"exchange-key": made.number, "dropped": list(drop)}, lambda page: page.line(words))


@issuer.command(
    "add",
    words=_("A new issuer, with a key that is made here."),
    examples=("smena desk issuer add --product loginom --until 2029-12-31 --root /media/usb/root.key",),
)
@at_desk
@option(
    "--product",
    "products",
    words=_("A product whose licences it may sign."),
    metavar=_("PRODUCT"),
    multiple=True,
    required=True,
)
@option("--from", "start", words=_("Its first day; without it, now."), metavar=_("DAY"))
@option("--until", words=_("Its last day; without it, two years from now."), metavar=_("DAY"))
@with_root(required=True)
@click.pass_obj
def issuer_add(
    frame: Frame, /, place: str | None, *, products: tuple[str, ...], start: str | None, **chosen: Any
) -> None:
    from smena.service import desk_trust as service

    first, end = desk_said.day(start), desk_said.day(chosen["until"])
    span = (None if first is None else first - 24, service.in_years(2) if end is None else end)
    made = service.issuer_add(folder(frame, place), _root(frame, chosen), products, span)
    words = _("Issuer {number} is in the trust list", number=made.number)
    frame.out.show({"issuer": made.number, "products": list(made.products)}, lambda page: page.line(words))


@issuer.command("list", words=_("The issuers of this vendor."), examples=("smena desk issuer list",))
@at_desk
@click.pass_obj
def issuer_list(frame: Frame, /, place: str | None) -> None:
    from smena.keys import times
    from smena.service import desk_trust as service

    found = service.issuer_list(folder(frame, place))
    value = {
        "issuers": [
            {
                "issuer": one.certificate.number,
                "products": list(one.certificate.products),
                "from": times.shown(one.certificate.start),
                "until": times.shown(one.certificate.until),
                "revoked": one.revoked,
                "here": one.here,
            }
            for one in found
        ]
    }

    def people(page: Page) -> None:
        rows = [
            [
                one.certificate.number,
                ", ".join(one.certificate.products),
                times.shown(one.certificate.until),
                _issuer_state(one.revoked, one.here),
            ]
            for one in found
        ]
        page.table([_("ISSUER"), _("PRODUCTS"), _("UNTIL"), _("STATE")], rows)

    frame.out.show(value, people)


@issuer.command(
    "revoke",
    words=_("Take an issuer's right away: its licences count no more where the next list is seen."),
    examples=("smena desk issuer revoke 1 --reason 'key stolen' --root /media/usb/root.key",),
)
@argument("number", words=_("The issuer's number."), metavar=_("NUMBER"), type=click.IntRange(0, 255))
@at_desk
@option("--reason", words=_("What happened."), metavar=_("WORDS"), required=True)
@with_root(required=False)
@asks()
@click.pass_obj
def issuer_revoke(frame: Frame, /, number: int, place: str | None, *, reason: str, **chosen: Any) -> None:
    from smena.service import desk_trust as service

    asked = _(
        "Shall no licence of issuer {number} count any more? Every customer of it needs a new answer.", number=number
    )
    if not frame.confirmed(asked):
        raise WrongUsage(_("not revoked: you said no"), state=_("nothing was changed"))
    root = _root(frame, chosen) if chosen["root"] else None
    done = service.issuer_revoke(folder(frame, place), number, reason, root)
    words = _("Issuer {number} is revoked in the trust list", number=number)
    waits = _("Issuer {number} is revoked with the next list: smena desk trust publish --root FILE", number=number)
    frame.out.show({"issuer": number, "published": done}, lambda page: page.line(words if done else waits))


@person.command(
    "key",
    words=_("Make a secret key of your own, and show its public half."),
    examples=("smena desk person key /media/usb/olga.key --passphrase",),
)
@argument("file", words=_("The new file."), metavar=_("FILE"))
@option("--passphrase", words=_("Protect that file: a passphrase is asked for."), is_flag=True)
@desk_said.opens_file
@click.pass_obj
def person_key(frame: Frame, /, file: str, *, passphrase: bool, passphrase_file: str | None) -> None:
    from smena.service import desk_trust as service

    public = service.person_key(Path(file), desk_said.new_passphrase(frame, passphrase, passphrase_file)).hex()

    def people(page: Page) -> None:
        page.line(_("The secret key is in {path}: keep it to yourself", path=file))
        page.item(_("its public half, for smena desk person add: {public}", public=public))

    frame.out.show({"file": file, "public": public}, people)


@person.command(
    "add",
    words=_("Somebody may agree to orders: the root signs whose key it is."),
    examples=("smena desk person add olga --public 4f0c… --root /media/usb/root.key",),
)
@argument("name", words=_("Who: the name of their account on this computer."), metavar=_("NAME"))
@at_desk
@option("--public", words=_("The public half of their key."), metavar=_("KEY"), required=True)
@with_root(required=True)
@click.pass_obj
def person_add(frame: Frame, /, name: str, place: str | None, *, public: str, **chosen: Any) -> None:
    from smena.service import desk_trust as service

    made = service.person_add(folder(frame, place), name, public, _root(frame, chosen))
    words = _("{name} may agree to orders", name=made.name)
    frame.out.show({"name": made.name, "public": made.public.hex()}, lambda page: page.line(words))


@person.command("list", words=_("Who may agree to orders."), examples=("smena desk person list",))
@at_desk
@click.pass_obj
def person_list(frame: Frame, /, place: str | None) -> None:
    from smena.service import desk_trust as service

    found = service.person_list(folder(frame, place))
    value = {"people": [{"name": one.name, "public": one.public.hex()} for one in found]}
    rows = [[one.name, one.public.hex()] for one in found]
    frame.out.show(value, lambda page: page.table([_("NAME"), _("PUBLIC KEY")], rows))


@person.command(
    "remove", words=_("Somebody may not agree to orders any more."), examples=("smena desk person remove olga",)
)
@argument("name", words=_("Who."), metavar=_("NAME"))
@at_desk
@click.pass_obj
def person_remove(frame: Frame, /, name: str, place: str | None) -> None:
    from smena.service import desk_trust as service

    service.person_remove(folder(frame, place), name)
    frame.out.show({"name": name}, lambda page: page.line(_("{name} may not agree to orders any more", name=name)))


def _root(frame: Frame, chosen: dict[str, Any]) -> Root:
    from smena.service.desk_trust import Root

    return Root(Path(chosen["root"]), desk_said.passphrase(frame, chosen["passphrase_file"]))


def _told(frame: Frame, made: TrustList) -> None:
    from smena.cli.desk_shown import trust_value

    words = _("Trust list {number} is signed; it goes with every answer from now on", number=made.number)
    frame.out.show(trust_value(made), lambda page: page.line(words))


def _issuer_state(revoked: bool, here: bool) -> object:
    if revoked:
        return _("revoked")
    return _("signs here") if here else _("its key is elsewhere")


def _show_list(page: Page, found: TrustList, waiting: Pending) -> None:
    from smena.keys import times

    page.line(_("Trust list {number}, realm {realm}", number=found.number, realm=found.realm.hex()))
    page.item(_("made: {when}", when=times.shown(found.made)))
    page.item(_("roots so far: {count}", count=len(found.chain)))
    page.item(_("issuers: {count}", count=len(found.issuers)))
    for key in found.exchange:
        page.item(_("exchange key {number}, until {when}", number=key.number, when=times.shown(key.until)))
    page.item(_("keys that count no more: {count}", count=len(found.lost)))
    for number in waiting.revoked:
        page.line(_("waits for the root: issuer {number} is revoked", number=number))
    if waiting.lost:
        page.line(_("waits for the root: keys that count no more: {count}", count=len(waiting.lost)))
