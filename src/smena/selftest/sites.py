"""What is promised of sites: users see the product or the page, and the configuration is never left broken.

A world is a `SiteWorld`: an nginx of its own with one site.
"""

from __future__ import annotations

from threading import Event, Thread

from smena.errors import SiteConfigBroken, SiteFailed, SiteUnknown
from smena.selftest.case import Suite
from smena.selftest.expect import holds, refused, same, until
from smena.selftest.site_worlds import PRODUCT, SiteWorld
from smena.text import _

SUITE = Suite()
_BROKEN = "server { listen 1.2.3.4.5; }\n"
_PAGE = "Идёт обновление"


@SUITE.case(_("users see the maintenance page, and then the product again"))
def page(world: SiteWorld) -> None:
    world.start()
    before = world.picture()
    world.pages.up(world.site)
    answer = world.ask()
    same((answer.status, _PAGE in answer.body), (503, True))
    world.pages.down(world.site)
    same((world.ask().body, world.picture()), (PRODUCT, before))


@SUITE.case(_("a page that is up already stays, and one that is down stays down"))
def twice(world: SiteWorld) -> None:
    world.start()
    before = world.picture()
    for _turn in range(2):
        world.pages.up(world.site)
        same(world.ask().status, 503)
    for _turn in range(2):
        world.pages.down(world.site)
        same(world.ask().body, PRODUCT)
    same(world.picture(), before)


@SUITE.case(_("whoever asks without a pause sees the product or the page, and nothing else"))
def nothing_else(world: SiteWorld) -> None:
    world.start()
    seen: set[str] = set()
    over = Event()

    def visit() -> None:
        while not over.is_set():
            answer = world.ask()
            known = {200: answer.body, 503: "page" if _PAGE in answer.body else answer.body}
            if answer.status or world.ask().status == 0:  # closed before it was asked, as a reload may do: asked again
                seen.add(known.get(answer.status, str(answer.words)))

    visitor = Thread(target=visit, daemon=True)
    visitor.start()
    try:
        for _turn in range(3):
            world.pages.up(world.site)
            world.pages.down(world.site)
        until(lambda: PRODUCT in seen)
    finally:
        over.set()
        visitor.join(20)
    holds(seen <= {PRODUCT, "page"}, f"nothing else is seen: {sorted(seen)}")


@SUITE.case(_("a configuration that is broken before us is refused and left as it is"))
def broken_before(world: SiteWorld) -> None:
    world.start()
    (world.enabled / f"other{world.ending}").write_text(_BROKEN, "utf-8")
    before = world.picture()
    with refused(SiteConfigBroken, "1.2.3.4.5"):
        world.pages.up(world.site)
    same((world.picture(), world.ask().body), (before, PRODUCT))


@SUITE.case(_("a page that nginx refuses is taken back"))
def page_refused(world: SiteWorld) -> None:
    """The log's name comes from a variable that the site sets, which the page leaves out."""
    world.write(f'    set $log_name "x";\n    access_log {world.folder}/$log_name.log;')
    world.start()
    before = world.picture()
    with refused(SiteFailed, "log_name"):
        world.pages.up(world.site)
    same((world.picture(), world.ask().body), (before, PRODUCT))


@SUITE.case(_("a new site that nginx refuses is not opened"))
def site_refused(world: SiteWorld) -> None:
    world.start()
    world.pages.up(world.site)
    world.file.write_text(_BROKEN, "utf-8")
    try:
        world.pages.down(world.site)
    except (SiteFailed, SiteConfigBroken):
        pass
    else:
        holds(False, "it is refused")
    same((world.file.read_text("utf-8"), world.ask().status), (_BROKEN, 503))


@SUITE.case(_("a site that came while the page was up is left as it is"))
def new_site(world: SiteWorld) -> None:
    world.start()
    world.pages.up(world.site)
    world.write(product="the new product")
    world.pages.down(world.site)
    same(world.ask().body, "the new product")


@SUITE.case(_("a site that nginx does not read is named"))
def not_read(world: SiteWorld) -> None:
    world.read_as.rename(world.read_as.with_name(".away"))
    same(world.nginx.configuration().files[1:], ())
    with refused(SiteUnknown):
        world.pages.up(world.site)
