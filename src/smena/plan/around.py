"""What stands around every time an instance is down: hold, page, stop; and the way up again."""

from __future__ import annotations

from smena.plan import params as p
from smena.plan.model import PhaseName, PlannedStep, planned
from smena.plan.request import Request
from smena.plan.services import held_names, may_kill, names, stop_title
from smena.plan.world import World
from smena.text import Text, _


def down(request: Request, phase: PhaseName, *, back: bool = True) -> list[PlannedStep]:
    """Nobody else can start it, users see the page, everything is stopped."""
    world = request.world
    return [
        hold(world, phase),
        page(world, phase, back=back),
        stop_all(world, phase, back=back, kill=may_kill(request)),
    ]


def up(request: Request, phase: PhaseName) -> list[PlannedStep]:
    world = request.world
    start = p.Start(instance=world.instance, services=world.services)
    return [
        planned("start", start, _("start {services}", services=names(world.services)), phase),
        *open_again(world, phase),
    ]


def open_again(world: World, phase: PhaseName) -> list[PlannedStep]:
    """Anybody may start it again, and users may come in."""
    return [release(world, phase), open_page(world, phase)]


def reserve(world: World) -> PlannedStep:
    """Room on every mount, once; in the home's own it lies beside the journal."""
    by_mount = {mount: world.paths[name] for name, mount in sorted(world.mounts.items(), reverse=True)}
    by_mount.pop(world.home_mount, None)
    params = p.Reserve(folders=(world.home, *sorted(set(by_mount.values()))))
    return planned("reserve", params, _("hold room back for the way back"), "prepare")


def hold(world: World, phase: PhaseName, *, coming: bool = False) -> PlannedStep:
    """`coming`: its services come to be, or go, meanwhile."""
    params = p.Hold(instance=world.instance, services=_units(world), coming=coming)
    return planned("hold", params, _("keep anyone else from starting {instance}", instance=world.instance), phase)


def release(world: World, phase: PhaseName, *, coming: bool = False) -> PlannedStep:
    params = p.Release(instance=world.instance, services=_units(world), coming=coming)
    return planned("release", params, _("let anyone start {instance} again", instance=world.instance), phase)


def page(world: World, phase: PhaseName, *, back: bool = True) -> PlannedStep:
    title = _("show the maintenance page") if _has_page(world) else _no_page(world)
    return planned("maintenance", _page(world, back=back), title, phase)


def open_page(world: World, phase: PhaseName) -> PlannedStep:
    title = _("take the maintenance page away") if _has_page(world) else _("users can come in")
    return planned("open", _page(world), title, phase)


def stop_all(world: World, phase: PhaseName, *, back: bool = True, kill: bool = False) -> PlannedStep:
    params = p.Stop(instance=world.instance, services=world.services, back=back, kill=kill)
    return planned("stop", params, stop_title(world.services, kill=kill), phase)


def _page(world: World, *, back: bool = True) -> p.Page:
    site = world.site
    return p.Page(
        instance=world.instance,
        server=site.server if site else "none",
        site=site.name if site else None,
        file=site.file if site else None,
        application=site.application if site else None,
        probe=site.probe if site else None,
        back=back,
    )


def _has_page(world: World) -> bool:
    """A part of a site cannot be closed by itself, and the bundled Apache is one of the services."""
    site = world.site
    return site is not None and (site.server == "nginx" or (site.server == "iis" and site.application is None))


def _no_page(world: World) -> Text:
    if world.site is not None and world.site.server == "iis":
        name = world.site.name or ""
        return _("no maintenance page: others use the site {site} too; what is stopped answers 503", site=name)
    return _("no maintenance page: nothing stands before the services")


def _units(world: World) -> tuple[str, ...]:
    return held_names(world.services)
