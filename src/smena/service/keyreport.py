"""The report about licence keys, for support: one HTML file and one text, of the same facts, without secrets.

Serial numbers of orders are shortened: whoever has one can activate it. Of the computer's parts only their kinds are
named, never what they are called.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

from smena import __version__, clock
from smena.errors import SmenaError
from smena.host import files
from smena.host.facts.computer import computer
from smena.host.facts.init import init_system
from smena.host.facts.system import system
from smena.host.native import attributes
from smena.host.paths import encode
from smena.keys import vendor_letter
from smena.keys.changes import changes
from smena.keys.exchange.ports import shown_id
from smena.keys.licence import BLANK
from smena.keys.pins import Pins
from smena.keys.times import shown
from smena.keys.tokens import pkcs11
from smena.keys.wizard import guide
from smena.service import keyexchange, keyring, licence_service
from smena.service.keyring import View
from smena.service.keywizard import wizard_of
from smena.text import Text, _, language, plain

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:50rem;padding:0 1rem;color:#1d2327}
h1{font-size:1.5rem} h2{font-size:1.1rem;margin-top:2rem} table{border-collapse:collapse;width:100%}
td{padding:.3rem .6rem;border-bottom:1px solid #e2e4e7;text-align:left;vertical-align:top} td:first-child{width:16rem}
"""

Row = tuple[Text, Text]


class Part(NamedTuple):
    """A heading and what is told under it."""

    title: Text
    rows: list[Row]


class Written(NamedTuple):
    html: Path
    text: Path


def write(home: Path, folder: Path | None = None, pins: Pins | None = None) -> Written:
    """Both files, readable by whoever made them alone."""
    target = (folder or home / "reports").absolute()
    files.make_folder(target)
    parts = [_system(home), *(_key(home, view, pins) for view in keyring.listed(home, pins))]
    name = f"smena-keys-{clock.now().strftime('%Y%m%d-%H%M%S')}"
    written = Written(target / f"{name}.html", target / f"{name}.txt")
    files.write_file(written.html, _html(parts).encode("utf-8"), attributes.own(0o600))
    files.write_file(written.text, _text(parts).encode("utf-8"), attributes.own(0o600))
    return written


def _system(home: Path) -> Part:
    host = system().value
    rows: list[Row] = [
        (_("made"), plain(clock.stamp())),
        (_("smena"), plain(__version__)),
        (_("operating system"), plain(f"{host.name} {host.version} ({host.family}), {platform.machine()}")),
        (_("services are started by"), plain(init_system().value)),
        (_("home"), plain(encode(home))),
        (_("parts of the computer that a key can be bound to"), plain(", ".join(computer().value) or "–")),
    ]
    return Part(_("This computer"), rows)


def _key(home: Path, view: View, pins: Pins | None) -> Part:
    place = view.place
    title = _("{name}: {kind} key of {product}", name=place.name, kind=place.keep.kind, product=place.about.product)
    rows = [*_identity(view), *_licence(view), *_state(view), *_around(home, view, pins)]
    return Part(title, rows)


def _identity(view: View) -> Iterator[Row]:
    who, about, token = view.identity, view.place.about, view.place.keep.token
    if who is not None:
        yield _("id"), plain(shown_id(who.key_id))
        yield _("model"), plain(f"{who.model} {who.firmware} {who.number}".strip())
    if token is not None:
        yield _("library"), plain(token.library)
        yield _("tokens that are there"), _tokens(token.library)
    if about.order:
        yield _("serial number of the order"), plain(f"…{about.order[-4:]}")
    yield _("behind a licence service"), _("yes") if about.network else _("no")
    if view.realm:
        yield _("vendor's realm"), plain(view.realm.hex())
        yield _("trust list"), plain(view.list)


def _licence(view: View) -> Iterator[Row]:
    if view.held is None:
        return
    licence = view.held.licence
    for change in changes(BLANK, licence):
        yield change.what, change.new
    yield _("change"), plain(licence.epoch)
    if licence.epoch:
        yield _("vendor's time"), plain(shown(licence.hours))


def _state(view: View) -> Iterator[Row]:
    if view.pending is not None:
        yield _("open question"), plain(shown(view.pending.hours))
    if view.warning is not None:
        yield _("warning"), view.warning
    for error in (*view.objections, *([view.trouble] if view.trouble else [])):
        yield _("trouble"), _("{message} ({code})", message=error.message, code=error.code)
        for reason in error.why:
            yield plain(""), reason
    letter = _letter(view)
    if letter is not None:
        yield _("vendor's letter"), letter


def _around(home: Path, view: View, pins: Pins | None) -> Iterator[Row]:
    """What lies around the key: the step of its exchange, modules that run, the licence service."""
    try:
        wizard = wizard_of(home, view.place, lambda _offered: None, pins)
        yield _("step"), guide.TITLES[wizard.stage()]
        running = keyexchange.modules_of(home, view.place)
        yield _("modules that run"), plain(", ".join(str(module.words) for module in running) or "–")
    except SmenaError as error:
        yield _("step"), error.message
        return
    service = str(wizard.keys.service or "")
    if service:
        here = _("here") if licence_service.is_here(home, service) else _("not here, or smena cannot see it")
        yield _("licence service {name}", name=service), here


def _letter(view: View) -> Text | None:
    try:
        letter = vendor_letter.read(view.place.folder)
    except SmenaError as error:
        return error.message
    if letter is None:
        return None
    return _(
        "{file} of {when} covers {covers}", file=letter.file, when=letter.recorded, covers=", ".join(letter.covers)
    )


def _tokens(library: str) -> Text:
    try:
        return plain(", ".join(f"{one.serial} ({one.label})" for one in pkcs11.found(library)) or "–")
    except SmenaError as error:
        return error.message


# --- the two forms ---------------------------------------------------------------------


def _text(parts: list[Part]) -> str:
    lines: list[str] = [str(_("Licence keys")), ""]
    for part in parts:
        lines += [
            str(part.title),
            *(f"  {name}: {value}" if str(name) else f"    {value}" for name, value in part.rows),
            "",
        ]
    return "\n".join(lines)


def _html(parts: list[Part]) -> str:
    title = escape(str(_("Licence keys")))
    head = f'<!doctype html><html lang="{language()}"><meta charset="utf-8"><title>{title}</title>'
    body = [f"<style>{_STYLE}</style><h1>{title}</h1>"]
    for part in parts:
        rows = "".join(f"<tr><td>{escape(str(n))}</td><td>{escape(str(v))}</td></tr>" for n, v in part.rows)
        body.append(f"<h2>{escape(str(part.title))}</h2><table>{rows}</table>")
    return "\n".join([head, *body])
