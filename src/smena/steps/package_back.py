"""package-back: what an earlier run's installer did is taken back by installers, after that run was final.

What came with that run is taken away and what went is installed again; undo does the same the other way round. What the
installers change of the instance's folders was kept before, and put-back brings what the earlier run kept after it.
"""

from __future__ import annotations

from smena import faults
from smena.drivers import msi
from smena.errors import InstallerFailed
from smena.plan.windows_params import PackageBack
from smena.run.step import Done
from smena.steps import installing
from smena.steps.install_package import Began
from smena.steps.shared import alone_with
from smena.steps.tools import World
from smena.text import _


def do(p: PackageBack, ctx: World) -> Done:
    with alone_with(installing.INSTALLER, ctx):
        ctx.record(Began(msi.products()))
        faults.point("package-back.recorded")
        installing.reach(p.was, installing.again(p, p.package, p.sha256), p, ctx)
        left = sorted(shown for code, shown in p.was.items() if msi.products().get(code) != shown)
        if left:
            raise InstallerFailed(
                _("the installer says that it is done, and this is not installed: {names}", names=", ".join(left))
            )
    return Done()


def undo(p: PackageBack, ctx: World) -> None:
    began = ctx.recorded(Began)
    if began is None:
        return
    with alone_with(installing.INSTALLER, ctx):
        installing.reach(began.before, installing.again(p, p.old, p.old_sha256), p, ctx)
