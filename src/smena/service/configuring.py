"""Setting an instance otherwise: what was said becomes changes of files, trees that move, words in the registry.

The product's own files are the truth: a value that is read from one of them is written there, and the
registry keeps only what no file holds.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from smena import __version__
from smena.definition.model import Definition
from smena.definition.scalars import Id
from smena.definition.values import Read, Value
from smena.errors import AlreadySo, InstanceUnfit
from smena.host.paths import decode, followed
from smena.instances import given, marker, registry
from smena.instances.instance import Instance
from smena.instances.lookups import Lookups, platform_spec
from smena.instances.values import rendered
from smena.instances.world import foreseen, lookups_of, measure
from smena.intake import definitions
from smena.plan.configure import Change, Edit, build_configure
from smena.plan.model import Plan
from smena.plan.world import World
from smena.service import subjects
from smena.service.life import own
from smena.text import Text, _, plain

_EDITED = ("yaml", "xml", "env")


def plan_configure(home: Path, name: str, settings: Mapping[str, str], paths: Mapping[str, str], *, move: bool) -> Plan:
    """All that will be changed; refused with everything that speaks against it."""
    instance = registry.get(home, name)
    definition = definitions.find(instance.product, home)
    wanted = msgspec.structs.replace(
        instance, settings={**instance.settings, **settings}, paths={**instance.paths, **paths}
    )
    given.judge(definition, wanted)
    now = measure(definition, instance, home)
    marker.check(home, Path(decode(now.outside)), name)
    then = foreseen(definition, wanted, home, now.version)
    asked = _Asked(definition, lookups_of(definition, instance, home), now, then)
    why = [*asked.settings(settings), *asked.paths(paths, move=move)]
    if why:
        raise InstanceUnfit(_("{instance} cannot be set so", instance=name), why=why, state=_("nothing was changed"))
    settled = own(definition, wanted)
    change = asked.change(settings, paths, move=move, described=None if settled == instance else settled)
    if not change.edits and not change.moves and change.described is None:
        raise AlreadySo(_("{instance} is set so already", instance=name), state=_("nothing was changed"))
    return build_configure(now, then, change, smena=__version__)


class _Asked:
    """What a person asked for, seen against the instance as it is (`now`) and as it will be (`then`)."""

    def __init__(self, definition: Definition, found: Lookups, now: World, then: World) -> None:
        self.definition = definition
        self.found = found
        self.now = now
        self.then = then
        self.values: Mapping[str, Value] = {
            str(name): value for name, value in platform_spec(definition, found.instance).paths.items()
        }

    def settings(self, settings: Mapping[str, str]) -> Iterator[Text]:
        """Everything that keeps a setting from being changed."""
        for name in settings:
            setting = self.definition.instance.settings[Id(name)]
            if setting.fixed:
                yield _("{name} is fixed when an instance is made", name=name)
            if isinstance(setting.default, Read):
                yield from _uneditable(name, setting.default)

    def paths(self, paths: Mapping[str, str], *, move: bool) -> Iterator[Text]:
        shared = {str(name) for name in self.definition.instance.roles.get("versions", ())}
        for name, path in paths.items():
            value = self.values[name]
            if isinstance(value, Read):
                yield from _uneditable(name, value)
            if move and name in shared:
                yield _("{name} is shared with other instances: it does not move with one", name=name)
            elif move and not isinstance(value, Read):
                yield _("{name} cannot move: no file of the product says where it lies", name=name)
            elif move:
                yield from self._movable(name, self.now.paths[name], path)

    def _movable(self, name: str, source: str, target: str) -> Iterator[Text]:
        old, new = Path(decode(source)), Path(decode(target))
        if source == target:
            return
        if not old.is_dir():
            yield _("{name}: there is no folder at {path}", name=name, path=source)
        elif followed(new).is_relative_to(followed(old)) or followed(old).is_relative_to(followed(new)):
            yield _("{name}: {new} and {old} lie in one another", name=name, new=target, old=source)
        if os.path.lexists(new) and not (new.is_dir() and not any(new.iterdir())):
            yield _("{name}: something lies at {path} already", name=name, path=target)

    def change(
        self, settings: Mapping[str, str], paths: Mapping[str, str], *, move: bool, described: Instance | None
    ) -> Change:
        known = self.definition.instance.settings
        values = {f"settings.{name}": (known[Id(name)].default, value) for name, value in settings.items()}
        values |= {f"paths.{name}": (self.values[name], path) for name, path in paths.items()}
        edits = [
            self._edit(value, wanted)
            for name, (value, wanted) in values.items()
            if isinstance(value, Read) and self.now.lookups[name] != wanted
        ]
        moves = {self.now.paths[name]: path for name, path in paths.items() if self.now.paths[name] != path}
        return Change(
            edits=tuple(edits),
            moves=moves if move else {},
            described=None if described is None else subjects.described(described),
            ports=tuple(self._ports(settings)),
        )

    def _edit(self, read: Read, wanted: str) -> Edit:
        """Into the key that the value is read from now: products rename their keys from version to version."""
        file = rendered(read.of, self.found)
        return Edit(
            file=file, format=read.read, key=self.found.reader.key_of(read, file) or read.key or "", value=wanted
        )

    def _ports(self, settings: Mapping[str, str]) -> Iterator[int]:
        for name, value in settings.items():
            if self.definition.instance.settings[Id(name)].type == "port" and self._other(name, value):
                yield int(value)

    def _other(self, name: str, value: str) -> bool:
        return self.now.lookups[f"settings.{name}"] != value


def _uneditable(name: str, read: Read) -> Iterator[Text]:
    if read.read not in _EDITED or read.pattern is not None or read.relative_to is not None:
        source = plain(read.of)
        yield _("{name} cannot be changed: it is only a part of what {source} says", name=name, source=source)
