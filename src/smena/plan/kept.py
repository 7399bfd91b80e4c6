"""What foreign code changes during a run, and so must be kept before: once a path and run."""

from __future__ import annotations

import hashlib

from smena.definition import steps as a
from smena.definition.steps import Foreign, Keep
from smena.definition.windows import registry_key
from smena.plan import params as resolved
from smena.plan.model import PhaseName, PlannedStep, planned
from smena.plan.request import Request
from smena.plan.resolve import Hop
from smena.plan.windows_params import KeepRegistry
from smena.plan.world import World
from smena.text import Text, _


def own_folders(world: World) -> tuple[str, ...]:
    """Everything that belongs to the instance: restore points lie outside of all of it."""
    return tuple(dict.fromkeys(path for path in (world.outside, *world.paths.values()) if path))


def kept_paths(request: Request) -> list[str]:
    """The paths in the order in which they are first changed; keys of the registry are no trees, and not among them."""
    found: dict[str, None] = {}
    for number in range(1, len(request.hops) + 1):
        hop = Hop(request, number)
        for step in hop.procedure():
            for name in names_kept(step.params):
                found.setdefault(hop.path(name))
    return [path for path in found if not registry_key(path)]


def names_kept(params: object) -> tuple[str, ...]:
    """A step behind which there is no way back needs no copy to go back to."""
    if isinstance(params, Foreign):
        return params.changes if params.no_return is None else ()
    return params.paths if isinstance(params, Keep) else ()


def user_trees(request: Request) -> dict[str, str]:
    """What is the users' and the administrator's own: configuration, data, uploads."""
    roles, paths = request.definition.instance.roles, request.world.paths
    names = (*roles.get("configuration", ()), *roles.get("data", ()), *roles.get("uploads", ()))
    return {name: paths[name] for name in names if name in paths}


def first_copy(path: str) -> PlannedStep:
    params = resolved.FirstCopy(path=path, slot=slot_of(path))
    return planned("first-copy", params, _("copy {path} while it is in use", path=path), "prepare")


def carried_trees(request: Request) -> list[tuple[str, str]]:
    """What is copied as a whole, and to where, each once; the old one is what the present version goes on with."""
    found: dict[tuple[str, str], None] = {}
    for number in range(1, len(request.hops) + 1):
        hop = Hop(request, number)
        for step in hop.procedure():
            if isinstance(step.params, a.Carry) and not step.params.include:
                found.setdefault((hop.text(step.params.from_), hop.text(step.params.to)))
    return [(source, target) for source, target in found if source != target]


def carried_first(source: str, target: str) -> PlannedStep:
    params = resolved.FirstCopy(path=source, slot=carried_slot(source, target), to=target)
    title = _("copy {source} for {target} while it is in use", source=source, target=target)
    return planned("first-copy", params, title, "prepare")


def carried_slot(source: str, target: str) -> str:
    return slot_of(f"{source} > {target}")


def keep(path: str, title: Text, phase: PhaseName, hop: int = 0, *, always: bool = False) -> PlannedStep:
    if registry_key(path):
        return planned("keep-registry", KeepRegistry(key=path, slot=slot_of(path)), title, phase, hop=hop)
    params = resolved.Keep(path=path, slot=slot_of(path), always=always)
    return planned("keep", params, title, phase, hop=hop)


def slot_of(path: str) -> str:
    """The name of a path's copy inside the restore point."""
    return hashlib.sha256(path.encode()).hexdigest()[:16]
