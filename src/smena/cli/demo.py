"""`smena demo`: what smena knows already, product by product, without touching anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from smena.cli.frame import Command, Frame
from smena.cli.path import show_path
from smena.text import _, language

if TYPE_CHECKING:
    from smena.cli.output import Page
    from smena.service.tour import Sight


@click.command(
    "demo",
    cls=Command,
    words=_("Shows smena at work, without touching anything: every product's graph, and the whole way through it."),
)
@click.pass_obj
def demo(frame: Frame) -> None:
    from smena.service import tour

    sights = tour.sights(frame.home)
    frame.out.show({"products": [sight.as_json() for sight in sights]}, lambda page: _show(page, sights))


def _show(page: Page, sights: list[Sight]) -> None:
    from smena.service import graphs

    for sight in sights:
        page.line(f"== {sight.head.title[language()]}")
        page.line()
        page.line(_("Upgrades:"))
        page.block(graphs.as_text(sight.graph))
        page.line()
        page.line(_("From the oldest version to the newest:"))
        page.line()
        show_path(page, sight.path)
        page.line()
    page.line(_("More: smena path PRODUCT FROM TO, smena product show PRODUCT, smena --help"))
