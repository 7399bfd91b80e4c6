"""Releases: their packages are added, listed with the instances that use them, and removed when nothing needs them.

A version that an instance runs keeps its package: the next upgrade compares the
administrator's configuration with the defaults in it. So does every version in the plan of a
run that is not over. Where it cannot be told what an instance runs, its product's packages stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from smena.definition.model import Definition
from smena.definition.versions import Unreadable, key
from smena.errors import FileMissing, PackageInUse, PackageUnfit, SmenaError
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.instances import registry
from smena.instances.look import look
from smena.intake import definitions, releases, shelf
from smena.intake.file_names import named
from smena.intake.naming import Said
from smena.intake.releases import Added
from smena.intake.shelf import Package, State
from smena.plan.model import decode as read_plan
from smena.service import runs
from smena.service.catalog import catalog
from smena.text import Text, _, plain


class Held(NamedTuple):
    """A package and whether its file is still what was added."""

    package: Package
    state: State


class Version(NamedTuple):
    """One version of a product: what of it is here, and who uses it."""

    product: str
    version: str
    packages: tuple[Held, ...] = ()
    instances: tuple[str, ...] = ()


class Use(NamedTuple):
    """What an instance runs; None where that cannot be told."""

    instance: str
    product: str
    version: str | None


def add(home: Path, file: Path, *, product: str | None = None, said: Said | None = None) -> list[Added]:
    """Add a package, or those in a folder; without a product, of the one whose file names fit."""
    definition = definitions.find(product, home) if product else _fitting(home, file)
    return releases.add(home, definition, file, said)


def listed(home: Path, product: str | None = None, *, thoroughly: bool = False) -> list[Version]:
    """Every version of which something is here, or that an instance runs. `thoroughly` reads every package."""
    order = _Order(home)
    rows: dict[tuple[str, Any], Version] = {}

    def row(of: str, version: str) -> Version:
        return rows.setdefault(order.place(of, version), Version(of, version))

    for package in releases.listed(home, product):
        held = Held(package, shelf.state(home, package, thoroughly=thoroughly))
        one = row(package.product, package.version)
        rows[order.place(*one[:2])] = one._replace(packages=(*one.packages, held))
    for use in used(home, product):
        if use.version is not None:
            one = row(use.product, use.version)
            rows[order.place(*one[:2])] = one._replace(instances=(*one.instances, use.instance))
    if product is not None and not rows:
        definitions.find(product, home)  # a name that nobody knows is an error, not an empty list
    return [rows[place] for place in sorted(rows)]


def remove(home: Path, product: str, version: str, *, component: str | None = None) -> list[Package]:
    """Remove the packages of a version that nothing needs any more."""
    packages = releases.chosen(home, product, version, component=component)
    order = _Order(home)
    why = [*_instances_on(home, order, packages), *_plans_with(home, packages)]
    if why:
        raise PackageInUse(
            _("the packages of {product} {version} are still needed", product=product, version=version),
            why=why,
            state=_("nothing was changed"),
            hint=plain("smena instance list"),
        )
    releases.remove(home, packages)
    return packages


def used(home: Path, product: str | None = None) -> Iterator[Use]:
    """What each instance runs, measured now."""
    for instance in registry.instances(home):
        if product not in (None, instance.product):
            continue
        try:
            version = look(definitions.find(instance.product, home), instance, home).version
        except SmenaError:  # no definition any more: nobody can tell
            version = None
        yield Use(instance.name, instance.product, version)


class _Order:
    """Versions by their product's scheme; as text where there is no definition any more."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._definitions: dict[str, Definition | None] = {}

    def place(self, product: str, version: str) -> tuple[str, Any]:
        """Sorts, and is the same for two ways of writing one version."""
        definition = self._definition(product)
        try:
            return (product, (0, key(version, definition.versions), "")) if definition else (product, (1, (), version))
        except Unreadable:
            return (product, (1, (), version))

    def _definition(self, product: str) -> Definition | None:
        if product not in self._definitions:
            try:
                self._definitions[product] = definitions.find(product, self._home)
            except SmenaError:
                self._definitions[product] = None
        return self._definitions[product]


def _instances_on(home: Path, order: _Order, packages: Iterable[Package]) -> Iterator[Text]:
    places = {order.place(package.product, package.version) for package in packages}
    for use in used(home, next(iter(places))[0]):
        if use.version is None:
            yield _("it cannot be told which version {instance} runs", instance=use.instance)
        elif order.place(use.product, use.version) in places:
            yield _("{instance} runs {version}", instance=use.instance, version=use.version)


def _plans_with(home: Path, packages: Iterable[Package]) -> Iterator[Text]:
    paths = {f"package:{encode(package.path(home))}" for package in packages}
    for one in runs.listed(home):
        if not one.ended and paths & read_plan(one.run.plan).hashes.keys():
            yield _("run {run} of {instance} is not over", run=one.run.id, instance=one.run.instance)


def _fitting(home: Path, file: Path) -> Definition:
    """The product whose packages are called so; of several the one with the longest pattern, as within a product."""
    with telling(_("cannot read {path}", path=encode(file))):
        if not file.exists():
            raise FileMissing(_("there is no file {path}", path=encode(file)))
        files = [path.name for path in file.iterdir()] if file.is_dir() else [file.name]
    known = catalog(home)
    lengths = [max((fit.length for name in files if (fit := named(one, name))), default=0) for one in known.definitions]
    longest = max(lengths, default=0)
    best = [one for one, length in zip(known.definitions, lengths, strict=True) if length == longest and length]
    if len(best) == 1:
        return best[0]
    products = ", ".join(str(one.product) for one in best or known.definitions)
    fits = _("its name fits packages of {products}", products=products)
    raise PackageUnfit(
        _("it cannot be told which product {file} is of", file=encode(file.name)),
        why=[fits if best else _("its name fits no package of {products}", products=products), *known.troubles],
        hint=_("smena release add {file} --product PRODUCT", file=encode(file)),
    )
