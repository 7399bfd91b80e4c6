"""What the commands of the desk have in common: where it is, messages that came from anywhere, and passphrases."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smena.cli.frame import Frame, option
from smena.errors import QuestionOpen, WrongUsage
from smena.text import Text, _

if TYPE_CHECKING:
    from smena.service.desk import Wanted


def at_desk(function: Any) -> Any:
    """`--desk`: where it is."""
    words = _("The desk's folder; without it the folder desk in smena's home.")
    return option("--desk", "place", words=words, metavar=_("FOLDER"))(function)


def with_root(required: bool) -> Callable[[Any], Any]:
    """`--root` and how to open it."""

    def add(function: Any) -> Any:
        words = _("The file with the root's secret key.")
        return opens_file(option("--root", words=words, metavar=_("FILE"), required=required)(function))

    return add


def opens_file(function: Any) -> Any:
    words = _("A file with the passphrase, which nobody else can read; without it a terminal is asked.")
    return option("--passphrase-file", words=words, metavar=_("FILE"))(function)


def folder(frame: Frame, place: str | None) -> Path:
    from smena.service import desk

    return desk.folder(frame.home_as_it_is, place)


def message(name: str, wanted: Wanted | None = None) -> bytes:
    """The message in a file, the wanted one where there are several.

    `-` is standard input, where a person may paste a mail or type groups.
    """
    from smena.service import desk

    content = sys.stdin.buffer.read(desk.LARGEST) if name == "-" else desk.content_of(Path(name))
    return desk.message("" if name == "-" else name, content, wanted)


def passphrase(frame: Frame, file: str | None) -> Callable[[], str]:
    """Asked for only when a secret key is protected."""

    def ask() -> str:
        return _read(Path(file)) if file else _asked(frame, _("passphrase"))

    return ask


def new_passphrase(frame: Frame, wanted: bool, file: str | None) -> str:
    """For a new secret key; empty where nobody wants one."""
    if file:
        return _read(Path(file))
    if not wanted:
        return ""
    first = _asked(frame, _("new passphrase"))
    if not first or first != _asked(frame, _("once more")):
        raise WrongUsage(_("the two are not the same, or empty"), state=_("nothing was made"))
    return first


def day(words: str | None) -> int | None:
    from smena.service import desk_trust

    return None if words is None else desk_trust.hours_of(words)


def said(chosen: dict[str, Any]) -> dict[str, Any]:
    """What the options say of a licence, by the names of an order's file; `file` is read first."""
    from smena.cli.said import pairs
    from smena.service import desk_orders

    file = chosen.pop("file", None)
    found = dict(desk_orders.said_in(Path(file))) if file else {}
    for name, value in chosen.items():
        if value is None or value == ():
            continue
        field = name.replace("_", "-")
        if field in ("module-seats", "limits"):
            found[field] = pairs(value)
        elif field == "components":
            found[field] = [part for one in value for part in one.split(",")]
        else:
            found[field] = value
    return found


def licence_options(function: Any) -> Any:
    """What a licence may say; the same for orders and serial numbers."""
    each = (
        ("--product", "product", _("Whose licence it is, for a new key."), _("PRODUCT"), False),
        ("--edition", "edition", _("The edition."), _("NAME"), False),
        ("--majors", "majors", _("The versions that may be used, as 6,7."), _("LIST"), False),
        ("--component", "components", _("A component; all that are wanted."), _("NAME"), True),
        ("--seats", "seats", _("Seats in all, or none: not counted."), _("N"), False),
        ("--module-seats", "module_seats", _("Seats of one module; NAME=none takes them away."), _("NAME=N"), True),
        ("--limit", "limits", _("The last day of one module or component."), _("NAME=DAY"), True),
        ("--maintenance-until", "maintenance_until", _("Versions made up to this day may be used."), _("DAY"), False),
        ("--expires", "expires", _("The last day of the licence, or none."), _("DAY"), False),
        ("--licence", "file", _("A YAML or JSON file that says the same."), _("FILE"), False),
    )
    for flag, name, words, place, several in reversed(each):
        function = option(flag, name, words=words, metavar=place, multiple=several)(function)
    return function


def _read(path: Path) -> str:
    from smena.service import desk_secrets

    return desk_secrets.passphrase_in(path)


def _asked(frame: Frame, what: Text) -> str:
    if frame.out.json or not sys.stdin.isatty():
        raise QuestionOpen(
            _("a passphrase has to be asked for, and there is nobody to ask"),
            state=_("nothing was done"),
            hint=_("give --passphrase-file FILE"),
        )
    answer: str = click.prompt(str(what), hide_input=True, err=True, default="", show_default=False)
    return answer
