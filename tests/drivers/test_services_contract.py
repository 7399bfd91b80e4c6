"""What every way of running services keeps to."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
import pytest

from smena import clock
from smena.drivers.ports import Service
from smena.errors import InstanceHeld, ServiceUnknown, ServiceWillNotStop
from smena.host.native import processes

if TYPE_CHECKING:
    from drivers.conftest import World


def until(question: Callable[[], object], seconds: float = 10.0) -> None:
    deadline = clock.ticks() + seconds
    while not question():
        assert clock.ticks() < deadline, "it did not happen in time"
        clock.sleep(0.01)


def said(world: World, service: Service) -> re.Match[str]:
    """What the program says once it is up: its number, its child's, its greeting and its folder."""
    pattern = re.compile(r"up (\d+) (\d+) (\S*) (\S+)")
    until(lambda: pattern.search(world.services.last_words(service)))
    found = list(pattern.finditer(world.services.last_words(service)))
    return found[-1]


def gone(pid: int) -> bool:
    """Ended; whether the first process of this machine has collected it already is not the driver's doing."""
    return not processes.runs(pid)


def test_one_that_was_never_started_is_stopped(world: World) -> None:
    service = world.service()
    assert world.services.state(service).status == "stopped"
    assert world.services.identity(service) is None
    assert world.services.last_words(service) == ""
    world.services.stop(service)


def test_started_it_runs_stopped_it_is_gone(world: World) -> None:
    service = world.service(GREETING="hello")
    world.services.start(service)
    words = said(world, service)
    state = world.services.state(service)
    assert (state.status, state.pid) == ("running", int(words[1]))
    assert (words[3], words[4]) == ("hello", str(world.root))
    assert state.since is not None
    world.services.stop(service)
    assert world.services.state(service).status == "stopped"
    assert gone(int(words[1]))


def test_starting_twice_starts_once(world: World) -> None:
    service = world.service()
    world.services.start(service)
    first = world.services.identity(service)
    world.services.start(service)
    assert world.services.identity(service) == first


def test_each_running_has_its_own_identity(world: World) -> None:
    service = world.service()
    seen = set()
    for _turn in range(2):
        world.services.start(service)
        seen.add(world.services.identity(service))
        world.services.stop(service)
    assert len(seen) == 2
    assert None not in seen


def test_one_that_died_is_said_to_have_died(world: World) -> None:
    service = world.service()
    world.services.start(service)
    pid = int(said(world, service)[1])
    os.kill(pid, 9)
    until(lambda: world.services.state(service).status == "died")
    assert world.services.identity(service) is None
    world.services.start(service)
    assert world.services.state(service).status == "running"


def test_the_last_words_of_one_that_ended_by_itself(world: World) -> None:
    service = world.service("short")
    world.services.start(service)
    until(lambda: world.services.state(service).status == "died")
    assert "gone at once" in world.services.last_words(service)


def test_stopping_waits_for_an_orderly_end(world: World) -> None:
    service = world.service("slow")
    world.services.start(service)
    pid = int(said(world, service)[1])
    world.services.stop(service)
    assert gone(pid)


def test_one_that_will_not_stop_is_named_and_goes_on(world: World) -> None:
    service = world.service("stubborn", stop_within=0.3)
    world.services.start(service)
    pid = said(world, service)[1]
    with pytest.raises(ServiceWillNotStop) as caught:
        world.services.stop(service)
    assert f"process {pid}" in str(caught.value.why[0])
    assert world.services.state(service).status == "running"
    world.services.stop(service, kill=True)
    assert gone(int(pid))


def test_children_are_stopped_with_it(world: World) -> None:
    service = world.service("parent")
    world.services.start(service)
    words = said(world, service)
    world.services.stop(service)
    assert gone(int(words[1]))
    assert gone(int(words[2]))


def test_children_of_one_that_died_are_stopped_too(world: World) -> None:
    service = world.service("parent")
    world.services.start(service)
    words = said(world, service)
    os.kill(int(words[1]), 9)
    until(lambda: world.services.state(service).status == "died")
    world.services.stop(service)
    assert gone(int(words[2]))
    assert world.services.state(service).status == "stopped"


def test_a_held_instance_starts_only_with_the_permit(world: World) -> None:
    service = world.service()
    world.hold("N")
    with pytest.raises(InstanceHeld):
        world.services.start(service)
    assert world.services.state(service).status == "stopped"
    world.services.start(service, permit=True)
    assert world.services.state(service).status == "running"


def test_a_held_instance_can_be_stopped(world: World) -> None:
    service = world.service()
    world.services.start(service)
    world.hold("N")
    world.services.stop(service)
    assert world.services.state(service).status == "stopped"


def test_the_description_tells_when_the_definition_changed(world: World) -> None:
    service = world.service()
    described = world.services.describe(service)
    assert described == world.services.describe(service)
    assert world.services.describe(world.changed(service)).definition != described.definition


def test_many_are_asked_at_once(world: World) -> None:
    running, stopped, died = (world.service() for _number in range(3))
    bad = msgspec.structs.replace(stopped, name="no/name")
    for service in (running, died):
        world.services.start(service)
    os.kill(int(said(world, died)[1]), 9)
    until(lambda: world.services.state(died).status == "died")
    found = world.services.statuses([stopped, running, bad, died, running])
    assert isinstance(found.pop(2), ServiceUnknown)
    assert found == ["stopped", "running", "died", "running"]
    assert world.services.statuses([]) == []
