"""What people say in the form NAME=VALUE, the names of instances, and secrets that stand on no command line."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from smena.cli import asking
from smena.cli.frame import Frame
from smena.errors import FileMissing, QuestionOpen, SmenaError, WrongUsage
from smena.text import _


def pairs(said: Iterable[str]) -> dict[str, str]:
    """Each NAME=VALUE by its name; one that is said twice, or has no value, is a mistake."""
    found: dict[str, str] = {}
    for one in said:
        name, sign, value = one.partition("=")
        if not sign or not name:
            raise WrongUsage(_("“{said}” is not NAME=VALUE", said=one))
        if name in found:
            raise WrongUsage(_("{name} is given twice", name=name))
        found[name] = value
    return found


def secrets(frame: Frame, said: Iterable[str]) -> dict[str, str]:
    """Each NAME is asked for on the terminal; NAME=FILE is read from the file without its last line end."""
    found: dict[str, str] = {}
    for one in said:
        name, sign, file = one.partition("=")
        if name in found or not name:
            raise WrongUsage(_("“{said}” is not NAME or NAME=FILE, or it is given twice", said=one))
        found[name] = _read(file) if sign else _asked(frame, name)
    return found


@contextmanager
def after(done: Iterable[str]) -> Iterator[None]:
    """Of several things, an error with one says what was done with those before it."""
    before = ", ".join(done)
    try:
        yield
    except SmenaError as error:
        if before:
            error.state = _("done before that: {names}", names=before)
        raise


def complete_instances(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """The registered names, for the shell."""
    from smena.service import instances

    try:
        names = instances.names(ctx.find_root().ensure_object(Frame).home)
    except SmenaError:  # nothing to offer where the registry cannot be read
        return []
    return [name for name in names if name.startswith(incomplete)]


def pasted() -> bytes:
    """Lines of the terminal up to an empty one, or to its end."""
    lines: list[str] = []
    while line := _next_line():
        lines.append(line)
    return "\n".join(lines).encode("utf-8", "surrogateescape")


def _next_line() -> str:
    try:
        return asking.typed().rstrip()
    except EOFError:
        return ""


def _read(file: str) -> str:
    if file == "-":
        return sys.stdin.read().removesuffix("\n").removesuffix("\r")
    from smena.host.trouble import telling

    with telling(_("cannot read {path}", path=file)):
        if not Path(file).exists():
            raise FileMissing(_("there is no file {path}", path=file))
        return Path(file).read_text("utf-8").removesuffix("\n").removesuffix("\r")


def _asked(frame: Frame, name: str) -> str:
    if frame.out.json or not sys.stdin.isatty():
        raise QuestionOpen(
            _("the secret {name} has to be asked for, and there is nobody to ask", name=name),
            state=_("nothing was done"),
            hint=_("give --secret {name}=FILE", name=name),
        )
    answer: str = click.prompt(str(_("{name}", name=name)), hide_input=True, err=True)
    return answer
