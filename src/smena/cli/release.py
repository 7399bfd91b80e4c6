"""`smena release`: the packages of versions that are at hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smena.cli.complete import complete_products, complete_versions
from smena.cli.frame import Frame, Group, argument, asks, option
from smena.cli.said import after
from smena.errors import WrongUsage
from smena.text import _

if TYPE_CHECKING:
    from smena.cli.output import Page
    from smena.intake.releases import Added
    from smena.intake.shelf import Package
    from smena.service.releases import Version

release = Group("release", words=_("Product versions: the packages that are at hand for upgrades."))


@release.command(
    "add",
    words=_("Take packages into smena's home: copied, hashed and judged."),
    examples=(
        "smena release add 5.0-release-ru-5.0.13334.0.debian.tar.gz",
        "smena release add packages/ --product comindware-platform",
        "smena release add setup.exe --product loginom-desktop --version 7.1.0",
    ),
)
@argument("files", words=_("Packages, or folders with packages."), metavar=_("FILE..."), nargs=-1, required=True)
@option(
    "--product",
    words=_("Whose package it is; without it the file's name tells."),
    metavar=_("PRODUCT"),
    shell_complete=complete_products,
)
@option("--version", words=_("The version, where the file's name does not say it."), metavar=_("VERSION"))
@option("--component", words=_("The component, where the file's name does not say it."), metavar=_("COMPONENT"))
@option("--for", "variant", words=_("The edition or platform that it is for."), metavar=_("EDITION"))
@click.pass_obj
def add(
    frame: Frame,
    /,
    files: tuple[str, ...],
    *,
    product: str | None,
    version: str | None,
    component: str | None,
    variant: str | None,
) -> None:
    from smena.intake.naming import Said
    from smena.service import releases

    said = Said(version, component, variant)
    added: list[Added] = []
    for file in files:
        with after(one.package.file for one in added):
            added += releases.add(frame.home, Path(file), product=product, said=said)
    frame.out.show({"packages": [_added_value(one) for one in added]}, lambda page: _show_added(page, added))


@release.command(
    "list",
    words=_("Versions with their packages and the instances that run them."),
    examples=("smena release list", "smena release list comindware-platform --check"),
)
@argument(
    "product", words=_("Only of this product."), metavar=_("PRODUCT"), required=False, shell_complete=complete_products
)
@option("--check", words=_("Read every package and compare its hash."), is_flag=True)
@click.pass_obj
def list_(frame: Frame, /, product: str | None, check: bool) -> None:
    from smena.service import releases

    found = releases.listed(frame.home, product, thoroughly=check)
    frame.out.show({"versions": [_version_value(one) for one in found]}, lambda page: _show_versions(page, found))


@release.command(
    "remove",
    words=_("Remove the packages of a version that nothing needs any more."),
    examples=("smena release remove comindware-platform 4.2",),
)
@argument("product", words=_("The product."), metavar=_("PRODUCT"), shell_complete=complete_products)
@argument("version", words=_("The version."), metavar=_("VERSION"), shell_complete=complete_versions)
@option("--component", words=_("Only of this component."), metavar=_("COMPONENT"))
@asks()
@click.pass_obj
def remove(frame: Frame, /, product: str, version: str, component: str | None) -> None:
    from smena.service import releases

    if not frame.confirmed(_("Remove the packages of {product} {version}?", product=product, version=version)):
        raise WrongUsage(_("not removed: you said no"), state=_("nothing was changed"))
    removed = releases.remove(frame.home, product, version, component=component)
    frame.out.show({"removed": [_package_value(one) for one in removed]}, lambda page: _show_removed(page, removed))


def _package_value(package: Package) -> dict[str, object]:
    return {
        "product": package.product,
        "version": package.version,
        "component": package.component,
        "for": package.variant,
        "file": package.file,
        "sha256": package.sha256,
        "size": package.size,
        "unpacked": package.unpacked,
        "source": package.source,
        "added": package.added,
    }


def _added_value(one: Added) -> dict[str, object]:
    return {**_package_value(one.package), "new": one.new}


def _version_value(one: Version) -> dict[str, object]:
    return {
        "product": one.product,
        "version": one.version,
        "packages": [{**_package_value(held.package), "state": held.state} for held in one.packages],
        "instances": one.instances,
    }


def _show_added(page: Page, added: list[Added]) -> None:
    for one in added:
        package = one.package
        said = {"product": package.product, "version": package.version, "component": package.component}
        if one.new:
            page.line(_("{product} {version}: {component} is at hand", **said))
        else:
            page.line(_("{product} {version}: {component} was at hand already", **said))
        page.item(_("{file}, SHA-256 {hash}", file=package.file, hash=package.sha256))


def _show_versions(page: Page, found: list[Version]) -> None:
    from smena.cli.sizes import size_words

    if not found:
        page.line(_("There is no package yet. Add one: smena release add FILE"))
        return
    states = {"there": _("at hand"), "missing": _("gone"), "changed": _("not what was added")}
    rows: list[list[object]] = []
    for one in found:
        first: list[object] = [one.product, one.version, len(one.instances)]
        for held in one.packages:
            package = held.package
            rows.append([*first, package.component, package.file, size_words(package.size), states[held.state]])
            first = ["", "", ""]
        if not one.packages:
            rows.append([*first, "–", "–", "–", _("no package")])
    heads = [_("PRODUCT"), _("VERSION"), _("INSTANCES"), _("COMPONENT"), _("PACKAGE"), _("SIZE"), _("STATE")]
    page.table(heads, rows)


def _show_removed(page: Page, removed: list[Package]) -> None:
    for package in removed:
        page.line(_("{file} is removed", file=package.file))
