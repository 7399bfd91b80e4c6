"""Plans and resolutions in files that people keep, send and approve."""

from __future__ import annotations

from pathlib import Path

from smena.edit.resolutions import Resolution, read_resolutions
from smena.errors import FileMissing, PlanBad
from smena.host import files
from smena.host.trouble import telling
from smena.plan.model import Plan, decode, encode
from smena.text import _


def write(path: Path, plan: Plan) -> None:
    files.write_file(path.absolute(), encode(plan) + b"\n")


def read(path: Path) -> Plan:
    """A plan that was written to a file; only what it says will run."""
    try:
        return decode(_content(path))
    except PlanBad as error:
        raise PlanBad(
            _("{file} cannot be used", file=path),
            why=[error.message, *error.why],
            hint=error.hint or _("make one with: smena plan … -o FILE"),
        ) from error


def resolutions(path: Path) -> dict[str, dict[str, object]]:
    """The decisions of a file, as a plan holds them."""
    found = read_resolutions(_content(path), str(path))
    return {file: {key: _stored(decision) for key, decision in keys.items()} for file, keys in found.items()}


def _stored(decision: Resolution) -> object:
    return {"value": decision.value} if decision.side == "value" else decision.side


def _content(path: Path) -> bytes:
    with telling(_("cannot read {path}", path=path)):
        try:
            return path.read_bytes()
        except FileNotFoundError as error:
            raise FileMissing(_("there is no file {path}", path=path)) from error
