"""An application of IIS with its folder and its pool, as plain values: read, compared, and set so again.

Installers make, change and take away such applications, and with them what an administrator had set. Left out are the
password of a pool's account, which nobody may see on a command line, and auto-start, which belongs to the hold. What a
pool holds as a list (times of recycling, variables) is not read either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smena.drivers.iis import Iis, same
from smena.drivers.iis_answers import Element
from smena.text import _

FOLDER, POOL = "folder", "pool"
_OF_POOL = "pool."
ACCOUNT = "pool.processModel.userName"
_NOT_OURS = frozenset(("name", "autostart"))
_SECRET = "password"  # noqa: S105 - the name of a value, which is left out
_LISTED = "add"


def values(iis: Iis, application: str, pool: str) -> dict[str, str]:
    """What there is of it now; nothing of what is not there."""
    found: dict[str, str] = {}
    app = next((one for one in iis.apps() if same(one.name, application)), None)
    if app is not None:
        found[POOL] = app.pool
        found[FOLDER] = iis.folder(f"{application}/").path
    listed = iis.listed("apppool", "/config:*").all("APPPOOL")
    own = next((one for one in listed if same(one.attributes["APPPOOL.NAME"], pool)), None)
    if own is not None:
        found |= {f"{_OF_POOL}{name}": value for one in own.all(_LISTED) for name, value in _inside(one, "")}
    return found


def has_pool(found: Mapping[str, str]) -> bool:
    return any(name.startswith(_OF_POOL) for name in found)


def set_so(iis: Iis, application: str, pool: str, wanted: Mapping[str, str]) -> None:
    """Have it so, value by value; can be repeated. What there was none of is left."""
    with iis.turn(_("the application {application}", application=application)):
        now = values(iis, application, pool)
        if has_pool(wanted) and not has_pool(now):
            iis.add("pool", f"/name:{pool}")
            now |= values(iis, application, pool)
        differing = {name: value for name, value in wanted.items() if now.get(name) != value}
        of_pool = [f"/{name.removeprefix(_OF_POOL)}:{v}" for name, v in differing.items() if name.startswith(_OF_POOL)]
        if of_pool:
            iis.set("pool", pool, *of_pool)
        if FOLDER in wanted and FOLDER not in now:
            site, _slash, path = application.partition("/")
            iis.add("app", f"/site.name:{site}", f"/path:/{path}", f"/physicalPath:{wanted[FOLDER]}")
        elif FOLDER in differing:
            iis.set("folder", iis.folder(f"{application}/").name, f"/physicalPath:{wanted[FOLDER]}")
        if POOL in differing:
            iis.set("app", application, f"/applicationPool:{wanted[POOL]}")


def _inside(element: Element, above: str) -> Iterator[tuple[str, str]]:
    for name, value in element.attributes.items():
        if name.casefold() not in _NOT_OURS and name.casefold() != _SECRET:
            yield f"{above}{name}", value
    for one in element.inside:
        if one.tag != _LISTED:
            yield from _inside(one, f"{above}{one.tag}.")
