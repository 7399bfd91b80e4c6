"""The meaning of look-ups over a whole definition: names exist, nothing goes in circles, secrets stay secret."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from smena.definition import scalars
from smena.definition.finding import Finding
from smena.definition.mistake import Wrong, nearest, short
from smena.definition.model import Definition, Platform
from smena.definition.nodes import Path, dotted
from smena.definition.reading import Reading, Written
from smena.definition.scope import Scope, upgrading_at
from smena.definition.sources import length_of, weave
from smena.definition.templates import LENGTH, names_for, names_in, platforms_of, spec_of
from smena.text import Text, _

_SECRET_PLACES = frozenset({"environment", "set", "values"})
"""A secret may be put into a file or an environment; everything else is seen by people."""


def check_lookups(definition: Definition, reading: Reading) -> list[Finding]:
    """Every look-up of the definition; what is only worth a warning is returned."""
    check = _Check(definition, reading)
    check.names()
    findings = [finding for written in reading.written for finding in check.text(written)]
    return findings + list(_families(definition))


class _Check:
    def __init__(self, definition: Definition, reading: Reading) -> None:
        self._scope = Scope(definition, reading)
        self._reading = reading
        self._platforms: tuple[Platform | None, ...] = platforms_of(definition) or (None,)
        self._weaves = {platform: weave(definition, platform) for platform in self._platforms}
        self._said: set[Path] = set()
        self._names = cache(lambda platform, upgrading: names_for(definition, platform, upgrading=upgrading))

    def names(self) -> None:
        """Circles and lengths; of each platform."""
        for found in self._weaves.values():
            for circle in found.circles:
                self._once(found.sources[circle[0]].path, _("goes in a circle: {names}", names=" → ".join(circle)))
            for name in found.too_long:
                self._once(found.sources[name].path, _("grows to more than {limit} characters", limit=LENGTH))

    def text(self, written: Written) -> Iterator[Finding]:
        """One text with its look-ups."""
        if written.kind is scalars.Regex or "${" not in written.text:
            return
        try:
            names = dict.fromkeys(names_in(written.text))
        except Wrong as wrong:
            self._reading.wrong(written.node, written.path, wrong.text, wrong.right)
            return
        for name in names:
            yield from self._exists(name, written)
            if any(name in found.made and found.made[name].secret for found in self._weaves.values()):
                self._secret(name, written)
        if any(length_of(written.text, found) > LENGTH for found in self._weaves.values()):
            self._once(written.path, _("grows to more than {limit} characters", limit=LENGTH))

    def _once(self, path: Path, what: Text) -> None:
        """What is the same on both platforms is said once, and so is what a name and its text both show."""
        if path not in self._said:
            self._said.add(path)
            self._reading.wrong_at(path, what)

    def _exists(self, name: str, written: Written) -> Iterator[Finding]:
        platforms = self._scope.platforms_at(written.path) or self._platforms
        upgrading = upgrading_at(written.path)
        missing = [platform for platform in platforms if name not in self._names(platform, upgrading)]
        if len(missing) == len(platforms):
            self._unknown(name, written, upgrading)
            return
        for platform in missing:
            yield Finding(
                name="lookup-missing",
                severity="warning",
                text=_("{name} cannot be looked up on {platform}", name=short(name), platform=str(platform)),
                line=written.node.line,
                field=dotted(written.path),
            )

    def _unknown(self, name: str, written: Written, upgrading: bool) -> None:
        platforms = self._scope.platforms_at(written.path) or self._platforms
        if any(self._blurred(name, platform) for platform in platforms):
            return
        later = frozenset().union(*(self._names(platform, True) for platform in platforms))
        if not upgrading and name in later:
            what = _("{name} can be looked up only in the steps and checks of an upgrade", name=name)
            self._reading.wrong(written.node, written.path, what)
            return
        known = frozenset().union(*(self._names(platform, upgrading) for platform in platforms))
        what = _("nothing is called {name} here", name=short(name))
        self._reading.wrong(written.node, written.path, what, nearest(name, known))

    def _blurred(self, name: str, platform: Platform | None) -> bool:
        """Whether the section that should have the name could not be read."""
        instance = ("instance", platform or "")
        places: dict[str, Path] = {
            "paths": (*instance, "paths"),
            "family": (*instance, "os-family"),
            "site": (*instance, "site"),
            "settings": ("instance", "settings"),
            "package": ("components",),
        }
        return self._reading.unread(places.get(name.partition(".")[0], ()))

    def _secret(self, name: str, written: Written) -> None:
        """Nowhere but in files and environments; so no other name can carry a secret further, either."""
        if written.kind is scalars.Argument:
            what = _("the secret {name} would stand on a command line", name=name)
            right = _("put it into a file or an environment variable")
            self._reading.wrong(written.node, written.path, what, right)
        elif written.kind is not scalars.Template or not _SECRET_PLACES & {*written.path}:
            what = _("the secret {name} would be seen in plans and logs", name=name)
            self._reading.wrong(written.node, written.path, what)


def _families(definition: Definition) -> Iterator[Finding]:
    """Every family has a value for every name, or a look-up fails on some hosts only."""
    for platform in platforms_of(definition):
        spec = spec_of(definition, platform)
        values = spec.os_family if spec else {}
        every = {name for names in values.values() for name in names}
        for family, names in values.items():
            if lacking := sorted(every - set(names)):
                yield Finding(
                    name="family-incomplete",
                    severity="warning",
                    text=_("{family} has no value for {names}", family=family, names=", ".join(lacking)),
                    line=spec.line if spec else 0,
                    field=dotted(("instance", platform, "os-family", family)),
                )
