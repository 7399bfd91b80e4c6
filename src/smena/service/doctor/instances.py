"""Each instance: what its definition says of it is there, and it is this home's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from smena.definition.model import Role
from smena.definition.windows import registry_key
from smena.drivers.systemd_units import is_masked, unit_file, user_of
from smena.errors import OwnerUnknown, ProgramMissing, SmenaError
from smena.host import owners
from smena.host.facts.mounts import above
from smena.host.paths import decode
from smena.instances import marker
from smena.instances.instance import Instance
from smena.instances.look import Look, look_at
from smena.instances.lookups import Lookups
from smena.instances.values import rendered
from smena.service.doctor.finding import Finding, missing, ok, told, wrong
from smena.service.doctor.scene import Scene
from smena.text import Text, _, plain

_NEEDED: tuple[Role, ...] = ("configuration", "data", "uploads", "versions")
_WHAT = _("instance")


def instances(scene: Scene) -> Iterator[Finding]:
    for instance in scene.instances:
        found = [msgspec.structs.replace(one, instance=instance.name) for one in _one(scene, instance)]
        yield from found
        if not any(one.state == "wrong" for one in found):
            good = ok("instance", _WHAT, _("{instance}: all of it is there", instance=instance.name))
            yield msgspec.structs.replace(good, instance=instance.name)


def _one(scene: Scene, instance: Instance) -> Iterator[Finding]:
    name = instance.name
    try:
        found = scene.lookups(instance)
        seen = look_at(found)
    except SmenaError as error:
        yield _told("instance.definition", name, error, error.hint or plain(f"smena product show {instance.product}"))
        return
    for trouble in seen.troubles():
        yield _wrong("instance.look", name, trouble, plain(f"smena instance show {name}"))
    yield from _paths(scene, found, seen, name)
    yield from _marked(scene, seen, name)
    yield from _account(found, name)
    yield from _site(scene, found, name)
    if instance.driver == "systemd" and scene.systemd:
        yield from _units(scene, instance)


def _paths(scene: Scene, found: Lookups, seen: Look, name: str) -> Iterator[Finding]:
    roles = found.definition.instance.roles
    needed = {path for role in _NEEDED for path in roles.get(role, ()) if path in seen.paths}
    away: dict[str, str] = {}
    for path, text in seen.paths.items():
        place = Path(decode(text))
        mount = None if registry_key(text) else above(place, scene.unmounted)
        if mount is not None:
            away.setdefault(mount.point, path)
        elif path in needed and not os.path.lexists(place) and text not in seen.missing and not registry_key(text):
            yield _wrong(
                "instance.path", name, _("nothing lies at {path} ({name})", path=text, name=path), _shown(name)
            )
    for point, path in away.items():
        said = _("the disk at {point} is not mounted; {path} lies on it", point=point, path=path)
        yield _wrong("instance.mount", name, said, plain(f"mount {point}"))


def _marked(scene: Scene, seen: Look, name: str) -> Iterator[Finding]:
    """After the home was moved or copied, the markers still name the old one."""
    if seen.top is None:
        return
    top = Path(decode(seen.top))
    try:
        marker.check(scene.home, top, name)
        known = marker.read(top)
    except SmenaError as error:
        yield _told("instance.marker", name, error, error.hint)
        return
    if known is None:
        said = _("nothing beside {path} says that this home manages it", path=seen.top)
        yield _wrong("instance.marker", name, said, plain(f"smena instance add {name} --take-over"))


def _account(found: Lookups, name: str) -> Iterator[Finding]:
    owner, group = (_known(found, f"family.{what}") for what in ("owner", "group"))
    if owner is None:
        return
    try:
        owners.resolve(owner, group)
    except OwnerUnknown as error:
        hint = plain(f"useradd --system --user-group --no-create-home --shell /usr/sbin/nologin {owner}")
        yield _told("instance.owner", name, error, hint)


def _known(found: Lookups, name: str) -> str | None:
    return found[name] if name in found and found.trouble(name) is None else None


def _site(scene: Scene, found: Lookups, name: str) -> Iterator[Finding]:
    site = found.site
    if site is None or site.server != "nginx":
        return
    if isinstance(scene.web, SmenaError):
        if isinstance(scene.web, ProgramMissing):
            yield _told(
                "instance.site", name, scene.web, scene.getting({"debian": "nginx", "rpm": "nginx", "alt": "nginx"})
            )
        return
    try:
        file = None if site.file is None else rendered(site.file, found)
        title = None if site.name is None else found["site.name"]
        scene.web.place(file, title)
    except SmenaError as error:
        yield _told("instance.site", name, error, error.hint)


def _units(scene: Scene, instance: Instance) -> Iterator[Finding]:
    """By their files: what systemd makes of them is asked when they are started."""
    name = instance.name
    for unit in scene.units(instance):
        file = unit_file(unit)
        if file is None or not file.exists():
            yield _wrong("instance.unit", name, _("there is no unit {unit} on this host", unit=unit), _shown(name))
        elif is_masked(file):
            said, hint = _("the unit {unit} is masked", unit=unit), plain(f"systemctl unmask {unit}")
            yield _wrong("instance.unit", name, said, hint)
        else:
            if unit not in scene.wanted_units:
                said = _("{instance}: {unit} does not start at boot", instance=name, unit=unit)
                yield missing("instance.unit", _WHAT, said, plain(f"systemctl enable {unit}"))
            yield from _user(unit, user_of(unit, file), name)


def _user(unit: str, user: str | None, name: str) -> Iterator[Finding]:
    if not user or user.isdigit():
        return
    try:
        owners.account(user)
    except OwnerUnknown:
        said = _("the account {user} of {unit} does not exist", user=user, unit=unit)
        hint = plain(f"useradd --system --user-group --no-create-home --shell /usr/sbin/nologin {user}")
        yield _wrong("instance.owner", name, said, hint)


def _shown(name: str) -> Text:
    return plain(f"smena instance show {name}")


def _wrong(topic: str, name: str, said: Text, hint: Text | None) -> Finding:
    return wrong(topic, _WHAT, _("{instance}: {what}", instance=name, what=said), hint)


def _told(topic: str, name: str, error: SmenaError, hint: Text | None) -> Finding:
    return _wrong(topic, name, told(topic, _WHAT, error).found, hint)
