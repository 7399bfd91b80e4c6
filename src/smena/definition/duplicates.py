"""Names that a person or the graph would confuse: each may stand once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator

from smena.definition.checks import Confirm
from smena.definition.model import Definition
from smena.definition.nodes import Path
from smena.definition.reading import Reading
from smena.definition.templates import platforms_of, spec_of
from smena.definition.versions import Unreadable, key
from smena.text import Text, _

_Entry = tuple[Path, Hashable, str]
"""Where it stands, what it is compared by, how it is called."""

_Twice = Callable[[str, int], Text]
"""The sentence, for the name and the line of the first."""


def check_duplicates(definition: Definition, reading: Reading) -> None:
    """Report every second one."""
    for entries, twice in _groups(definition):
        first: dict[Hashable, Path] = {}
        for path, compared, name in entries:
            before = first.setdefault(compared, path)
            if name and before != path:
                reading.wrong_at(path, twice(name, reading.line_of(before)))


def _groups(definition: Definition) -> Iterator[tuple[Iterable[_Entry], _Twice]]:
    yield (
        _releases(definition),
        lambda name, line: _("the version {name} is here twice; the first is in line {line}", name=name, line=line),
    )
    yield (
        _named(("blocked",), [block.name for block in definition.blocked]),
        lambda name, line: _("the block {name} is here twice; the first is in line {line}", name=name, line=line),
    )
    yield (
        _named(("external",), [part.name for part in definition.external]),
        lambda name, line: _("the service {name} is here twice; the first is in line {line}", name=name, line=line),
    )
    yield (
        _accepted(definition),
        lambda name, line: _("something else is accepted as {name} already, in line {line}", name=name, line=line),
    )
    for platform in platforms_of(definition):
        spec = spec_of(definition, platform)
        yield (
            _named(("instance", platform, "services"), [service.name for service in spec.services] if spec else []),
            lambda name, line: _("the service {name} is here twice; the first is in line {line}", name=name, line=line),
        )


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
