"""`smena key`: licence keys, for those who use the product."""

from __future__ import annotations

from pathlib import Path

import click

from smena.cli.frame import Frame, Group, Lazy, argument, option
from smena.cli.key_option import key_option, new_key
from smena.cli.pins import pin_option, pins
from smena.text import _

key = Group(
    "key",
    words=_("Licence keys: what they hold, and their exchange with the vendor without a network."),
    commands=[
        Lazy("wizard", "smena.cli.key_wizard:wizard", _("Be led through the whole exchange, step by step.")),
        Lazy("activate", "smena.cli.key_activate:activate", _("Activate a software key by its serial number.")),
        Lazy("enrol", "smena.cli.key_exchange:enrol", _("Introduce a new key to the vendor.")),
        Lazy("question", "smena.cli.key_exchange:question", _("Ask the vendor for a change.")),
        Lazy("answer", "smena.cli.key_exchange:answer", _("Apply the vendor's answer, after showing what it changes.")),
        Lazy("confirmation", "smena.cli.key_exchange:confirmation", _("Show the confirmation of the last answer.")),
        Lazy("cancel", "smena.cli.key_exchange:cancel", _("Forget the open question.")),
    ],
)


@key.command(
    "add",
    words=_("Make a new key, or take one into use that smena cannot read."),
    examples=(
        "smena key add main --kind pkcs11 --product PRODUCT --library /usr/lib/librtpkcs11ecp.so",
        "smena key add main --kind software --product PRODUCT --trust vendor.smena-trust",
        "smena key add usb --kind guardant --product loginom-server --network",
    ),
)
@new_key
@option("--kind", words=_("software, pkcs11, virtual or guardant."), metavar=_("KIND"), required=True)
@option("--order", words=_("The serial number of what was bought."), metavar=_("SERIAL"))
@option("--network", words=_("It serves many computers through a licence service."), is_flag=True)
@option("--library", words=_("The PKCS#11 library of the token."), metavar=_("FILE"))
@option("--token", words=_("The token's serial number, where there are several."), metavar=_("SERIAL"))
@option("--beside", words=_("The token has no room: keep the licence in a file beside it."), is_flag=True)
@option("--no-typed", words=_("Never ask by telephone: one pair of keys on the token is enough."), is_flag=True)
@pin_option()
@click.pass_obj
def add(frame: Frame, /, name: str, *, kind: str, product: str, trust: str | None, **more: object) -> None:
    from smena.cli.key_shown import show_view, view_value
    from smena.service import keyring

    file = _said(more, "pin_file")
    said = keyring.Adding(
        name=name,
        kind=kind,
        product=product,
        trust=Path(trust) if trust else None,
        order=_said(more, "order") or "",
        network=bool(more["network"]),
        pin_file=Path(file) if file else None,
        library=_said(more, "library"),
        token=_said(more, "token"),
        beside=bool(more["beside"]),
        typed=not more["no_typed"],
    )
    made = keyring.add(frame.home, said, pins(frame, file))
    frame.out.show(view_value(made), lambda page: show_view(page, made))
    if made.place.measured:
        frame.out.remark(_("Introduce it to the vendor next: smena key enrol --key {name}", name=name))
    else:
        frame.out.remark(_("Lead its exchange with: smena key wizard --key {name}", name=name))


@key.command("list", words=_("Every key, and what it holds now."), examples=("smena key list",))
@pin_option()
@click.pass_obj
def list_(frame: Frame, /, *, pin_file: str | None) -> None:
    from smena.cli.key_shown import show_list, view_value
    from smena.keys.pins import Pins
    from smena.service import keyring

    given = Pins(file=Path(pin_file)) if pin_file else None
    found = keyring.listed(frame.home, given)
    frame.out.show({"keys": [view_value(one) for one in found]}, lambda page: show_list(page, found))


@key.command("show", words=_("Everything about one key."), examples=("smena key show --key main",))
@key_option()
@pin_option()
@click.pass_obj
def show(frame: Frame, /, *, key: str | None, pin_file: str | None) -> None:
    from smena.cli.key_shown import show_view, view_value
    from smena.service import keyring

    found = keyring.look(keyring.named(frame.home, key), pins(frame, pin_file))
    frame.out.show(view_value(found), lambda page: show_view(page, found))


@key.command(
    "letter",
    words=_("Record the vendor's letter about a key that smena cannot read: which versions it covers."),
    examples=("smena key letter letter.pdf --key usb --covers 6 --covers 7",),
)
@argument("file", words=_("The letter."), metavar=_("FILE"))
@key_option()
@option(
    "--covers",
    words=_("The first parts of a version that it covers: 7, or 4.7; may be given several times."),
    metavar=_("VERSION"),
    multiple=True,
    required=True,
)
@click.pass_obj
def letter(frame: Frame, /, file: str, *, key: str | None, covers: tuple[str, ...]) -> None:
    import msgspec

    from smena.service import keyexchange, keyring

    kept = keyexchange.letter(keyring.named(frame.home, key), Path(file), covers)
    told = _("{file} is recorded; it covers: {covers}", file=kept.file, covers=", ".join(kept.covers))
    frame.out.show(msgspec.to_builtins(kept), lambda page: page.line(told))


@key.command(
    "report",
    words=_("Write a report about all keys for support, as a page and as text, without secrets."),
    examples=("smena key report -o /tmp",),
)
@option("-o", "output", words=_("The folder to write to; without it, the home's own."), metavar=_("FOLDER"))
@pin_option()
@click.pass_obj
def report(frame: Frame, /, *, output: str | None, pin_file: str | None) -> None:
    from smena.host.paths import encode
    from smena.service import keyreport

    written = keyreport.write(frame.home, Path(output) if output else None, pins(frame, pin_file))
    shown = {"html": encode(written.html), "text": encode(written.text)}
    frame.out.show(shown, lambda page: page.block("\n".join(shown.values())))


def _said(more: dict[str, object], name: str) -> str | None:
    value = more[name]
    return str(value) if value is not None else None
