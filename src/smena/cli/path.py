"""`smena path`: the chain of hops from one version to another, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from smena.cli.complete import complete_editions, complete_products, complete_versions
from smena.cli.frame import Command, Frame, argument, option
from smena.cli.ranges import version_range
from smena.text import Text, _

if TYPE_CHECKING:
    from smena.cli.output import Page
    from smena.definition.hop import Hop, Need, Path, RiskOn

DOWNTIME = {
    "none": _("no downtime"),
    "seconds": _("seconds of downtime"),
    "minutes": _("minutes of downtime"),
    "hours": _("hours of downtime"),
}
DATA = {"same": _("the data stays as it is"), "converted": _("the data is converted")}


@click.command(
    "path",
    cls=Command,
    words=_(
        "How to get from one version of a product to another: the hops, and what each of them asks for. "
        "When there is no way, every reason why."
    ),
    examples=("smena path comindware-platform 3.5 4.7", "smena path loginom-server 6.5.1 7.1.0 --edition team"),
)
@argument(
    "product",
    words=_("Its name, or the file of a definition."),
    metavar=_("PRODUCT"),
    shell_complete=complete_products,
)
@argument(
    "from_",
    words=_("The version that runs now: exact, or the newest that starts so."),
    metavar=_("FROM"),
    shell_complete=complete_versions,
)
@argument("to", words=_("The version wanted."), metavar=_("TO"), shell_complete=complete_versions)
@option(
    "--edition",
    words=_("The edition that is installed; conditions on it are judged then."),
    metavar=_("NAME"),
    shell_complete=complete_editions,
)
@option(
    "--platform",
    words=_("The operating system of the host; conditions on it are judged then."),
    type=click.Choice(["linux", "windows"]),
)
@click.pass_obj
def path(frame: Frame, /, product: str, from_: str, to: str, **world: str | None) -> None:
    from smena.service import graphs, paths

    found = paths.find(graphs.graph_of(product, frame.home), from_, to, **world)
    frame.out.show(found.as_json(), lambda page: show_path(page, found))


def show_path(page: Page, found: Path) -> None:
    """The path for people."""
    names = {"product": found.product, "start": found.from_, "goal": found.to}
    if not found.hops:
        page.line(_("{product}: {start} already is {goal}, there is nothing to do", **names))
        return
    page.line(_("{product}: from {start} to {goal}, hops: {count}", **names, count=len(found.hops)))
    for number, hop in enumerate(found.hops, 1):
        page.line()
        page.line(f"{number}. {hop.from_} → {hop.to}")
        for text in _about(hop):
            page.item(text)
    if found.to_get:
        page.line()
        page.line(_("Releases to get: {versions}", versions=", ".join(found.to_get)))


def _about(hop: Hop) -> list[Text]:
    """What a hop is and asks for, one sentence a line."""
    said = [
        _("{data}; {downtime}", data=DATA[hop.edge.data], downtime=DOWNTIME[hop.downtime]),
        _("procedure {name}", name=hop.procedure),
    ]
    if hop.edge.licence:
        said.append(_("new licence keys are needed before it"))
    said += [_need(need) for need in hop.software]
    said += [_risk(risk) for risk in hop.risks]
    if hop.edge.note:
        said.append(_("note: {words}", words=hop.edge.note))
    if not hop.recommended and not hop.doubts:
        said.append(_("possible, but not the way that the vendor recommends"))
    return [*said, *(_("not certain: {doubt}", doubt=doubt) for doubt in hop.doubts)]


def _need(need: Need) -> Text:
    only = len(need.versions) == 1
    names = {
        "title": need.title or need.name,
        "versions": version_range(need.versions[0]) if only else ", ".join(need.versions),
    }
    if need.out_of_support:
        return _("needs {title}, version {versions} (its vendor no longer supports it)", **names)
    return _("needs {title}, version {versions}", **names)


def _risk(risk: RiskOn) -> Text:
    if risk.certain:
        return _("risk {name}: {why}", name=risk.name, why=risk.why)
    return _("risk {name}, if it applies: {why}", name=risk.name, why=risk.why)
