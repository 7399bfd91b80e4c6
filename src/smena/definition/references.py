"""Names that stand for something defined elsewhere in the definition: each must be there.

The tables say which field refers to what; a test holds that every field of the type `Id`
in a step or a check is in them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from smena.definition import checks, steps
from smena.definition.finding import Finding
from smena.definition.mistake import nearest, short
from smena.definition.model import Definition, Platform
from smena.definition.nodes import Path, dotted
from smena.definition.reading import Reading
from smena.definition.scope import Scope, steps_of
from smena.definition.templates import platforms_of, spec_of
from smena.text import Text, _

REFERS: dict[type, dict[str, str]] = {
    steps.Fetch: {"component": "components"},
    steps.Verify: {"component": "components"},
    steps.Unpack: {"component": "components"},
    steps.InstallPackage: {"component": "components", "changes": "paths"},
    steps.Backup: {"paths": "paths"},
    steps.Stop: {"services": "services"},
    steps.Start: {"services": "services", "changes": "paths"},
    steps.Keep: {"paths": "paths"},
    steps.RunVendor: {"component": "components", "changes": "paths"},
    steps.ServiceConfig: {"service": "services"},
    checks.SoftwareThere: {"name": "software"},
    checks.Services: {"services": "services"},
}
"""Fields of steps and checks that refer to a section of the definition."""


_STEPS = frozenset({"procedures", "create", "before", "after"})
"""A step fails on a platform that has no such path or service; roles and backups leave out what is not there."""


class _Refers(NamedTuple):
    """One reference: where it stands, what it says, and the section that must have it."""

    path: Path
    name: str
    section: str


def check_references(definition: Definition, reading: Reading) -> list[Finding]:
    """Report every name that leads nowhere; a name that leads nowhere on one platform only is a warning."""
    known = _Known(definition, reading)
    findings: list[Finding] = []
    for refers in _references(definition, reading):
        if refers.section in ("paths", "services"):
            findings += _on_platforms(refers, known, reading)
        elif refers.name and refers.name not in known.of(refers.section):
            _missing(refers, known.of(refers.section), reading)
    return findings


class _Known:
    """The names that each section has."""

    def __init__(self, definition: Definition, reading: Reading) -> None:
        self._definition = definition
        self._scope = Scope(definition, reading)
        self.of = cache(self._of)
        self.on = cache(self._on)

    def platforms_at(self, path: Path) -> tuple[Platform, ...]:
        return self._scope.platforms_at(path) or platforms_of(self._definition)

    def _of(self, section: str) -> Collection[str]:
        instance = self._definition.instance
        if section == "config":
            return {file.file for file in instance.config}
        if section == "settings":
            return instance.settings
        if section == "files":
            return {"any", "linux", "windows", *self._definition.editions}
        names: Collection[str] = getattr(self._definition, section)
        return names

    def _on(self, section: str, platform: Any) -> Collection[str]:
        spec = spec_of(self._definition, platform)
        if spec is None:
            return ()
        return spec.paths if section == "paths" else {service.name for service in spec.services}


def _on_platforms(refers: _Refers, known: _Known, reading: Reading) -> Iterator[Finding]:
    platforms = known.platforms_at(refers.path)
    missing = [platform for platform in platforms if refers.name not in known.on(refers.section, platform)]
    if not refers.name:
        return
    if len(missing) == len(platforms):
        names = {name for platform in platforms for name in known.on(refers.section, platform)}
        if not any(reading.unread(("instance", platform, refers.section)) for platform in ("linux", "windows")):
            _missing(refers, names, reading)
        return
    for platform in missing if refers.path[0] in _STEPS else ():
        yield Finding(
            name="reference-missing",
            severity="warning",
            text=_("{name} does not exist on {platform}", name=refers.name, platform=platform),
            line=reading.line_of(refers.path),
            field=dotted(refers.path),
        )


def _missing(refers: _Refers, known: Iterable[str], reading: Reading) -> None:
    sections: dict[str, Path] = {"settings": ("instance", "settings"), "config": ("instance", "config")}
    if not reading.unread(sections.get(refers.section, (refers.section,))):
        reading.wrong_at(refers.path, _no(refers), nearest(refers.name, known))


def _no(refers: _Refers) -> Text:
    name = short(refers.name)
    return {
        "procedures": _("there is no procedure {name}", name=name),
        "risks": _("there is no risk {name}", name=name),
        "software": _("there is no software {name}", name=name),
        "editions": _("there is no edition {name}", name=name),
        "files": _("{name} is neither an edition nor a platform", name=name),
        "components": _("there is no component {name}", name=name),
        "paths": _("there is no path {name}", name=name),
        "services": _("there is no service {name}", name=name),
        "settings": _("there is no setting {name}", name=name),
        "config": _("{name} is no configuration file of the instance", name=name),
    }[refers.section]


def _references(definition: Definition, reading: Reading) -> Iterator[_Refers]:
    yield from _graph(definition)
    yield from _parts(definition)
    for path, step in steps_of(definition):
        yield from _fields((*path, step.kind), step.params)
        if isinstance(step.params, steps.MergeConfig):
            yield from _several((*path, step.kind, "files"), step.params.files, "config")
    for at, before in enumerate(definition.before):
        yield from _fields(("before", at, before.kind), before.question)
    for at, after in enumerate(definition.after):
        yield from _fields(("after", at, after.kind), after.question)
    yield from _conditions(reading)


def _graph(definition: Definition) -> Iterator[_Refers]:
    for at, edge in enumerate(definition.upgrades):
        place = ("upgrades", at)
        yield _Refers((*place, "procedure"), edge.procedure, "procedures")
        yield from _several((*place, "risks"), edge.risks, "risks")
        yield from _several((*place, "editions"), edge.editions, "editions")
        yield from (_Refers((*place, "software", name), name, "software") for name in edge.software)
    for at, release in enumerate(definition.releases):
        yield from (_Refers(("releases", at, "software", name), name, "software") for name in release.software)


def _parts(definition: Definition) -> Iterator[_Refers]:
    for edition, sold in definition.editions.items():
        yield from _several(("editions", edition, "components"), sold.components, "components")
    for component, part in definition.components.items():
        yield from (_Refers(("components", component, "files", name), name, "files") for name in part.files)
    for role, names in definition.instance.roles.items():
        yield from _several(("instance", "roles", role), names, "paths")
    if definition.backup:
        yield from _several(("backup", "paths"), definition.backup.paths, "paths")


def _fields(place: Path, holder: object) -> Iterator[_Refers]:
    for field, section in REFERS.get(type(holder), {}).items():
        value = getattr(holder, field)
        if isinstance(value, str):
            yield _Refers((*place, field), value, section)
        else:
            yield from _several((*place, field), value, section)


def _conditions(reading: Reading) -> Iterator[_Refers]:
    sections = {"edition": "editions", "component": "components"}
    for path, condition in reading.conditions:
        for name, texts in condition.tests.items():
            place = (*path, name)
            if name in sections:
                yield from (_Refers(place, text.removeprefix("!"), sections[name]) for text in texts)
            elif name.startswith("setting."):
                yield _Refers(place, name.removeprefix("setting."), "settings")


def _several(place: Path, names: Iterable[str], section: str) -> Iterator[_Refers]:
    return (_Refers((*place, at), name, section) for at, name in enumerate(names))
