"""The marker beside an instance: which home manages it.

Two smenas with different homes know nothing of each other's runs, locks and restore points, so
only one may touch an instance. The marker is a small hidden file in the folder that holds the
instance's own top folder: nothing that happens inside the instance moves or changes it, and
another user's smena can read it. It is believed as long as the home that it names has the instance.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from smena import clock, faults
from smena.errors import InstanceElsewhere, InstanceExists, PathUnfit, SmenaError
from smena.host import files
from smena.host.native import attributes
from smena.host.paths import decode, encode, followed
from smena.host.trouble import telling
from smena.instances import registry
from smena.text import Text, _, plain

NAME = ".smena-home"


class Marker(msgspec.Struct, frozen=True, kw_only=True):
    """Who manages it; the home is in the escaped form."""

    home: str
    instance: str
    since: str


def place(top: Path) -> Path:
    """Where the marker of the instance with this top folder lies, whatever links lead there."""
    return followed(top.parent) / f"{NAME}.{top.name}"


def read(top: Path) -> Marker | None:
    """What the marker says; None where there is none, or where a death left half of one."""
    path = place(top)
    with telling(_("cannot read {path}", path=encode(path))):
        try:
            content = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
    try:
        return msgspec.json.decode(content, type=Marker)
    except msgspec.DecodeError:
        raise PathUnfit(
            _("{path} does not say which home manages the instance", path=encode(path)),
            why=[_("smena writes such files whole, so somebody else has changed it")],
            hint=_("look who did it, then remove {path}", path=encode(path)),
        ) from None


def taken(home: Path, top: Path, instance: str) -> SmenaError | None:
    """The refusal, if another home, or another instance of this home, has it."""
    found = read(top)
    if found is None:
        return None
    if _same(decode(found.home), home):
        return None if found.instance == instance else _two_names(home, found.instance, top)
    other = Path(decode(found.home))
    if not os.path.lexists(other / registry.FILE):
        return _gone(home, found)
    return None if _lacks(other, found.instance) else _refusal(home, found)


def check(home: Path, top: Path, instance: str) -> None:
    """Refuse where somebody else has it."""
    refusal = taken(home, top, instance)
    if refusal is not None:
        raise refusal


def claim(home: Path, top: Path, instance: str, *, take_over: bool = False) -> None:
    """Make this home the one that manages it; refused where another does, unless that one is to lose it."""
    if _own(home, top, instance) is not None:
        return
    found = read(top)
    if take_over and found is not None and not _same(decode(found.home), home):
        _check_idle(Path(decode(found.home)), found.instance)
    else:
        check(home, top, instance)
    _write(home, top, Marker(home=encode(followed(home)), instance=instance, since=clock.stamp()), free=found is None)


def follow(home: Path, top: Path, instance: str, left: Iterable[Path]) -> None:
    """Bring it beside `top` from beside folders that were the instance's before, with the day since when.

    The new one comes first: a death leaves two, which say the same.
    """
    old = {place(folder): found for folder in left if (found := _own(home, folder, instance)) is not None}
    old.pop(place(top), None)
    if read(top) is None and old:
        _write(home, top, min(old.values(), key=lambda found: found.since), free=True)
    claim(home, top, instance)
    faults.point("marker.followed")
    for path in old:
        files.remove_file(path)


def release(home: Path, top: Path, instance: str) -> None:
    """Take the marker away if it is ours, and this instance's."""
    if _own(home, top, instance) is not None:
        files.remove_file(place(top))


def _own(home: Path, top: Path, instance: str) -> Marker | None:
    found = read(top)
    ours = found is not None and found.instance == instance and _same(decode(found.home), home)
    return found if ours else None


def _write(home: Path, top: Path, marker: Marker, *, free: bool) -> None:
    """Where there is none it is made by a rename that never replaces: of two homes at once, one loses."""
    path, content = place(top), msgspec.json.encode(marker)
    if not free:
        files.write_file(path, content, attributes.own(0o644))
        return
    fresh = path.with_name(f"{path.name}.{_short(home)}")
    files.write_file(fresh, content, attributes.own(0o644))
    faults.point("marker.written")
    try:
        files.rename(fresh, path)
    except PathUnfit:
        files.remove_file(fresh)
        check(home, top, marker.instance)
        raise


def _short(home: Path) -> str:
    """One name a home: whoever repeats a claim after a death finds what it left."""
    return hashlib.blake2b(os.fsencode(followed(home)), digest_size=4).hexdigest()


def _same(one: str, other: Path) -> bool:
    return followed(Path(one)) == followed(other)


def _lacks(other: Path, instance: str) -> bool:
    """Whether that home surely does not have the instance any more; a registry that cannot be read may have it."""
    try:
        return registry.find(other, instance) is None
    except SmenaError:
        return False


def _check_idle(other: Path, instance: str) -> None:
    """Even who takes an instance over must not do it while the other home is changing it."""
    hold = other / "hold" / instance
    if os.path.lexists(hold):
        raise InstanceElsewhere(
            _("{instance} cannot be taken over from {home}", instance=instance, home=encode(other)),
            why=[_("a run of that home is changing it, or was broken off in the middle: {path}", path=encode(hold))],
            hint=_("smena --home {home} run list", home=encode(other)),
        )


def _two_names(home: Path, instance: str, top: Path) -> InstanceExists | None:
    """Two names for one instance would be two instances to every lock and restore point."""
    if registry.find(home, instance) is None:
        return None
    return InstanceExists(
        _("{path} belongs to the instance {instance} already", path=encode(top), instance=instance),
        hint=plain(f"smena instance show {instance}"),
    )


def _refusal(home: Path, found: Marker) -> InstanceElsewhere:
    return _words(home, found, [], plain(f"smena --home {found.home} instance show {found.instance}"))


def _gone(home: Path, found: Marker) -> InstanceElsewhere:
    why = _("{home} is not there, or holds no registry that this user may see", home=found.home)
    hint = _("if that home is gone for good: smena instance add {instance} --take-over", instance=found.instance)
    return _words(home, found, [why], hint)


def _words(home: Path, found: Marker, more: list[Text], hint: Text) -> InstanceElsewhere:
    since = _("{home} has managed it since {since}", home=found.home, since=found.since)
    ours = _("this call is of the home {home}", home=encode(home))
    return InstanceElsewhere(
        _("{instance} is managed from another home", instance=found.instance), why=[since, ours, *more], hint=hint
    )
