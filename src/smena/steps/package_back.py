"""package-back: what an earlier run's installer did is taken back by installers, after that run was final.

What came with that run is taken away and what went is installed again; undo does the same the other way round. What the
installers change of the instance's folders was kept before, and put-back brings what the earlier run kept after it.
"""

from __future__ import annotations

from smena import faults
from smena.drivers import msi
from smena.plan.windows_params import PackageBack
from smena.run.step import Done
from smena.steps import applications, installing
from smena.steps.install_package import Began
from smena.steps.shared import alone_with
from smena.steps.tools import World


def do(p: PackageBack, ctx: World) -> Done:
    with alone_with(installing.INSTALLER, ctx):
        began = _begun(p, ctx)
        faults.point("package-back.recorded")
        installing.take_back(
            installing.Change(p.came, p.went), installing.Again(p.package, p.sha256, p.features, p.properties), p, ctx
        )
        applications.set_so(p.application, began.application.wanted or {}, ctx)
    return Done()


def _begun(p: PackageBack, ctx: World) -> Began:
    now = applications.look(p.application, ctx)
    wanted = applications.aim(p.application, p.application_was, p.application_ours, ctx)
    began = Began(msi.products(), application=applications.Seen(now, wanted=wanted))
    ctx.record(began)
    return began


def undo(p: PackageBack, ctx: World) -> None:
    began = ctx.recorded(Began)
    if began is None:
        return
    with alone_with(installing.INSTALLER, ctx):
        installing.outlived(None, p.within)
        done = installing.Change(_lacking(p.went, began.before), _having(p.came, began.before))
        installing.take_back(done, installing.Again(p.old, p.old_sha256, p.features, p.properties), p, ctx)
        applications.set_so(p.application, began.application.before, ctx)


def _lacking(products: dict[str, str], before: dict[str, str]) -> dict[str, str]:
    return {code: shown for code, shown in products.items() if before.get(code) != shown}


def _having(products: dict[str, str], before: dict[str, str]) -> dict[str, str]:
    return {code: shown for code, shown in products.items() if before.get(code) == shown}
