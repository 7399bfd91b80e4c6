"""What the steps around the platform's installer share about IIS: the application that an installer sets up.

Its values are read before and after the installer. Undo sets each back, unless somebody else has set it since:
that is told, a person decides, and who resumes has decided that it may stay.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from smena.drivers import iis_apps
from smena.drivers.iis import Iis
from smena.errors import IisChanged, NeedsPerson
from smena.plan.params import ServiceSpec
from smena.plan.windows_params import Application
from smena.steps.tools import World
from smena.text import _

Values = dict[str, str]


class Seen(msgspec.Struct, frozen=True):
    """What it was before the step, as the step left it, and what undo has decided that it shall be."""

    before: Values
    after: Values | None = None
    wanted: Values | None = None


def look(application: Application | None, ctx: World) -> Values:
    """As it is now; nothing where no installer sets up one."""
    if application is None:
        return {}
    return iis_apps.values(Iis(ctx.tools.home), application.name, application.pool)


def rest(application: Application | None, ctx: World) -> None:
    """An installer that makes a pool anew has it started."""
    if application is None or not iis_apps.has_pool(look(application, ctx)):
        return
    spec = ServiceSpec(name=application.pool, pool=application.pool)
    if ctx.tools.services.running(spec):
        ctx.tools.services.stop(spec)


def aim(application: Application | None, was: Values, ours: Values | None, ctx: World) -> Values:
    """What is to be: what it was, and what somebody else has set since, once a person has decided so."""
    now = look(application, ctx)
    theirs = {
        name: now.get(name, "") for name, value in (ours or {}).items() if now.get(name) not in (value, was.get(name))
    }
    if theirs and application is not None and not ctx.resumed:
        raise IisChanged(
            _(
                "somebody else has changed {application} in IIS: {names}",
                application=application.name,
                names=_told(theirs),
            ),
            state=_("it was left as it is"),
            hint=_("set it as it should be, then: smena run resume {run}", run=ctx.run),
        )
    return was | {name: value for name, value in theirs.items() if name in now}


def set_so(application: Application | None, wanted: Mapping[str, str], ctx: World) -> None:
    """After the installers. A pool that had to be made anew has lost its account's password."""
    if application is None or not wanted:
        return
    iis = Iis(ctx.tools.home)
    gone = not iis_apps.has_pool(iis_apps.values(iis, application.name, application.pool))
    iis_apps.set_so(iis, application.name, application.pool, wanted)
    rest(application, ctx)
    if gone and wanted.get(iis_apps.ACCOUNT):
        raise NeedsPerson(
            _(
                "the pool {pool} was made anew, and its account {name} has no password there",
                pool=application.pool,
                name=wanted[iis_apps.ACCOUNT],
            ),
            hint=_("set it in IIS, then: smena run resume {run}", run=ctx.run),
        )


def _told(values: Values) -> str:
    return ", ".join(sorted(values))
