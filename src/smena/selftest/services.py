"""What every way of running services keeps to. A world is a `ServiceWorld`."""

from __future__ import annotations

import re

import msgspec

from smena.drivers.ports import Service
from smena.errors import InstanceHeld, ServiceUnknown, ServiceWillNotStop
from smena.host.native import processes
from smena.selftest.case import Suite
from smena.selftest.expect import holds, refused, same, until
from smena.selftest.service_worlds import ServiceWorld as World
from smena.text import _

SUITE = Suite()


def said(world: World, service: Service) -> re.Match[str]:
    """What the program says once it is up: its number, its child's, its greeting and its folder."""
    pattern = re.compile(r"up (\d+) (\d+) (\S*) (\S+)")
    until(lambda: pattern.search(world.services.last_words(service)))
    return list(pattern.finditer(world.services.last_words(service)))[-1]


def kill(pid: int) -> None:
    who = processes.identity(pid)
    if who is not None:
        processes.end(who, force=True)


def gone(pid: int) -> bool:
    """Ended; whether the first process of this machine has collected it already is not the driver's doing."""
    return not processes.runs(pid)


@SUITE.case(_("one that was never started is stopped"))
def never_started(world: World) -> None:
    service = world.service()
    same(world.services.state(service).status, "stopped")
    same(world.services.identity(service), None)
    same(world.services.last_words(service), "")
    world.services.stop(service)


@SUITE.case(_("started it runs, stopped it is gone"))
def started_and_stopped(world: World) -> None:
    service = world.service(GREETING="hello")
    world.services.start(service)
    words = said(world, service)
    state = world.services.state(service)
    same((state.status, state.pid), ("running", int(words[1])))
    same((words[3], words[4]), ("hello", str(world.root)))
    holds(state.since is not None, "it is told since when it runs")
    world.services.stop(service)
    same(world.services.state(service).status, "stopped")
    holds(gone(int(words[1])), "its process is gone")


@SUITE.case(_("starting twice starts once"))
def started_twice(world: World) -> None:
    service = world.service()
    world.services.start(service)
    first = world.services.identity(service)
    world.services.start(service)
    same(world.services.identity(service), first)


@SUITE.case(_("each running of it has an identity of its own"))
def identities(world: World) -> None:
    service, seen = world.service(), set()
    for _turn in range(2):
        world.services.start(service)
        seen.add(world.services.identity(service))
        world.services.stop(service)
    holds(len(seen) == 2 and None not in seen, "two identities")


@SUITE.case(_("one that died is said to have died, and can be started again"))
def died(world: World) -> None:
    service = world.service()
    world.services.start(service)
    kill(int(said(world, service)[1]))
    until(lambda: world.services.state(service).status == "died")
    same(world.services.identity(service), None)
    world.services.start(service)
    same(world.services.state(service).status, "running")


@SUITE.case(_("the last words of one that ended by itself are told"))
def last_words(world: World) -> None:
    service = world.service("short")
    world.services.start(service)
    until(lambda: world.services.state(service).status == "died")
    holds("gone at once" in world.services.last_words(service), "its last words")


@SUITE.case(_("stopping waits for an orderly end"))
def orderly_end(world: World) -> None:
    service = world.service("slow")
    world.services.start(service)
    pid = int(said(world, service)[1])
    world.services.stop(service)
    holds(gone(pid), "its process is gone")


@SUITE.case(_("one that will not stop is named and goes on"))
def stubborn(world: World) -> None:
    service = world.service("stubborn", stop_within=0.3)
    world.services.start(service)
    pid = said(world, service)[1]
    with refused(ServiceWillNotStop, f"process {pid}"):
        world.services.stop(service)
    same(world.services.state(service).status, "running")
    world.services.stop(service, kill=True)
    holds(gone(int(pid)), "killed it is gone")


@SUITE.case(_("its children are stopped with it"))
def children(world: World) -> None:
    service = world.service("parent")
    world.services.start(service)
    words = said(world, service)
    world.services.stop(service)
    same((gone(int(words[1])), gone(int(words[2]))), (True, True))


@SUITE.case(_("the children of one that died are stopped too"))
def orphans(world: World) -> None:
    service = world.service("parent")
    world.services.start(service)
    words = said(world, service)
    kill(int(words[1]))
    until(lambda: world.services.state(service).status == "died")
    world.services.stop(service)
    holds(gone(int(words[2])), "its child is gone")
    same(world.services.state(service).status, "stopped")


@SUITE.case(_("a held instance starts only with the permit"))
def held(world: World) -> None:
    service = world.service()
    world.hold()
    with refused(InstanceHeld):
        world.services.start(service)
    same(world.services.state(service).status, "stopped")
    world.services.start(service, permit=True)
    same(world.services.state(service).status, "running")


@SUITE.case(_("a held instance can be stopped"))
def held_stopped(world: World) -> None:
    service = world.service()
    world.services.start(service)
    world.hold()
    world.services.stop(service)
    same(world.services.state(service).status, "stopped")


@SUITE.case(_("the description tells when a service was changed"))
def described(world: World) -> None:
    service = world.service()
    first = world.services.describe(service)
    same(world.services.describe(service), first)
    holds(world.services.describe(world.changed(service)).definition != first.definition, "it differs")


@SUITE.case(_("many are asked at once, and each has its own answer"))
def many(world: World) -> None:
    running, stopped, dead = (world.service() for _number in range(3))
    bad = msgspec.structs.replace(stopped, name="no/name")
    for service in (running, dead):
        world.services.start(service)
    kill(int(said(world, dead)[1]))
    until(lambda: world.services.state(dead).status == "died")
    found = world.services.statuses([stopped, running, bad, dead, running])
    holds(isinstance(found.pop(2), ServiceUnknown), "a name that is none is refused alone")
    same(found, ["stopped", "running", "died", "running"])
    same(world.services.statuses([]), [])
