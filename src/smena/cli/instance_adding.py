"""`smena instance add`: what was said becomes a wish, and what became of it is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from smena.cli.frame import Frame
from smena.cli.said import after, pairs, secrets
from smena.errors import WrongUsage
from smena.host.paths import encode
from smena.service import instances
from smena.text import _

if TYPE_CHECKING:
    from smena.cli.output import Page
    from smena.instances.adopt import Wish
    from smena.instances.discover import Find
    from smena.instances.instance import Instance

_OF_ONE = ("settings", "paths", "secrets", "notes", "components", "edition", "driver", "take_over")


def add_named(frame: Frame, names: Sequence[str], said: dict[str, Any]) -> None:
    """Add each; what belongs to one instance is said with one name only."""
    if len(names) > 1 and any(said[name] for name in ("paths", "secrets", "notes")):
        raise WrongUsage(_("paths, secrets and notes are those of one instance"), hint=_("add them one by one"))
    hidden, product, take_over = secrets(frame, said["secrets"]), said["product"], said["take_over"]
    added: list[Instance] = []
    for name in names:
        with after(one.name for one in added):
            wish = wish_of(name, said)
            added.append(instances.add(frame.home, wish, product=product, hidden=hidden, take_over=take_over))
    frame.out.show({"added": [_value(one) for one in added]}, lambda page: _show(page, added))


def add_all(frame: Frame, said: dict[str, Any]) -> None:
    """Add everything that is found, and tell what could not be."""
    if any(said[name] for name in _OF_ONE):
        raise WrongUsage(_("with --all only --product can be said"), hint=_("add the others by name"))
    added, left = instances.add_all(frame.home, said["product"])
    value = {"added": [_value(one) for one in added], "left": [_left(one) for one in left]}
    frame.out.show(value, lambda page: _show(page, added))
    for one in left:
        frame.out.remark(_("{name} was not added: {why}", name=one.name, why=one.why[0]))


def wish_of(name: str, said: dict[str, Any]) -> Wish:
    """What was said of one instance."""
    from smena.instances.adopt import Wish

    return Wish(
        name=encode(name),
        edition=said["edition"],
        components=tuple(said["components"]),
        settings={key: encode(value) for key, value in pairs(said["settings"]).items()},
        paths={key: encode(value) for key, value in pairs(said["paths"]).items()},
        driver=said["driver"],
        notes=said["notes"] or "",
    )


def _value(added: Instance) -> dict[str, object]:
    return {"name": added.name, "product": added.product, "edition": added.edition, "driver": added.driver}


def _left(find: Find) -> dict[str, object]:
    return {"name": find.name, "product": find.product, "why": [str(why) for why in find.why]}


def _show(page: Page, added: Sequence[Instance]) -> None:
    if not added:
        page.line(_("No instance was added."))
    for one in added:
        page.line(_("{name} is registered as an instance of {product}", name=one.name, product=one.product))
