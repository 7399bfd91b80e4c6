"""What the built-in definitions come to on Windows: pools, sites, folders, in the vendor's order."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
import pytest

from smena.definition.graph import Graph
from smena.definition.model import Backup, Definition, PlatformSpec
from smena.definition.path import find
from smena.definition.scalars import Id
from smena.definition.steps import Start
from smena.definition.templates import names_in, render
from smena.definition.values import Read, Value
from smena.errors import PlanImpossible
from smena.plan.build import build
from smena.plan.model import Plan
from smena.plan.params import ServiceSpec
from smena.plan.request import HopIn, Options, Request
from smena.plan.world import PackageSpec, SiteSpec, World
from support.builtin import builtin

HOME = r"C:\ProgramData\smena"


def written(value: Value | None) -> str:
    return (value.default or "") if isinstance(value, Read) else (value or "")


def lookups(definition: Definition, spec: PlatformSpec) -> dict[str, str]:
    """Everything that templates may look up where all is at its default."""
    templates = {f"paths.{name}": written(value) for name, value in spec.paths.items()}
    templates |= {f"settings.{name}": written(s.default) for name, s in definition.instance.settings.items()}
    known = {"name": "N", "product": definition.product, "home": HOME, "site.probe": "http://127.0.0.1:80/"}
    while templates:
        ready = {name for name, template in templates.items() if set(names_in(template)) <= set(known)}
        if not ready:
            break
        known |= {name: render(templates.pop(name), known) for name in ready}
    return known


def world(definition: Definition, version: str, site: SiteSpec, **settings: str) -> World:
    spec = definition.instance.windows
    assert spec
    known = lookups(definition, spec) | {f"settings.{name}": value for name, value in settings.items()}
    return World(
        instance="N",
        product=definition.product,
        platform="windows",
        version=version,
        components=("integrator",),
        lookups=known,
        paths={name: known[f"paths.{name}"] for name in spec.paths},
        services=tuple(
            ServiceSpec(name=s.name, unit=s.unit, pool=s.pool and render(s.pool, known)) for s in spec.services
        ),
        site=site,
        driver="supervised",
        outside=r"C:\ProgramData\comindware\Instances\N",
        home=HOME,
        home_mount="C:",
    )


@cache
def comindware(*accepted: str) -> Plan:
    definition = builtin("comindware-platform")
    site = SiteSpec(server="iis", url="http://n:80/", probe="http://127.0.0.1:80/", name="Comindware N")
    hops = tuple(
        HopIn(from_=hop.from_, to=hop.to, procedure=hop.edge.procedure, data=hop.edge.data)
        for hop in find(Graph(definition), "4.2", "5.0").hops
    )
    packages = tuple(
        PackageSpec(
            component="platform", version=hop.to, file=rf"{HOME}\releases\{hop.to}.zip", sha256="0" * 64, size=1
        )
        for hop in hops
    )
    world_ = world(definition, "4.2", site)
    options = Options(accepted=accepted)
    return build(Request(definition=definition, world=world_, hops=hops, packages=packages, options=options))


def params(plan: Plan, kind: str) -> list[dict[str, Any]]:
    return [msgspec.json.decode(step.params) for step in plan.steps if step.kind == kind]


def test_the_pools_are_stopped_and_started_by_their_names() -> None:
    pools = ["Comindware N_adapterhost", "Comindware N", "Comindware N_apigateway"]
    for kind in ("stop", "start-converting"):
        for step in params(comindware(), kind):
            assert [service["pool"] for service in step["services"]] == pools
    titles = [str(step.title) for step in comindware().steps if step.kind == "stop"]
    assert "stop Comindware N_apigateway, Comindware N, Comindware N_adapterhost" in titles


def test_nothing_is_killed_unless_that_is_accepted_by_name() -> None:
    assert not any(step.get("kill") for step in params(comindware(), "stop"))
    agreed = comindware("kill-service")
    assert all(step["kill"] for step in params(agreed, "stop"))
    titles = [str(step.title) for step in agreed.steps if step.kind == "stop"]
    assert "who does not stop in time is killed" in titles[0]


def test_the_whole_site_is_closed_and_iis_is_asked_before() -> None:
    plan = comindware()
    assert params(plan, "maintenance")[0]["site"] == "Comindware N"
    assert "application" not in params(plan, "maintenance")[0]
    assert "show the maintenance page" in [str(step.title) for step in plan.steps if step.kind == "maintenance"]
    assert "iis" in [asked["kind"] for asked in params(plan, "judge")[0]["checks"]]


def test_links_configuration_and_caches_are_those_of_windows() -> None:
    plan = comindware()
    config = r"C:\ProgramData\comindware\Instances\N\Config"
    links = params(plan, "relink")[-1]
    assert links["folder"] == config
    assert links["links"]["bin"].replace("/", "\\") == r"C:\Program Files\Comindware\CBAP\5.0\bin"
    caches = params(plan, "remove")[-1]
    assert caches["folder"] == r"C:\ProgramData\comindware\Instances\N\Database\db"
    assert "node*/metastorage" in caches["names"]
    placed = {item["file"] for step in params(plan, "place") for item in step["items"]}
    assert rf"{config}\Ignite.config" in placed
    commands = [" ".join(step["command"]) for step in params(plan, "run-vendor")]
    assert any("files_unblock.ps1" in command for command in commands)
    assert not any("bash" in command for command in commands)
    logs = {step["glob"] for step in params(plan, "await-log")}
    assert all(glob.startswith(r"C:\ProgramData\comindware\Instances\N\Logs") for glob in logs)


def test_the_log_that_follows_the_run_is_the_heartbeat() -> None:
    assert all("heartbeat_" in step["follow"] for step in params(comindware(), "await-log"))


MOVE = Id("move-to-7")
PROBE = "http://127.0.0.1/app/"
SHARED = SiteSpec(server="iis", url="http://n/app/", probe=PROBE, name="Default Web Site", application="/app")


def loginom(site: SiteSpec) -> Plan:
    """The vendor's procedure without its installers, which this test is not about."""
    definition = builtin("loginom-server")
    steps = definition.procedures[MOVE]
    kinds = ("fetch", "verify", "install-package", "merge-config", "carry", "keep")
    shorter = tuple(step for step in steps if step.kind not in kinds)
    definition = msgspec.structs.replace(definition, procedures={**definition.procedures, MOVE: shorter})
    hop = HopIn(from_="6.5", to="7.1.0", procedure=MOVE, data="converted")
    settings = {"web-server": "iis", "integrator-pool": "LGI_POOL"}
    return build(
        Request(definition=definition, world=world(definition, "6.5", site, **settings), hops=(hop,), packages=())
    )


def test_the_virtual_directory_goes_to_the_new_client_folder() -> None:
    plan = loginom(SHARED)
    assert params(plan, "site-path") == [
        {"server": "iis", "directory": "Default Web Site/app", "path": r"C:\Program Files\Loginom\Client"}
    ]
    assert params(plan, "site-header")[0]["application"] == "/app"
    page = next(step for step in plan.steps if step.kind == "maintenance")
    assert "others use the site Default Web Site too" in str(page.title)


def test_a_folder_can_be_set_in_iis_only() -> None:
    with pytest.raises(PlanImpossible):
        loginom(SiteSpec(server="apache", url="http://n/app/", probe=PROBE))


def test_the_environment_is_remembered_before_any_program_of_the_vendor() -> None:
    kinds = [step.kind for step in comindware().steps]
    assert kinds.index("environment") < kinds.index("run-vendor")
    assert params(comindware(), "environment") == [{"names": ["JAVA_HOME", "JAVA_HOME_DLL", "JAVA_OPTS", "JVM_OPTS"]}]


DATA = r"C:\ProgramData\BaseGroup\Loginom 6\Server"
STORAGE = rf"{DATA}\UserStorage"
NEW_STORAGE = r"C:\ProgramData\Loginom\Server\UserStorage"


def carrying(**measured: Any) -> Plan:
    """Only what is stopped, carried over and started."""
    definition = builtin("loginom-server")
    steps = tuple(step for step in definition.procedures[MOVE] if step.kind in ("stop", "carry", "start"))
    steps = tuple(
        msgspec.structs.replace(step, params=msgspec.structs.replace(step.params, changes=()))
        if isinstance(step.params, Start)
        else step
        for step in steps
    )
    definition = msgspec.structs.replace(definition, procedures={**definition.procedures, MOVE: steps}, backup=HOT)
    hop = HopIn(from_="6.5", to="7.1.0", procedure=MOVE, data="converted")
    known = msgspec.structs.replace(world(definition, "6.5", SHARED), **measured)
    return build(Request(definition=definition, world=known, hops=(hop,), packages=()))


HOT = Backup(paths=(Id("client"),), hot="copy")


def test_users_files_are_copied_before_the_stop_and_only_the_difference_after_it() -> None:
    plan = carrying()
    kinds = [step.kind for step in plan.steps]
    assert kinds.index("first-copy") < kinds.index("hold") < kinds.index("stop") < kinds.index("carry-over")
    first, over = params(plan, "first-copy"), params(plan, "carry-over")
    assert [(one["path"], one["to"]) for one in first] == [(STORAGE, NEW_STORAGE)], "files by name need no first copy"
    assert over[0]["slot"] == first[0]["slot"]
    titles = [str(step.title) for step in plan.steps]
    assert f"copy {STORAGE} for {NEW_STORAGE} while it is in use" in titles
    assert "Carry UserStorage over" in titles


def test_the_room_for_the_copy_is_counted_where_it_is_to_lie() -> None:
    size = 7_000_000_000
    mounts = {"old-user-storage": "D:", "data": "C:"}
    empty = carrying(mounts=mounts).forecast.room
    room = carrying(mounts=mounts, sizes={"old-user-storage": size}).forecast.room
    grown = {one.mount: one.needed - other.needed for one, other in zip(room, empty, strict=True)}
    assert grown == {"C:": size, "D:": 0}
