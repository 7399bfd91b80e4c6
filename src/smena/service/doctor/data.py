"""The file systems on which data lies: what copies cost there, and whether labels come along."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from smena.errors import SmenaError
from smena.host import trials
from smena.host.facts.mounts import mount_of
from smena.host.paths import decode, encode
from smena.instances.instance import Instance
from smena.service.doctor.finding import Finding, missing, ok, told, wrong
from smena.service.doctor.scene import Scene
from smena.text import _, plain

_ROLES = ("configuration", "data", "uploads")
_SELINUX = Path("/sys/fs/selinux/enforce")
_APPARMOR = Path("/sys/module/apparmor/parameters/enabled")


def disks(scene: Scene) -> Iterator[Finding]:
    """One finding a mount."""
    for point, folder in _folders(scene).items():
        what = _("copies at {point}", point=point)
        try:
            shared = trials.shares_blocks(folder)
        except SmenaError as error:
            yield told("disk.copies", what, error)
            continue
        if shared:
            yield ok("disk.copies", what, _("they share their blocks, so keeping data costs no room"))
        elif shared is None:
            yield ok("disk.copies", what, _("cannot be tried here; data is copied"))
        else:
            yield ok("disk.copies", what, _("data is copied: a conversion needs room for it once more"))


def labels(scene: Scene) -> Iterator[Finding]:
    """Where a security module goes by labels, a copy without them would be refused to the product."""
    what, modules = _("security modules"), _modules()
    if not modules:
        yield ok("labels", what, _("neither SELinux nor AppArmor"))
        return
    shown = plain(", ".join(modules))
    for point, folder in _folders(scene).items():
        kept = trials.keeps_labels(folder)
        if kept is False and _SELINUX.exists():
            hint = plain(encode(f"restorecon -R {folder}"))
            yield wrong(
                "labels", what, _("{modules}; labels are lost on copies at {point}", modules=shown, point=point), hint
            )
        elif kept is None:
            hint = scene.everything_hint
            yield missing("labels", what, _("{modules}; whether labels are kept cannot be tried", modules=shown), hint)
        else:
            yield ok("labels", what, _("{modules}; labels come along at {point}", modules=shown, point=point))


def _modules() -> list[str]:
    found = []
    if _SELINUX.exists():
        enforcing = _SELINUX.read_text("ascii", "replace").strip() == "1"
        found.append("SELinux (enforcing)" if enforcing else "SELinux (permissive)")
    if _APPARMOR.exists() and _APPARMOR.read_text("ascii", "replace").startswith("Y"):
        found.append("AppArmor")
    return found


def _folders(scene: Scene) -> dict[str, Path]:
    """A folder for each mount on which the home or an instance's data lies."""
    devices: dict[int, Path] = {}
    for place in (scene.home, *(path for instance in scene.instances for path in _own(scene, instance))):
        if place.is_dir():
            devices.setdefault(place.stat().st_dev, place)
    return {mount_of(place).value.point: place for place in devices.values()}


def _own(scene: Scene, instance: Instance) -> list[Path]:
    try:
        found = scene.lookups(instance)
    except SmenaError:
        return []
    roles = found.definition.instance.roles
    names = [f"paths.{name}" for role, ids in roles.items() if role in _ROLES for name in ids]
    return [Path(decode(found[name])) for name in names if found.trouble(name) is None]
