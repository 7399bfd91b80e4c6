"""Application pools as services.

A pool runs when its state is Started: its worker processes come with the first request, go when nothing is asked
for long, and are exchanged now and then, so they tell no running of it from another. Stopped means the
state *and* that no worker is left, because a worker that is still finishing holds the product's files.

Auto-start says whether a boot (or a restart of IIS) starts a pool or site: the hold keeps it false. It is a value
of IIS like any other: `auto_start` reads it, `set_auto_start` sets it, and who records it also gives it back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from smena import clock, faults
from smena.drivers.iis import Iis, Pool, same
from smena.drivers.iis_answers import Element
from smena.drivers.iis_trouble import NO_CONTROL, NOT_RUNNING, RUNS_ALREADY
from smena.drivers.ports import Description, Service, ServiceState, Status
from smena.errors import IisMissing, InstanceHeld, ServiceFailed, ServiceUnknown, ServiceWillNotStop, SmenaError
from smena.host import programs
from smena.text import _, plain

STOP_LIMIT = 90.0
"""Seconds: as long as IIS itself gives a worker by default."""
_LONGEST_LOOK = 1.0
_KILLED_WITHIN = 10.0


class Left(NamedTuple):
    """What of a pool did not stop."""

    state: str
    workers: tuple[int, ...]


class IisPools:
    """The pools of this host as services of one home; a service's `pool` names it."""

    def __init__(self, home: Path, iis: Iis | None = None) -> None:
        self._home = home
        self.iis = iis or Iis(home)

    def state(self, service: Service) -> ServiceState:
        return _state(self.iis.pool(_name(service)))

    def statuses(self, services: Sequence[Service]) -> list[Status | SmenaError]:
        try:
            pools = self.iis.pools()
        except SmenaError as error:
            return [error for _service in services]
        found: list[Status | SmenaError] = []
        for service in services:
            try:
                found.append(_state(_found(pools, _name(service))).status)
            except SmenaError as error:
                found.append(error)
        return found

    def identity(self, service: Service) -> str | None:
        return self.state(service).identity

    def start(self, service: Service, *, permit: bool = False) -> None:
        if not permit and (self._home / "hold" / service.instance).exists():
            raise InstanceHeld(
                _("{service} was not started: {instance} is held", service=service.name, instance=service.instance),
                why=[_("a run is changing it, or was interrupted while it did")],
                hint=plain("smena run list"),
            )
        name = _name(service)
        with self.iis.turn(_("starting {service}", service=name)):
            if self.iis.pool(name).state != "Started":
                self.iis.command("start", "apppool", f"/apppool.name:{name}", "/xml", fine=(RUNS_ALREADY,))
        self._awaited(name, service.start_within)

    def stop(self, service: Service, *, kill: bool = False) -> None:
        name, limit = _name(service), max(STOP_LIMIT, service.stop_within)
        with self.iis.turn(_("stopping {service}", service=name)):
            if self.iis.pool(name).state not in ("Stopped", "Stopping"):
                self.iis.command("stop", "apppool", f"/apppool.name:{name}", "/xml", fine=(NOT_RUNNING, NO_CONTROL))
        faults.point("iis.pool-asked")
        left = self._left(name, limit)
        if left is not None and kill:
            for worker in left.workers:
                programs.run(["taskkill", "/F", "/PID", str(worker)])
            left = self._left(name, _KILLED_WITHIN)
        if left is not None:
            raise ServiceWillNotStop(
                _("the pool {pool} did not stop within {seconds} seconds", pool=name, seconds=limit),
                why=[_("its state is {state}", state=left.state)]
                + [_("its process w3wp.exe {pid} is still there", pid=worker) for worker in left.workers],
                state=_("it may still run"),
                hint=_("end the process if nobody needs what it does, then try again"),
            )

    def describe(self, service: Service) -> Description:
        """All that is configured of it; its state does not count."""
        name = _name(service)
        listed = self.iis.listed("apppool", f"/apppool.name:{name}", "/config:*")
        own = next(listed.below("add"), None)
        if own is None:
            raise ServiceUnknown(_("IIS has no application pool {pool}", pool=name))
        definition = hashlib.blake2b(msgspec.json.encode(_shown(own)), digest_size=16).hexdigest()
        return Description(name, (), None, None, definition=definition)

    def last_words(self, service: Service) -> str:
        """A pool says nothing itself; what there is to know are its state and its processes."""
        try:
            pool = self.iis.pool(_name(service))
        except ServiceUnknown:
            return ""
        return f"{pool.name}: {pool.state}; w3wp.exe: {', '.join(map(str, self.iis.workers(pool.name))) or '—'}"

    # -- auto-start -------------------------------------------------------------------

    def auto_start(self, pool: str) -> bool:
        """Whether a boot starts the pool."""
        listed = self.iis.listed("apppool", f"/apppool.name:{pool}", "/config:*")
        own = next((one for one in listed.below("add") if same(one.attributes.get("name", ""), pool)), None)
        if own is None:
            raise ServiceUnknown(_("IIS has no application pool {pool}", pool=pool))
        return own.attributes.get("autoStart", "true").lower() != "false"

    def set_auto_start(self, pool: str, wanted: bool) -> None:
        if self.auto_start(pool) != wanted:
            self.switch(pool, wanted)

    def switch(self, pool: str, wanted: bool) -> None:
        """The same, for who has just looked."""
        with self.iis.turn(_("the start of {service} at a boot", service=pool)):
            self.iis.set("pool", pool, f"/autoStart:{str(wanted).lower()}")

    def site_auto_start(self, site: str) -> bool:
        """Whether a boot starts the site."""
        return self.iis.site(site).auto_start

    def set_site_auto_start(self, site: str, wanted: bool) -> None:
        if self.site_auto_start(site) != wanted:
            with self.iis.turn(_("the start of {service} at a boot", service=site)):
                self.iis.set("site", site, f"/serverAutoStart:{str(wanted).lower()}")

    # -- inside -----------------------------------------------------------------------

    def _awaited(self, name: str, within: float) -> None:
        began = clock.ticks()
        while (state := self.iis.pool(name).state) != "Started":
            if clock.ticks() > began + within or state == "Stopped":
                raise ServiceFailed(
                    _("the pool {pool} did not start", pool=name),
                    why=[_("its state is {state}", state=state)],
                    hint=_("look at the System log of Windows (WAS)"),
                )
            clock.sleep(clock.next_look(clock.ticks() - began, _LONGEST_LOOK))

    def _left(self, name: str, within: float) -> Left | None:
        """None once it is stopped with all its processes; else what is left of it when the time is over."""
        began = clock.ticks()
        while True:
            left = Left(self.iis.pool(name).state, self.iis.workers(name))
            if left.state == "Stopped" and not left.workers:
                return None
            if clock.ticks() > began + within:
                return left
            clock.sleep(clock.next_look(clock.ticks() - began, _LONGEST_LOOK))


def _found(pools: Sequence[Pool], name: str) -> Pool:
    found = next((pool for pool in pools if same(pool.name, name)), None)
    if found is None:
        raise ServiceUnknown(_("IIS has no application pool {pool}", pool=name))
    return found


class PoolStarts:
    """What a boot starts of the pools, in the words of whoever holds an instance."""

    def __init__(self, home: Path, pools: IisPools | None = None) -> None:
        self._pools = pools or IisPools(home)

    def word(self, name: str) -> str | None:
        """`true` or `false`; None where there is no such pool, or no IIS."""
        try:
            return str(self._pools.auto_start(name)).lower()
        except (ServiceUnknown, IisMissing):
            return None

    def off(self, name: str) -> None:
        self._pools.switch(name, False)

    def give_back(self, name: str, word: str) -> None:
        """Only a pool that is off is ours: one that is on was switched on by somebody."""
        if word == "true" and self.word(name) == "false":
            self._pools.switch(name, True)


def _state(pool: Pool) -> ServiceState:
    if pool.state not in ("Started", "Starting"):
        return ServiceState("stopped")
    return ServiceState("running", identity=f"pool:{pool.name.casefold()}")


def _name(service: Service) -> str:
    if service.pool is None:
        raise ServiceUnknown(_("{service} is not an application pool", service=service.name))
    return service.pool


def _shown(element: Element) -> list[object]:
    return [element.tag, sorted(element.attributes.items()), [_shown(one) for one in element.inside]]
