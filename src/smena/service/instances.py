"""Instances are found and added, started and stopped. How they are just now stands in `overview`.

Starting and stopping take the lock that a run takes, so that neither meets the other; and
while a run holds the instance, nobody but the run touches its services.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from smena import clock
from smena.definition.model import Definition
from smena.errors import InstanceHeld, InstanceUnfit, InstanceUnknown, ServiceFailed, SmenaError
from smena.host import http
from smena.host.paths import decode
from smena.instances import adopt as adopting
from smena.instances import discover as discovery
from smena.instances import marker, registry, secrets
from smena.instances.adopt import Wish
from smena.instances.discover import Find
from smena.instances.instance import Instance
from smena.instances.look import Look, look
from smena.instances.services import bare_specs, specs
from smena.instances.world import lookups_of
from smena.intake import definitions
from smena.plan.params import ServiceSpec
from smena.service import booting, turns
from smena.service.catalog import catalog, passed_over
from smena.service.control import Control, services_of
from smena.text import Text, _, plain

_LONGEST_LOOK = 0.2


class Discovered(NamedTuple):
    """What was found, and what could not be looked for."""

    finds: list[Find]
    troubles: list[Text]


class Changed(NamedTuple):
    """What a start or a stop did to each service: true where it was not so before."""

    instance: Instance
    services: dict[str, bool]


def names(home: Path) -> list[str]:
    """What is registered, by name."""
    return [instance.name for instance in registry.instances(home)]


def discover(home: Path, product: str | None = None, settings: Mapping[str, str] | None = None) -> Discovered:
    """Instances that are there and not registered, of one product or of all."""
    known = catalog(home, product)
    finds: list[Find] = []
    troubles = list(known.troubles)
    for definition in known.definitions:
        try:
            finds += discovery.discover(definition, home, settings)
        except SmenaError as error:
            if product is not None:
                raise
            troubles.append(passed_over(definition.product, error))
    return Discovered(finds, troubles)


def add(
    home: Path,
    wish: Wish,
    *,
    product: str | None = None,
    hidden: Mapping[str, str] | None = None,
    take_over: bool = False,
) -> Instance:
    """Register an instance; without a product, the one in which an instance of this name is found."""
    definition = definitions.find(product, home) if product else _finding(home, wish)
    added = adopting.adopt(definition, wish, home, hidden=hidden, take_over=take_over)
    _ready_for_boots(home, [added])
    return added


def add_all(home: Path, product: str | None = None) -> tuple[list[Instance], list[Find]]:
    """Register everything that is found and can be added as it is; the rest is returned with its reasons."""
    finds = discover(home, product).finds
    known = {find.product: definitions.find(find.product, home) for find in finds}
    added = [adopting.adopt(known[find.product], Wish(name=find.name), home) for find in finds if not find.why]
    _ready_for_boots(home, added)
    return added, [find for find in finds if find.why]


def _ready_for_boots(home: Path, added: Sequence[Instance]) -> None:
    """What takes up interrupted runs at boot has to be there before them."""
    booting.prepare_for(home, added)


def start(home: Path, name: str) -> Changed:
    """Start the services that do not run, in their order, and wait until those that can be asked answer."""
    instance = registry.get(home, name)
    definition = definitions.find(instance.product, home)
    with turns.turn(home, name, f"smena instance start {name}"):
        _check_there(home, definition, instance)
        control = services_of(home, instance)
        wanted = specs(lookups_of(definition, instance, home))
        _check_secrets(home, instance, wanted)
        changed = {spec.name: not control.running(spec) for spec in wanted}
        with _saying_what_runs(control, wanted):
            for spec in wanted:
                control.start(spec)
            for spec in wanted:
                _wait(instance, spec)
    return Changed(instance, changed)


def stop(home: Path, name: str) -> Changed:
    """Stop the services that run, the last first."""
    instance = registry.get(home, name)
    definition = definitions.find(instance.product, home)
    with turns.turn(home, name, f"smena instance stop {name}"):
        _check_free(home, instance)
        _check_ours(home, definition, instance)
        control = services_of(home, instance)
        wanted = bare_specs(lookups_of(definition, instance, home))
        changed = {spec.name: control.running(spec) for spec in reversed(wanted)}
        with _saying_what_runs(control, wanted):
            for spec in reversed(wanted):
                control.stop(spec)
    return Changed(instance, changed)


@contextmanager
def _saying_what_runs(control: Control, wanted: Sequence[ServiceSpec]) -> Iterator[None]:
    """An error in the middle says what runs now."""
    try:
        yield
    except SmenaError as error:
        running = ", ".join(spec.name for spec in wanted if control.running(spec))
        error.state = _("running now: {services}", services=running) if running else _("nothing of it runs now")
        raise


def _finding(home: Path, wish: Wish) -> Definition:
    """The definition whose product has an instance of this name on this host."""
    registered = registry.find(home, wish.name)
    if registered is not None:
        return definitions.find(registered.product, home)
    known = catalog(home)
    found = [one for one in known.definitions if discovery.find(one, wish.name, home, wish.settings) is not None]
    if len(found) == 1:
        return found[0]
    if not found:
        raise InstanceUnknown(
            _("no instance {name} is found on this host", name=wish.name[:64]),
            why=[_("it was looked for where the definitions of products say"), *known.troubles],
            hint=plain("smena instance discover"),
        )
    products = [str(one.product) for one in found]
    raise InstanceUnfit(
        _("{name} is found as an instance of more than one product", name=wish.name),
        why=[plain(", ".join(products))],
        hint=plain(f"smena instance add {wish.name} --product {products[0]}"),
    )


def _check_ours(home: Path, definition: Definition, instance: Instance) -> Look:
    """Another home may be in the middle of changing it."""
    seen = look(definition, instance, home)
    if seen.top is not None:
        marker.check(home, Path(decode(seen.top)), instance.name)
    return seen


def _check_there(home: Path, definition: Definition, instance: Instance) -> None:
    seen = _check_ours(home, definition, instance)
    if seen.missing:
        raise InstanceUnfit(
            _("{instance} cannot be started: there is nothing to start", instance=instance.name),
            why=[_("there is no configuration at {path}", path=path) for path in seen.missing],
            state=_("nothing was changed"),
            hint=plain(f"smena instance show {instance.name}"),
        )


def _check_secrets(home: Path, instance: Instance, wanted: Iterable[ServiceSpec]) -> None:
    """A secret that nobody knows is told before the first service is started, not after."""
    for spec in wanted:
        for value in spec.environment.values():
            secrets.reveal(home, instance.name, value)


def _check_free(home: Path, instance: Instance) -> None:
    """A run that waits or is parked still holds the instance, and counts on its services."""
    if (home / "hold" / instance.name).exists():
        raise InstanceHeld(
            _("{instance} must not be stopped now", instance=instance.name),
            why=[_("a run holds it, and it may be half switched")],
            state=_("nothing was changed"),
            hint=plain(f"smena run list --instance {instance.name}"),
        )


def _wait(instance: Instance, spec: ServiceSpec) -> None:
    """Wait until the service answers, where it has an address to ask."""
    if spec.ready is None:
        return
    began = clock.ticks()
    end = began + spec.start_within
    while True:
        answer = http.ask(spec.ready, timeout=max(0.1, min(10.0, end - clock.ticks())))
        if 200 <= answer.status < 400:
            return
        if clock.ticks() > end:
            break
        clock.sleep(clock.next_look(clock.ticks() - began, _LONGEST_LOOK))
    raise ServiceFailed(
        _("the service {service} of {instance} does not answer", service=spec.name, instance=instance.name),
        why=[_("{url}: {words}", url=spec.ready, words=answer.words)],
        hint=plain(f"smena instance show {instance.name}"),
    )
