"""`smena product`: the definitions of products, built in or in a file that a vendor is writing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from smena.cli.complete import complete_products
from smena.cli.frame import Frame, Group, argument, option
from smena.text import Text, _, language

if TYPE_CHECKING:
    from smena.cli.output import Page
    from smena.definition.head import Head
    from smena.definition.model import Definition, Release
    from smena.definition.values import Localized
    from smena.service.products import Looked

product = Group("product", words=_("What can be upgraded: definitions of products."))


@product.command("list", words=_("The products that smena knows."))
@click.pass_obj
def list_(frame: Frame) -> None:
    from smena.service import products

    heads = products.listed(frame.home)
    rows = [(head.product, head.title[language()]) for head in heads]
    frame.out.show(
        {"products": [_head(head) for head in heads]}, lambda page: page.table([_("PRODUCT"), _("TITLE")], rows)
    )
    for head in heads:
        if head.broken:
            frame.out.remark(_("{file} is no definition; smena product check says why", file=head.file))


@product.command(
    "show",
    words=_("What smena knows of a product: versions, editions, required software."),
    examples=("smena product show comindware-platform",),
)
@argument(
    "product",
    words=_("Its name, or the file of a definition."),
    metavar=_("PRODUCT"),
    shell_complete=complete_products,
)
@click.pass_obj
def show(frame: Frame, product: str) -> None:
    from smena.service import products

    known = products.definition(product, frame.home)
    frame.out.show(products.described(known), lambda page: _show(page, known))


@product.command(
    "check",
    words=_("Everything that is wrong with definitions, at once, with file, line and field."),
    examples=("smena product check my-product.yaml",),
)
@argument("files", words=_("Definitions."), metavar=_("FILE..."), nargs=-1, required=True, type=click.Path())
@click.pass_obj
def check(frame: Frame, files: tuple[str, ...]) -> None:
    from smena.service import products

    looked = products.checked(files)
    products.judge(looked)
    result = [{"file": one.file, "product": one.product, "warnings": one.warnings} for one in looked]
    frame.out.show({"files": result}, lambda page: _checked(page, looked))


@product.command(
    "graph",
    words=_("Versions and the upgrades between them, as text or as a picture's source."),
    examples=("smena product graph comindware-platform", "smena product graph loginom-server --format dot | dot -Tsvg"),
)
@argument(
    "product",
    words=_("Its name, or the file of a definition."),
    metavar=_("PRODUCT"),
    shell_complete=complete_products,
)
@option(
    "--format",
    "form",
    words=_("What to write."),
    type=click.Choice(["text", "json", "mermaid", "dot"]),
    default="text",
)
@click.pass_obj
def graph(frame: Frame, /, product: str, form: str) -> None:
    from smena.service import graphs

    frame.out.json = frame.out.json or form == "json"
    drawn = graphs.graph_of(product, frame.home)
    if frame.out.json and form not in ("text", "json"):
        result: object = {"product": drawn.definition.product, "format": form, "source": graphs.FORMS[form](drawn)}
    else:
        result = graphs.as_json(drawn) if frame.out.json else None
    frame.out.show(result, lambda page: page.block(graphs.FORMS[form](drawn)))


def _head(head: Head) -> dict[str, object]:
    return {
        "product": head.product,
        "title": head.title[language()],
        "about": head.about[language()],
        "demo": head.demo,
        "file": head.file,
        "broken": head.broken,
    }


def _show(page: Page, known: Definition) -> None:
    from smena.service import products

    page.line(f"{known.product}: {known.title}")
    if known.about:
        page.line(str(known.about))
    page.line()
    page.table([_("VERSION"), _("REMARKS")], [(release.version, _remarks(release)) for release in known.releases])
    page.line()
    _named(page, _("Editions:"), {name: edition.title for name, edition in known.editions.items()})
    _named(page, _("Components:"), {name: component.title for name, component in known.components.items()})
    _named(page, _("Required software:"), {name: software.title for name, software in known.software.items()})
    page.line(_("Platforms: {names}", names=", ".join(products.platforms(known))))
    if known.support:
        ways = [way for way in (known.support.email, known.support.url) if way]
        page.line(_("Support: {ways}", ways=", ".join(ways)))


def _remarks(release: Release) -> str:
    remarks = [str(_("recommended"))] if release.recommended else []
    if release.withdrawn:
        remarks.append(str(_("withdrawn: {why}", why=release.withdrawn)))
    return "; ".join(remarks)


def _named(page: Page, title: Text, names: Mapping[str, Localized]) -> None:
    if names:
        page.line(title)
        for name, words in names.items():
            page.item(f"{name}: {words}")


def _checked(page: Page, looked: Sequence[Looked]) -> None:
    for one in looked:
        for warning in one.warnings:
            page.line(warning)
        count = len(one.warnings)
        page.line(_("{file}: no mistakes, warnings: {count}", file=one.file, count=count))
