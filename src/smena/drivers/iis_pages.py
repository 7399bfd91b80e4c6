"""An instance's whole IIS site closed to users, and open to the checks behind it.

While it is closed the site itself listens on the loopback address only, where its probe asks. Its own bindings
belong meanwhile to a site of ours whose application pool is never started: IIS answers 503 there by itself, with no
process of the product. Rules:
- *Register before touching*: `HOME/pages/INSTANCE.json` holds the bindings before anything changes, and goes last.
- Only bindings that smena put there are taken away, and only those that it took are given back: what somebody
  else added meanwhile stays. Where ours is gone and the old ones are not back, a person decides.
- Both directions can be repeated after a death at any instant.

A part of a site that others share is never closed so: stopping its pool gives 503 for it alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from smena import faults
from smena.drivers.closed_sites import ClosedSites
from smena.drivers.iis import Binding, Iis, same
from smena.errors import IisChanged, IisFailed
from smena.host.paths import encode
from smena.text import _


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """Which site is closed for whom, and where its probe asks."""

    instance: str
    site: str
    probe: str


class Register(msgspec.Struct, frozen=True, kw_only=True):
    """What the site listened on, and what it listens on while it is closed."""

    site: str
    taken: tuple[Binding, ...]
    ours: Binding
    added: bool
    """Ours was not among its own."""


class IisPages:
    """All closed sites of one home."""

    def __init__(self, home: Path, iis: Iis | None = None) -> None:
        self._closed = ClosedSites(home, Register)
        self.iis = iis or Iis(home)

    def up(self, closing: Closing) -> None:
        """Users meet 503 when this returns; what answers the probe still does."""
        with self.iis.turn(_("the maintenance page of {instance}", instance=closing.instance)):
            known = self._closed.known(closing.instance) or self._register(closing)
            self._swap(known.site, away=known.taken, there=(known.ours,))
            faults.point("iis.bindings-taken")
            self._closed_site(closing, known)

    def down(self, closing: Closing) -> None:
        """Users come to the site when this returns. Where nothing was closed, nothing is done."""
        with self.iis.turn(_("the site of {instance}", instance=closing.instance)):
            known = self._closed.known(closing.instance)
            if known is None:
                return
            self._refuse_if_replaced(known)
            self._delete_closed(closing)
            faults.point("iis.closed-deleted")
            self._swap(known.site, away=(known.ours,) if known.added else (), there=known.taken)
            faults.point("iis.bindings-back")
            self._closed.forget(closing.instance)

    def is_up(self, closing: Closing) -> bool:
        """Whether the site is closed, or began to be."""
        return self._closed.known(closing.instance) is not None

    # -- inside ---------------------------------------------------------------------

    def _register(self, closing: Closing) -> Register:
        site = self.iis.site(closing.site)
        ours = behind(closing.probe)
        known = Register(
            site=site.name,
            taken=tuple(binding for binding in site.bindings if not _like(binding, ours)),
            ours=ours,
            added=not any(_like(binding, ours) for binding in site.bindings),
        )
        self._closed.add(closing.instance, known)
        faults.point("iis.registered")
        return known

    def _swap(self, site: str, *, away: Sequence[Binding], there: Sequence[Binding]) -> None:
        """In one commit; what is as wanted already is left alone."""
        now = self.iis.site(site).bindings
        changes = [_removed(one) for one in now if any(_like(one, other) for other in away)]
        changes += [_added(one) for one in there if not any(_like(one, other) for other in now)]
        if changes:
            self.iis.set("site", site, *changes)

    def _closed_site(self, closing: Closing, known: Register) -> None:
        name = _closed(closing)
        if not any(same(pool.name, name) for pool in self.iis.pools()):
            self.iis.add("pool", f"/name:{name}", "/autoStart:false")
        if not any(same(site.name, name) for site in self.iis.sites()):
            self.iis.add("site", f"/name:{name}", f"/physicalPath:{encode(self._closed.folder)}")
        faults.point("iis.closed-added")
        self.iis.set("app", f"{name}/", f"/applicationPool:{name}")
        self._swap(name, away=(), there=known.taken)
        self.iis.start_site(name)
        state = self.iis.site(name).state
        if state != "Started":
            raise IisFailed(
                _("the maintenance page of {instance} does not come up", instance=closing.instance),
                why=[_("its state is {state}", state=state)],
            )

    def _delete_closed(self, closing: Closing) -> None:
        name = _closed(closing)
        if any(same(site.name, name) for site in self.iis.sites()):
            self.iis.delete("site", name)
        if any(same(pool.name, name) for pool in self.iis.pools()):
            self.iis.delete("pool", name)

    def _refuse_if_replaced(self, known: Register) -> None:
        now = self.iis.site(known.site).bindings
        stands = any(_like(one, known.ours) for one in now)
        back = all(any(_like(one, other) for other in now) for one in known.taken)
        if not stands and not back:
            wanted = ", ".join(shown(one) for one in known.taken)
            raise IisChanged(
                _("somebody else changed the bindings of the site {site}", site=known.site),
                why=[
                    _("they are {now}", now=", ".join(shown(one) for one in now) or "—"),
                    _("before the upgrade they were {before}", before=wanted),
                ],
                state=_("they were left as they are"),
                hint=_("set them as they were, then: smena run list"),
            )


def behind(probe: str) -> Binding:
    """Where a site listens that only this host can ask."""
    parts = urlsplit(probe)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return Binding(parts.scheme, f"127.0.0.1:{port}:")


def shown(binding: Binding) -> str:
    return f"{binding.protocol}/{binding.information}"


def _closed(closing: Closing) -> str:
    return f"smena-maintenance-{closing.instance}"


def _like(one: Binding, other: Binding) -> bool:
    return same(one.protocol, other.protocol) and same(one.information, other.information)


def _removed(one: Binding) -> str:
    return f"/-bindings.[protocol='{one.protocol}',bindingInformation='{one.information}']"


def _added(one: Binding) -> str:
    flags = "" if one.flags in ("", "0") else f",sslFlags='{one.flags}'"
    return f"/+bindings.[protocol='{one.protocol}',bindingInformation='{one.information}'{flags}]"
