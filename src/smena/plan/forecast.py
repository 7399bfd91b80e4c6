"""What a run will cost in room and downtime, from what was measured; what is unknown is said to be unknown."""

from __future__ import annotations

from collections import defaultdict
from pathlib import PurePosixPath, PureWindowsPath

from smena.definition.windows import windows_path
from smena.plan.kept import carried_trees
from smena.plan.model import Forecast, Room
from smena.plan.prepare import backup_trees, is_hot
from smena.plan.request import Request
from smena.plan.world import World
from smena.text import Text, _

_RESERVE = 16 * 1024 * 1024
_STOP_AND_START = 2.0
"""Seconds that a stop and a start take when nothing was measured."""


def forecast(request: Request, kept: list[str]) -> Forecast:
    downtime, basis = _downtime(request)
    return Forecast(room=tuple(_room(request, kept)), downtime=downtime, downtime_basis=basis)


def _room(request: Request, kept: list[str]) -> list[Room]:
    """Per mount: copies, unpacked packages, the archive, the reserve, and what the product itself asks for."""
    world = request.world
    trees = backup_trees(request)
    copied = {*kept, *(() if is_hot(request) else trees.values())}
    needed: dict[str, int] = defaultdict(int)
    for mount in {world.home_mount, *world.mounts.values()}:
        needed[mount] += _RESERVE
    for name, path in world.paths.items():
        if path in copied:
            needed[world.mounts.get(name, "/")] += world.sizes.get(name, 0)
    for source, target in carried_trees(request):
        needed[_mount_of(target, world)] += _size_of(source, world)
    needed[world.mounts.get("versions", world.home_mount)] += sum(package.unpacked for package in request.packages)
    needed[world.home_mount] += sum(world.sizes.get(name, 0) for name in trees)
    for name in request.definition.instance.roles.get("data", ()):
        needed[world.mounts.get(name, "/")] += request.definition.room or 0
    return [Room(mount=m, needed=n, free=world.free.get(m, 0)) for m, n in sorted(needed.items()) if n]


def _mount_of(path: str, world: World) -> str:
    """Where a path lies that the definition has no name for: with the nearest named one around it."""
    flavour = PureWindowsPath if windows_path(path) else PurePosixPath
    around = [name for name, known in world.paths.items() if flavour(path).is_relative_to(known)]
    nearest = max(around, key=lambda name: len(world.paths[name]), default=None)
    return world.home_mount if nearest is None else world.mounts.get(nearest, world.home_mount)


def _size_of(path: str, world: World) -> int:
    return next((world.sizes.get(name, 0) for name, known in world.paths.items() if known == path), 0)


def _downtime(request: Request) -> tuple[float | None, Text]:
    converting = [f"{hop.from_} → {hop.to}" for hop in request.hops if hop.data == "converted"]
    if converting:
        hops = ", ".join(converting)
        return None, _("the product converts its data ({hops}); how long that takes only it knows", hops=hops)
    return _STOP_AND_START * len(request.hops), _("a stop and a start for each hop; the switch itself is renames")
