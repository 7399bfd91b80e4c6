"""What a person says of an instance, judged by its definition: everything that is wrong at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from smena.definition import read
from smena.definition.mistake import Wrong, nearest, one_of, short
from smena.definition.model import Definition, Setting
from smena.definition.scalars import Id
from smena.errors import InstanceUnfit
from smena.instances.instance import Instance, name_trouble
from smena.instances.lookups import absolute, platform_spec
from smena.text import Text, _

_READERS: dict[str, Callable[[str], object]] = {
    "port": read.port,
    "hostname": read.hostname,
    "path": read.path,
    "url": read.url,
    "number": read.number,
    "flag": read.flag,
}


def judge(definition: Definition, instance: Instance, secrets: Collection[str] = ()) -> None:
    """Refuse an instance that cannot be as it is described; of secrets only the names are asked."""
    why = [*troubles(definition, instance), *_secrets(definition, secrets)]
    if why:
        raise InstanceUnfit(
            _("the instance {name} cannot be as it is described", name=short(instance.name)),
            why=why,
            state=_("nothing was written down"),
        )


def troubles(definition: Definition, instance: Instance) -> Iterator[Text]:
    """Everything that is wrong with the description."""
    trouble = name_trouble(instance.name)
    if trouble is not None:
        yield _("“{name}” cannot be the name of an instance: {trouble}", name=short(instance.name), trouble=trouble)
    yield from _edition(definition, instance.edition)
    yield from _components(definition, instance.components)
    yield from _settings(definition, instance.settings)
    yield from _paths(definition, instance)
    yield from (one.why for one in unsaid(definition, instance))


class Unsaid(NamedTuple):
    """What only a person can tell, and the words of a command line by which it is told."""

    why: Text
    words: str


def unsaid(definition: Definition, instance: Instance) -> Iterator[Unsaid]:
    """Which of several editions was bought no file of the product says; nor what has no default."""
    names = list(map(str, definition.editions))
    if instance.edition is None and len(names) > 1:
        yield Unsaid(
            _("the edition has to be said; it is {names}", names=one_of(names)), f"--edition {'|'.join(names)}"
        )
    for name, setting in definition.instance.settings.items():
        if setting.default is None and setting.type != "secret" and name not in instance.settings:
            why = _("the setting {name} has to be given: it has no default", name=name)
            yield Unsaid(why, f"--set {name}=…")


def _edition(definition: Definition, edition: str | None) -> Iterator[Text]:
    names = list(map(str, definition.editions))
    if edition is not None and edition not in names:
        yield _unknown(_("there is no edition {name}", name=short(edition)), edition, names)


def _components(definition: Definition, components: Collection[str]) -> Iterator[Text]:
    known = list(map(str, definition.components))
    for name in components:
        if name not in known:
            yield _unknown(_("there is no component {name}", name=short(name)), name, known)


def _settings(definition: Definition, given: Mapping[str, str]) -> Iterator[Text]:
    known = definition.instance.settings
    for name, value in given.items():
        setting = known.get(Id(name))
        if setting is None:
            yield _unknown(_("there is no setting {name}", name=short(name)), name, list(map(str, known)))
        elif setting.type == "secret":
            yield _("{name} is a secret: it is given with --secret, so that it stands on no command line", name=name)
        else:
            yield from _value(name, setting, value)


def _value(name: str, setting: Setting, value: str) -> Iterator[Text]:
    if "${" in value or "\0" in value:
        yield _("{name}: nothing is looked up in what a person sets", name=name)
    elif setting.type == "choice" and value not in setting.choices:
        what = _("{name}: {value} is not one of the choices", name=name, value=short(value))
        yield _unknown(what, value, setting.choices)
    else:
        try:
            _READERS.get(setting.type, read.text)(value)
        except Wrong as wrong:
            yield _("{name}: {what}", name=name, what=wrong.text)


def _paths(definition: Definition, instance: Instance) -> Iterator[Text]:
    known = list(map(str, platform_spec(definition, instance).paths))
    for name, path in instance.paths.items():
        if name not in known:
            yield _unknown(_("there is no path {name}", name=short(name)), name, known)
        elif "${" in path or not absolute(path, instance.platform):
            yield _("{name}: {path} is not a whole path", name=name, path=short(path))


def _secrets(definition: Definition, given: Collection[str]) -> Iterator[Text]:
    known = [str(name) for name, setting in definition.instance.settings.items() if setting.type == "secret"]
    for name in given:
        if name not in known:
            yield _unknown(_("there is no secret {name}", name=short(name)), name, known)


def _unknown(what: Text, name: str, known: Collection[str]) -> Text:
    right = nearest(name, known)
    return what if right is None else _("{what}; right: {right}", what=what, right=right)
