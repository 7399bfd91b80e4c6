"""Names that a person or the graph would confuse: each may stand once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from smena.definition.checks import Confirm
from smena.definition.model import Definition
from smena.definition.nodes import Path
from smena.definition.reading import Reading
from smena.definition.templates import platforms_of, spec_of
from smena.definition.versions import Unreadable, key
from smena.text import Text, _

_Entry = tuple[Path, Hashable, str]
"""Where it stands, what it is compared by, how it is called."""


def check_duplicates(definition: Definition, reading: Reading) -> None:
    """Report every second one."""
    for entries, what in _groups(definition):
        first: dict[Hashable, Path] = {}
        for path, compared, name in entries:
            before = first.setdefault(compared, path)
            if name and before != path:
                line = reading.line_of(before)
                twice = _("{what} is here twice: {name}; the first is in line {line}", what=what, name=name, line=line)
                reading.wrong_at(path, twice)


def _groups(definition: Definition) -> Iterator[tuple[Iterable[_Entry], Text]]:
    yield _releases(definition), _("a version")
    yield _named(("blocked",), [block.name for block in definition.blocked]), _("a block")
    yield _named(("external",), [part.name for part in definition.external]), _("an external service")
    yield _accepted(definition), _("a name to accept")
    for platform in platforms_of(definition):
        spec = spec_of(definition, platform)
        services = [service.name for service in spec.services] if spec else []
        yield _named(("instance", platform, "services"), services), _("a service")


def _named(place: Path, names: Iterable[str]) -> Iterator[_Entry]:
    return (((*place, at, "name"), name, name) for at, name in enumerate(names))


def _releases(definition: Definition) -> Iterator[_Entry]:
    """Versions that the scheme takes for one, such as 5.0 and 5.0.0."""
    for at, release in enumerate(definition.releases):
        try:
            yield ("releases", at, "version"), key(release.version, definition.versions), release.version
        except Unreadable:
            continue  # reported with the other versions


def _accepted(definition: Definition) -> Iterator[_Entry]:
    """`--accept NAME` must mean one thing."""
    for name in definition.risks:
        yield ("risks", name), name, name
    for at, check in enumerate(definition.before):
        if isinstance(check.question, Confirm):
            yield ("before", at, "confirm", "name"), check.question.name, check.question.name
