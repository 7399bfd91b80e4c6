"""What every probe looks at. What cannot be read is empty here: the probe that it belongs to says so."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from smena.definition.model import Definition
from smena.drivers.nginx import Configuration, Nginx
from smena.drivers.systemd_units import unit_name, wanted_units
from smena.errors import SmenaError
from smena.host import drives, target
from smena.host.facts.init import init_system
from smena.host.facts.mounts import Mount, unmounted
from smena.host.facts.system import System, system
from smena.host.native import rights
from smena.instances import registry
from smena.instances.instance import Instance
from smena.instances.lookups import Lookups
from smena.instances.services import bare_specs
from smena.instances.world import lookups_of
from smena.intake import definitions
from smena.service import booting, runs
from smena.service.booting import Way
from smena.service.runs import Listing
from smena.text import Text, _, plain

Packages = dict[str, str]
"""The name of a package by family of Linux."""


class Scene:
    """This host, seen from one home."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.nginx = Nginx(home)
        self._lookups: dict[str, Lookups] = {}
        self._definitions: dict[str, Definition | SmenaError] = {}

    @cached_property
    def system(self) -> System:
        return system().value

    @cached_property
    def systemd(self) -> bool:
        return init_system().value == "systemd"

    @property
    def root(self) -> bool:
        """Whether this call may do everything on the host."""
        return rights.everything()

    @property
    def everything_hint(self) -> Text:
        """How to call smena so that it may do everything."""
        if target.platform() == "windows":
            return _("in a console that was opened as an administrator: {command}", command="smena doctor")
        return _("call smena as root: {command}", command="sudo smena doctor")

    @cached_property
    def way(self) -> Way | None:
        """What starts runs and starts them again at boot; None where they are processes of their own."""
        return booting.way()

    @property
    def boots_runs(self) -> bool:
        """Whether this host has something for that, if the caller may do everything."""
        return self.systemd or (init_system().value == "windows" and drives.prefix() is None)

    @cached_property
    def instances(self) -> tuple[Instance, ...]:
        """Those that are registered; none where the registry cannot be read."""
        try:
            return tuple(registry.instances(self.home))
        except SmenaError:
            return ()

    @cached_property
    def runs(self) -> Listing:
        try:
            return runs.readable(self.home)
        except SmenaError as error:
            return Listing([], [error.message])

    @cached_property
    def web(self) -> Configuration | SmenaError:
        """What nginx says of itself, asked once."""
        try:
            return self.nginx.configuration()
        except SmenaError as error:
            return error

    def units(self, instance: Instance) -> tuple[str, ...]:
        """Its units by name; none where they cannot be told."""
        if instance.driver != "systemd":
            return ()
        try:
            return tuple(unit_name(spec.unit or spec.name) for spec in bare_specs(self.lookups(instance)))
        except SmenaError:
            return ()

    @cached_property
    def wanted_units(self) -> frozenset[str]:
        """Those that a boot starts."""
        return wanted_units()

    @cached_property
    def unmounted(self) -> tuple[Mount, ...]:
        return unmounted()

    def lookups(self, instance: Instance) -> Lookups:
        """Raises what keeps the definition from being read; each file is read once."""
        found = self._lookups.get(instance.name)
        if found is None:
            found = self._lookups[instance.name] = self._lookups_of(instance)
        return found

    def _lookups_of(self, instance: Instance) -> Lookups:
        known = self._definitions.get(instance.product)
        if known is None:
            known = self._definitions[instance.product] = self._definition(instance.product)
        if isinstance(known, SmenaError):
            raise known
        return lookups_of(known, instance, self.home)

    def busy(self, instance: str) -> bool:
        """Whether a run of it is not over."""
        return any(view.run.instance == instance and not view.ended for view in self.runs.views)

    def getting(self, packages: Packages) -> Text | None:
        """The command that installs it, by the family of this host."""
        family = self.system.family
        tool = {"debian": "apt-get", "rpm": "dnf", "alt": "apt-get"}.get(family)
        return plain(f"{tool} install {packages[family]}") if tool and family in packages else None

    def _definition(self, product: str) -> Definition | SmenaError:
        try:
            return definitions.find(product, self.home)
        except SmenaError as error:
            return error
