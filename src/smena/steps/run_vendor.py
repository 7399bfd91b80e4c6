"""run-vendor: a vendor's program from a package whose hash is recorded; the plan showed its command line.

It is foreign code: what it changes was kept before, and an interruption inside it takes the run back.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from smena.errors import StepFailed, VendorFailed
from smena.host import files, process
from smena.host.output import masked
from smena.host.paths import decode
from smena.host.ports import Identity
from smena.plan.params import RunVendor
from smena.run.step import Done
from smena.steps import verify
from smena.steps.shared import alone_with
from smena.steps.tools import World
from smena.text import _, plain

_PATIENCE = 10.0


class Started(msgspec.Struct, frozen=True):
    """The program's process, written down before it is waited for: it may outlive us."""

    who: Identity


def do(p: RunVendor, ctx: World) -> Done:
    with alone_with(p.creates or p.package, ctx):
        return _run(p, ctx)


def _run(p: RunVendor, ctx: World) -> Done:
    if p.creates is not None:
        if files.there(Path(decode(p.creates))):
            return Done(_("{path} is there already", path=p.creates))
        ctx.tools.point.save(ctx.seq, Path(decode(p.creates)))
    verify.judge(Path(decode(p.package)), p.sha256)
    command = _command(p, ctx)
    outcome = process.run(command, started=lambda who: ctx.record(Started(who)))
    if outcome.status not in p.success:
        words = masked(outcome.err or outcome.out, command.secrets).strip()
        raise VendorFailed(
            _("{program} ended with status {status}", program=p.command[0], status=outcome.status),
            why=[plain(line) for line in words.splitlines()[-5:]],
        )
    ctx.tools.point.let_go(ctx.seq)
    return Done()


def _command(p: RunVendor, ctx: World) -> process.Command:
    """Secrets go into its environment: a command line can be read by every user of the host."""
    if any(ctx.tools.reveal(argument) != argument for argument in p.command):
        raise StepFailed(_("{program} would be given a secret on its command line", program=p.command[0]))
    shown = {name: ctx.tools.reveal(value) for name, value in p.environment.items()}
    return process.Command(
        args=p.command,
        env=process.environment(**shown),
        cwd=Path(decode(p.directory)) if p.directory else None,
        limit=p.within,
        secrets=tuple(shown[name] for name, value in p.environment.items() if shown[name] != value),
    )


def undo(_p: RunVendor, ctx: World) -> None:
    """What it changes was kept before it, and is put back there. What it was to make beside the old stays if it is
    whole, and moves into the restore point if not: the next run must not take a half for a whole."""
    started = ctx.recorded(Started)
    if started is not None:
        _end(started.who)
    ctx.tools.point.put_back(ctx.seq)


def _end(who: Identity) -> None:
    """A program that outlived the run must not go on writing while what it changed is put back."""
    left = process.survivors(who, _PATIENCE, force=False)
    if left and (left := process.survivors(who, _PATIENCE, force=True)):
        raise VendorFailed(
            _("a program of the vendor still runs and cannot be ended"),
            why=[_("process {pid}", pid=member.pid) for member in left],
            hint=_("end it, then: smena run resume"),
        )
