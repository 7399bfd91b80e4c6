"""One instance on this host, measured just now, as the value that plans are built on.

Everything has to be told here: a plan on guesses is none. Stable facts stand apart from
volatile ones (sizes, room): a plan is refused when the first have changed, the second are judged again.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from smena.definition.model import Definition
from smena.definition.windows import registry_key
from smena.host.facts.disk import room
from smena.host.facts.mounts import all_mounts
from smena.host.facts.system import System, system
from smena.host.paths import decode, encode
from smena.instances import sizes
from smena.instances.instance import SECRET, Instance
from smena.instances.lookups import Lookups
from smena.instances.services import specs
from smena.instances.values import rendered
from smena.instances.version import release_of, version
from smena.plan.params import ServiceSpec
from smena.plan.world import SiteSpec, World


def lookups_of(definition: Definition, instance: Instance, home: Path) -> Lookups:
    """The instance's look-ups on this host."""
    return Lookups(definition, instance, home, _family())


@cache
def _family() -> str:
    return system().value.family


def measure(definition: Definition, instance: Instance, home: Path, *, sized: bool = True) -> World:
    """Everything that a plan needs to know; raises what keeps it from being told. `sized` walks the trees."""
    found = lookups_of(definition, instance, home)
    return _world(found, version(found), home, sized=sized)


def foreseen(definition: Definition, instance: Instance, home: Path, version: str) -> World:
    """The instance as it will be, with what a person said of it: before it is there, or before it is changed."""
    return _world(lookups_of(definition, instance, home), version, home, sized=False)


def _world(found: Lookups, running: str, home: Path, *, sized: bool) -> World:
    definition, instance = found.definition, found.instance
    paths = paths_of(found)
    services = specs(found)
    mounts, free = _rooms(paths, home)
    return World(
        instance=instance.name,
        product=definition.product,
        platform=instance.platform,
        version=running,
        family=found.family,
        edition=instance.edition,
        components=found.components,
        lookups=_lookups(found),
        paths=paths,
        services=services,
        site=_site(found),
        driver=instance.driver,
        outside=top_of(definition, paths) or "",
        sizes=_sizes(definition, paths, home, instance.name) if sized else {},
        mounts=mounts,
        free=free,
        facts=facts(found, running, services),
        home=encode(home),
        home_mount=room(home).value.mount,
    )


def facts(found: Lookups, running: str, services: tuple[ServiceSpec, ...]) -> dict[str, str]:
    """The stable facts by name: what must not have changed between plan and run."""
    release = release_of(found.definition, running)
    host = system().value
    told: dict[str, str] = {
        "version": running,
        "platform": found.instance.platform,
        "os": _shown(host),
        "os-family": host.family,
        "driver": found.instance.driver,
    }
    if release is not None:
        told["release"] = release.version
    if found.instance.edition is not None:
        told["edition"] = found.instance.edition
    told |= {f"component.{name}": "yes" for name in found.components}
    told |= {f"path.{name}": path for name, path in paths_of(found).items()}
    told |= {f"setting.{name}": value for name, value in _settings(found).items()}
    return told | {f"service.{spec.name}": _service(spec) for spec in services}


def paths_of(found: Lookups) -> dict[str, str]:
    """Every path, by its id."""
    return {str(name): found[f"paths.{name}"] for name in found.spec.paths}


def top_of(definition: Definition, paths: Mapping[str, str]) -> str | None:
    """The instance's own top folder: that of its configuration, else of the data that is there, else its first path.

    None where that very path cannot be told: another one in its place might be shared with other instances.
    """
    roles = definition.instance.roles
    data = [paths[name] for name in roles.get("data", ()) if name in paths]
    there = (path for path in data if os.path.lexists(decode(path)))
    names = [*roles.get("configuration", ()), *roles.get("data", ()), *paths]
    path = paths.get(str(names[0])) if names else None
    if path is not None and not roles.get("configuration"):
        path = next(there, path)
    if path is None or not Path(decode(path)).is_file():
        return path
    return encode(Path(decode(path)).parent)


def _lookups(found: Lookups) -> dict[str, str]:
    """All names that have a value. What not every host or instance has may lack one."""
    optional = ("family.", "edition", "site.name")
    lacking = {name for name in found if name.startswith(optional) and found.trouble(name) is not None}
    return {name: found[name] for name in found if name not in lacking}


def _settings(found: Lookups) -> dict[str, str]:
    """Without secrets, and without what is made of them."""
    told = {str(name): found[f"settings.{name}"] for name in found.definition.instance.settings}
    return {name: value for name, value in told.items() if SECRET not in value}


def _site(found: Lookups) -> SiteSpec | None:
    site = found.site
    if site is None:
        return None
    return SiteSpec(
        server=site.server,
        url=found["site.url"],
        probe=found["site.probe"],
        name=None if site.name is None else found["site.name"],
        file=None if site.file is None else rendered(site.file, found),
        application=None if site.application is None else rendered(site.application, found),
    )


def _sizes(definition: Definition, paths: dict[str, str], home: Path, name: str) -> dict[str, int]:
    measured = sizes.measured(sizes.own_paths(definition, paths))
    sizes.remember(home, name, measured)
    return {path: size.bytes for path, size in measured.items()}


def _rooms(paths: dict[str, str], home: Path) -> tuple[dict[str, str], dict[str, int]]:
    """The mount of each path, and the room on each mount, the home's and the system's own among them."""
    seen = all_mounts().value
    rooms = {name: room(Path(decode(path)), seen).value for name, path in paths.items() if not registry_key(path)}
    others = (room(home, seen).value, room(Path(home.anchor), seen).value)
    free = {found.mount: found.free for found in (*rooms.values(), *others)}
    return {name: found.mount for name, found in rooms.items()}, free


def _service(spec: ServiceSpec) -> str:
    """What a service runs: its command line where smena itself starts it, else its unit."""
    return " ".join(spec.command) or spec.unit or spec.pool or ""


def _shown(host: System) -> str:
    return f"{host.name} {host.version}".strip()
