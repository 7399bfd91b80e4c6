"""keep-registry: a key of the Windows registry as it is now, in the run's folder; undo makes it that again.

Where the key defines a service, undo makes the service manager follow too: a service that an installer took away is
made again, under the same name, before its values come back. With `back_to` it becomes what an earlier run had kept.

The password of its account cannot be kept. Where the service has lost it, a person is asked, once the key is as it was;
who lets the run go on has set it, or an account of their own, and the key is not put back a second time.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from smena import faults
from smena.drivers import registry, service_keys
from smena.errors import NeedsPerson
from smena.host import files
from smena.host.native import attributes
from smena.plan.windows_params import KeepRegistry
from smena.run.step import Done, Outcome, Wait
from smena.steps.tools import World
from smena.text import Text, _


class Back(msgspec.Struct, frozen=True):
    """That a service loses its account's password as its key is put back, written down before; `done`: it is back."""

    account: str
    done: bool = False


class KeptKey(msgspec.Struct, frozen=True):
    """Whether the key was there, and what is lost as it is put back: by `do`, by `undo`."""

    there: bool
    lost: dict[str, Back] = {}


def do(p: KeepRegistry, ctx: World) -> Outcome:
    kept = ctx.recorded(KeptKey)
    if kept is None:
        files.make_folder(_place(p, ctx).parent, attributes.own(0o700))
        kept = KeptKey(registry.keep(p.key, _place(p, ctx)))
        ctx.record(kept)
    if p.back_to is not None:
        faults.point("keep-registry.kept")
        return _go_back(p, ctx.tools.folder.parent / p.back_to / _within(p.of), ctx)
    return Done(None if kept.there else _("{path} is not there: undo takes away what comes to be there", path=p.key))


def undo(p: KeepRegistry, ctx: World) -> None:
    kept = ctx.recorded(KeptKey)
    if kept is None:
        return
    account = _put_back("undo", p, _place(p, ctx) if kept.there else None, ctx)
    if account is not None and not ctx.resumed:
        what, how = _lost(p, account)
        raise NeedsPerson(what, why=[how], hint=_("then: smena run resume {run}", run=ctx.run))


def _go_back(p: KeepRegistry, kept: Path, ctx: World) -> Outcome:
    account = _put_back("do", p, kept if kept.exists() else None, ctx)
    if p.services:
        ctx.tools.holds.hold(p.instance, p.services, coming=True)
    if account is None or ctx.resumed:
        return Done()
    what, how = _lost(p, account)
    return Wait(_("{what}: {why}", what=what, why=how))


def _put_back(way: str, p: KeepRegistry, kept: Path | None, ctx: World) -> str | None:
    """The account whose password is lost by it."""
    known = ctx.recorded(KeptKey) or KeptKey(True)
    lost = known.lost.get(way)
    if lost is None and (account := service_keys.loses_password(p.key, kept)) is not None:
        lost = Back(account)
        _note(known, way, lost, ctx)
    if lost is None or not lost.done:
        service_keys.put_back(p.key, kept)
    if lost is not None and not lost.done:
        _note(known, way, Back(lost.account, True), ctx)
    return None if lost is None else lost.account


def _note(known: KeptKey, way: str, lost: Back, ctx: World) -> None:
    ctx.record(msgspec.structs.replace(known, lost=known.lost | {way: lost}))


def _lost(p: KeepRegistry, account: str) -> tuple[Text, Text]:
    """What is so, and what a person has to do."""
    name = service_keys.service_of(p.key)
    return (
        _(
            "the service {service} was made anew, and its account {account} has no password there",
            service=name,
            account=account,
        ),
        _(
            'set it in services.msc, or with: sc config {service} obj= "{account}" password= …; then: smena run resume',
            service=name,
            account=account,
        ),
    )


def _place(p: KeepRegistry, ctx: World) -> Path:
    return ctx.tools.folder / _within(p.slot)


def _within(slot: str) -> Path:
    """Inside a run's folder."""
    return Path("registry") / f"{slot}.reg"
