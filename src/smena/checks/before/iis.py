"""iis: IIS can be asked from here and may be changed, and what of it the run stops is this instance's alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.drivers.iis import Iis, same
from smena.drivers.iis_rights import refuse_without_rights
from smena.drivers.iis_shared import shared_configuration
from smena.errors import SmenaError
from smena.plan.world import World
from smena.text import Text, _


def ask(_question: Mapping[str, object], scene: Scene) -> Iterator[Finding]:
    world, iis = scene.measure(), Iis(scene.home)
    try:
        elsewhere = shared_configuration()
        refuse_without_rights()
        yield from _site(world, iis)
        yield from _pools(world, iis)
    except SmenaError as error:
        why = error.why[0] if error.why else None
        yield Finding(check="iis", blocking=True, text=error.message, why=why, hint=error.hint)
        return
    if elsewhere is not None:
        text = _(
            "IIS takes its configuration from {place}: what is changed here is changed on other servers too",
            **elsewhere,
        )
        yield _blocking(text, "iis-shared-configuration")


def _site(world: World, iis: Iis) -> Iterator[Finding]:
    site = world.site
    if site is None or site.server != "iis" or site.name is None:
        return
    state = iis.site(site.name).state
    if state != "Started":
        yield _blocking(
            _("the site {site} is not started: its state is {state}", site=site.name, state=state), "site-down"
        )
    if site.application is not None:
        iis.folder(f"{site.name}/{site.application.strip('/')}")


def _pools(world: World, iis: Iis) -> Iterator[Finding]:
    """Others in a pool stop when it stops."""
    wanted = [service.pool for service in world.services if service.pool is not None]
    own = world.site.name if world.site is not None and world.site.application is None else None
    apps, pools = (iis.apps(), iis.pools()) if wanted else ([], [])
    for name in wanted:
        if not any(same(pool.name, name) for pool in pools):
            iis.pool(name)
        users = [app.name for app in apps if same(app.pool, name)]
        others = [user for user in users if own is None or not same(user.partition("/")[0], own)]
        if len(others) > (1 if own is None else 0):
            text = _("the pool {pool} is used by others too: {others}", pool=name, others=", ".join(others))
            yield _blocking(text, "pool-shared")


def _blocking(text: Text, accept: str) -> Finding:
    return Finding(check="iis", blocking=True, text=text, accept=accept)
