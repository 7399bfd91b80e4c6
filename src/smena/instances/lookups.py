"""What templates may look up of one instance on this host, each told when it is first asked for.

The names are those of `definition.templates.names_for`. A name may be made of other names, so those
are told first, with a stack of our own: chains may be long. What cannot be told is remembered
as the error that says why, and raised whenever somebody asks for it.
"""

from __future__ import annotations

import ntpath
import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path

from smena.definition.mistake import Wrong
from smena.definition.model import Definition, PlatformSpec, Site
from smena.definition.scalars import Id, Template
from smena.definition.templates import names_for, names_in, spec_of
from smena.definition.values import Read, Value
from smena.definition.when import World as Known
from smena.definition.when import holds
from smena.definition.windows import registry_key
from smena.errors import NotOnThisPlatform, SmenaError, ValueUnknown
from smena.host.paths import encode
from smena.instances.instance import Instance
from smena.instances.secrets import reference
from smena.instances.values import Reader
from smena.text import Text, _, plain


class Lookups(Mapping[str, str]):
    """A mapping from names to values; raises the error of a name that cannot be told."""

    def __init__(self, definition: Definition, instance: Instance, home: Path, family: str) -> None:
        self.definition = definition
        self.instance = instance
        self.family = family
        self.reader = Reader()
        self.spec = platform_spec(definition, instance)
        self._names = names_for(definition, instance.platform, upgrading=False)
        self._home = encode(home)
        self._told: dict[str, str | SmenaError] = {}
        self._site: Site | None = None
        self._site_known = False
        self._components: tuple[str, ...] | None = None

    def __getitem__(self, name: str) -> str:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._told:
            self._tell(name)
        told = self._told[name]
        if isinstance(told, SmenaError):
            raise told
        return told

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._names))

    def __len__(self) -> int:
        return len(self._names)

    def value(self, value: Value) -> str:
        """A value of the definition, with its names looked up."""
        return self.reader.value(value, self)

    def trouble(self, name: str) -> SmenaError | None:
        """Why a name cannot be told; None if it can."""
        try:
            self[name]
        except SmenaError as error:
            return error
        return None

    @property
    def site(self) -> Site | None:
        """The site that this instance has: the first of the others whose condition holds, else the usual one."""
        if not self._site_known:
            self._site_known = True
            others = (site for site in self.spec.site_instead if self._holds(site))
            self._site = next(others, self.spec.site)
        return self._site

    @property
    def components(self) -> tuple[str, ...]:
        """What a person said, and what is found to be installed besides: it would be left behind at the old version."""
        if self._components is None:
            parts = self.definition.components.items()
            unsaid = {str(name): part.found for name, part in parts if str(name) not in self.instance.components}
            found = (name for name, value in unsaid.items() if value is not None and self._is_there(value))
            self._components = (*self.instance.components, *found)
        return self._components

    def _is_there(self, value: Value) -> bool:
        try:
            return bool(self.value(value))
        except ValueUnknown:
            return False

    # --- telling ------------------------------------------------------------------

    def _tell(self, name: str) -> None:
        """Tell a name after those that it is made of."""
        trail = [name]
        while trail:
            parts = [part for part in self._parts(trail[-1]) if part in self._names and part not in self._told]
            circle = next((part for part in parts if part in trail), None)
            if circle is None and parts:
                trail.append(parts[0])
                continue
            done = trail.pop()
            self._told[done] = _circle([*trail, done]) if circle else self._tried(done)

    def _tried(self, name: str) -> str | SmenaError:
        try:
            return self._resolved(name)
        except SmenaError as error:
            return error

    def _resolved(self, name: str) -> str:
        group, _dot, rest = name.partition(".")
        if group == "settings":
            return self._setting(rest)
        if group == "paths":
            return self._path(rest)
        if group == "family":
            return self._of_family(rest)
        if group == "site":
            return self._of_site(rest)
        simple = {"name": self.instance.name, "product": self.definition.product, "home": self._home}
        return simple[name] if name in simple else self._edition()

    def _setting(self, name: str) -> str:
        setting = self.definition.instance.settings[Id(name)]
        if setting.type == "secret":
            return reference(name)
        if name in self.instance.settings:
            return self.instance.settings[name]
        if setting.default is not None:
            return self._told_of(_("the setting {name}", name=name), setting.default)
        raise ValueUnknown(
            _("the setting {name} of {instance} cannot be told", name=name, instance=self.instance.name),
            why=[_("nobody has set it, and the definition of {product} has no default", product=self.instance.product)],
            hint=plain(f"smena instance add {self.instance.name} --set {name}=…"),
        )

    def _path(self, name: str) -> str:
        what = _("the path {name}", name=name)
        own = self.instance.paths.get(name)
        path = self._told_of(what, self.spec.paths[Id(name)]) if own is None else own
        if not absolute(path, self.instance.platform):
            raise self._unknown(what, _("{path} is not a whole path", path=repr(path)))
        return path

    def _of_family(self, name: str) -> str:
        values = {str(family): values for family, values in self.spec.os_family.items()}.get(self.family, {})
        if name in values:
            return values[Id(name)]
        what = _("what {name} is on this system", name=name)
        if self.family:
            raise self._unknown(what, _("the definition has no value for {family}", family=self.family))
        raise self._unknown(what, _("it is none of the families of Linux that smena knows: debian, rpm, alt"))

    def _of_site(self, field: str) -> str:
        site = self.site
        template: Template | None = None if site is None else getattr(site, field)
        what = _("{name} of the site", name=field)
        if template is None:
            raise self._unknown(what, _("the site of this instance has none"))
        return self._told_of(what, template)

    def _edition(self) -> str:
        if self.instance.edition is None:
            raise self._unknown(_("the edition"), _("it was not given when the instance was added"))
        return self.instance.edition

    def _told_of(self, what: Text, value: Value) -> str:
        """A value; the error that there is none says of what."""
        try:
            return self.value(value)
        except NotOnThisPlatform as error:
            raise ValueUnknown(self._cannot(what), why=[error.message, *error.why]) from error
        except ValueUnknown as error:
            raise self._unknown(what, *error.why) from error

    def _unknown(self, what: Text, *why: Text) -> ValueUnknown:
        hint = plain(f"smena instance show {self.instance.name}")
        return ValueUnknown(self._cannot(what), why=why, hint=hint)

    def _cannot(self, what: Text) -> Text:
        return _("{what} of {instance} cannot be told", what=what, instance=self.instance.name)

    # --- what a name is made of ------------------------------------------------------

    def _parts(self, name: str) -> list[str]:
        return [part for template in self._templates(name) for part in _names_in(template)]

    def _templates(self, name: str) -> list[str]:
        group, _dot, rest = name.partition(".")
        if group == "settings" and rest not in self.instance.settings:
            return _templates(self.definition.instance.settings[Id(rest)].default)
        if group == "paths" and rest not in self.instance.paths:
            return _templates(self.spec.paths[Id(rest)])
        if group == "site" and self.site is not None:
            return [getattr(self.site, rest) or ""]
        return []

    def _holds(self, site: Site) -> bool:
        """A condition over settings that cannot be told does not hold: then the usual site is taken."""
        names = [name.removeprefix("setting.") for name in site.when.tests if name.startswith("setting.")]
        known = {name: self[f"settings.{name}"] for name in names if self.trouble(f"settings.{name}") is None}
        world = Known(
            edition=self.instance.edition,
            platform=self.instance.platform,
            os_family=self.family or None,
            components=self.components,
            settings=known,
        )
        return holds(site.when, world, self.definition.versions) is True


def platform_spec(definition: Definition, instance: Instance) -> PlatformSpec:
    """What the definition says of the instance's platform."""
    spec = spec_of(definition, instance.platform)
    if spec is None:
        raise NotOnThisPlatform(
            _("{product} does not run on {platform}", product=definition.product, platform=instance.platform),
            hint=plain(f"smena product show {definition.product}"),
        )
    return spec


def absolute(path: str, platform: str) -> bool:
    """Whether the path says everything; a key of the Windows registry does."""
    if "\0" in path:
        return False
    if platform == "windows":
        return ntpath.isabs(path) or registry_key(path)
    return posixpath.isabs(path)


def _templates(value: Value | None) -> list[str]:
    if isinstance(value, Read):
        return [template for template in (value.of, value.relative_to, value.default) if template]
    return [value] if value else []


def _names_in(template: str) -> tuple[str, ...]:
    """A template that is not well formed has no names; rendering it says what is wrong."""
    try:
        return names_in(template)
    except Wrong:
        return ()


def _circle(names: list[str]) -> ValueUnknown:
    return ValueUnknown(_("{names} go in a circle", names=" → ".join(names)))
