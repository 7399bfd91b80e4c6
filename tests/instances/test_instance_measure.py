"""An instance is measured as it is just now: two side by side, own paths, broken parts, names made of names."""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec
import pytest

from smena.definition.load import load
from smena.definition.model import Definition
from smena.definition.templates import names_for
from smena.demo.standin.install import Layout
from smena.errors import NotOnThisPlatform, SmenaError, ValueUnknown, VersionUnmeasured
from smena.host.paths import decode, encode
from smena.instances.instance import Instance
from smena.instances.look import look
from smena.instances.lookups import Lookups
from smena.instances.version import release_of
from smena.instances.world import lookups_of, measure
from smena.plan.world import World
from support import standinproduct


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "root"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def definition(root: Path) -> Definition:
    return standinproduct.definition(root)


def instance(name: str = "main", **more: object) -> Instance:
    return Instance(name=name, product=standinproduct.NAME, **more)  # type: ignore[arg-type]


def edit(file: Path, key: str, line: str) -> None:
    file.write_text(re.sub(rf"(?m)^{re.escape(key)}:.*$", line, file.read_text("utf-8")), "utf-8")


def test_two_instances_side_by_side_do_not_mix(root: Path, home: Path, definition: Definition) -> None:
    one = standinproduct.create(root, "main", "3.5", 8081)
    two = standinproduct.create(root, "second", "5.0", 8082)
    worlds = {name: measure(definition, instance(name), home) for name in ("main", "second")}
    assert {name: world.version for name, world in worlds.items()} == {"main": "3.5", "second": "5.0.13334.0"}
    assert worlds["main"].facts["release"] == "3.5"
    assert worlds["second"].facts["release"] == "5.0", "the build belongs to the release"
    assert worlds["main"].paths["database"] == str(one.database)
    assert worlds["second"].paths["logs"] == str(two.logs)
    assert worlds["second"].site is not None
    assert worlds["second"].site.url == "http://localhost:8082/"
    assert worlds["main"].outside == str(one.config)
    own = {name: {path for key, path in world.paths.items() if key != "versions"} for name, world in worlds.items()}
    assert not own["main"] & own["second"]


def test_every_name_that_a_template_may_use_is_there(root: Path, home: Path, definition: Definition) -> None:
    standinproduct.create(root, "main")
    world = measure(definition, instance(), home)
    assert set(world.lookups) == names_for(definition, "linux", upgrading=False) - {"edition", "site.name"}
    assert world.lookups["home"] == str(home)
    assert world.lookups["family.owner"] == "www-data" if world.family == "debian" else True


def test_services_are_spelled_out(root: Path, home: Path, definition: Definition) -> None:
    layout = standinproduct.create(root, "main")
    services = {spec.name: spec for spec in measure(definition, instance(), home).services}
    assert list(services) == ["adapterhost", "platform", "apigateway"], "smena cannot run what has no command"
    assert services["platform"].command[-1] == str(layout.instance_file)
    assert services["platform"].stop_within == 20.0
    assert services["platform"].environment == {"DB_PASSWORD": "${secret:db-password}"}
    assert services["apigateway"].ready == "http://127.0.0.1:8081/health"
    units = {spec.unit for spec in measure(definition, instance(driver="systemd"), home).services}
    assert units == {"adapterhostmain", "comindwaremain", "apigatewaymain"}, "an optional one counts where its unit is"


def test_what_a_person_set_comes_before_what_is_read(root: Path, home: Path, definition: Definition) -> None:
    standinproduct.create(root, "main")
    set_by_hand = instance(settings={"port": "9999", "mode": "loud"}, paths={"backup": "/mnt/backup"})
    world = measure(definition, set_by_hand, home)
    assert world.lookups["settings.port"] == "9999"
    assert world.paths["backup"] == "/mnt/backup"
    assert world.site is not None
    assert world.site.url == "http://localhost:9999/loud", "the site whose condition holds takes the place"
    assert world.lookups["site.name"] == "loud"


def test_paths_come_from_the_products_own_file_and_what_is_made_of_them_follows(
    root: Path, home: Path, definition: Definition
) -> None:
    layout = standinproduct.create(root, "main")
    edit(layout.instance_file, "db.workDir", "databasePath: /srv/Данные")
    world = measure(definition, instance(), home)
    assert world.paths["database"] == "/srv/Данные"
    assert world.paths["nodes"] == "/srv/Данные/db"


def test_no_secret_is_anywhere_in_it(root: Path, home: Path, definition: Definition) -> None:
    standinproduct.create(root, "main")
    world = measure(definition, instance(), home)
    assert world.lookups["settings.db-password"] == "${secret:db-password}"
    assert not any("${secret" in value or "password" in name for name, value in world.facts.items())


def test_facts_are_stable_and_sizes_are_not_among_them(root: Path, home: Path, definition: Definition) -> None:
    layout = standinproduct.create(root, "main")
    before = measure(definition, instance(), home)
    (layout.database / "more").write_bytes(b"x" * 1000)
    after = measure(definition, instance(), home)
    assert before.facts == after.facts
    assert after.sizes["database"] - before.sizes["database"] == 1000
    assert set(after.mounts) == set(after.paths)
    assert all(after.free[mount] > 0 for mount in after.mounts.values())
    edit(layout.instance_file, "port", "port: 8090")
    assert measure(definition, instance(), home).facts != after.facts


def test_the_world_can_be_stored(root: Path, home: Path, definition: Definition) -> None:
    layout = standinproduct.create(root, "main")
    strange = layout.data / os.fsdecode(b"Data\xffbase")
    strange.mkdir()
    described = instance(paths={"database": encode(strange)})
    world = measure(definition, described, home)
    assert msgspec.json.decode(msgspec.json.encode(world), type=World) == world
    assert Path(decode(world.paths["nodes"])) == strange / "db"


def broken_link(layout: Layout) -> None:
    (layout.config / "bin").unlink()
    (layout.config / "bin").symlink_to(layout.versions / "9.9" / "bin")


def no_link(layout: Layout) -> None:
    (layout.config / "bin").unlink()


def a_folder(layout: Layout) -> None:
    no_link(layout)
    (layout.config / "bin").mkdir()


def elsewhere(layout: Layout) -> None:
    no_link(layout)
    (layout.config / "bin").symlink_to("/usr/bin")


def no_version(layout: Layout) -> None:
    no_link(layout)
    (layout.versions / "latest").mkdir()
    (layout.config / "bin").symlink_to(layout.versions / "latest")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (broken_link, r"leads to .*/9\.9/bin, which is not there"),
        (no_link, r"bin is not there"),
        (a_folder, r"bin is not a link"),
        (elsewhere, r"leads to /usr/bin, which does not fit"),
        (no_version, r"latest.* is no version"),
    ],
)
def test_a_version_that_cannot_be_measured_is_unknown_and_said_why(
    root: Path, home: Path, definition: Definition, spoil: object, words: str
) -> None:
    layout = standinproduct.create(root, "main")
    spoil(layout)  # type: ignore[operator]
    with pytest.raises(VersionUnmeasured) as error:
        measure(definition, instance(), home)
    assert re.search(words, str(error.value.why[0]))
    seen = look(definition, instance(), home)
    assert seen.version is None
    assert re.search(words, str(seen.unknown["version"]))
    assert seen.paths["database"] == str(layout.database), "the rest is told"


def test_a_build_that_the_definition_does_not_know_is_a_version_without_release(
    root: Path, home: Path, definition: Definition
) -> None:
    layout = standinproduct.create(root, "main")
    (layout.versions / "6.0.1").mkdir()
    (layout.config / "bin").unlink()
    (layout.config / "bin").symlink_to(layout.versions / "6.0.1")
    world = measure(definition, instance(), home)
    assert (world.version, world.facts.get("release")) == ("6.0.1", None)
    assert release_of(definition, "4.2.77.1") is not None


def test_a_missing_instance_file_leaves_the_defaults(root: Path, home: Path, definition: Definition) -> None:
    layout = standinproduct.create(root, "main")
    layout.instance_file.unlink()
    seen = look(definition, instance(), home)
    assert seen.missing == (str(layout.instance_file),)
    assert seen.version == "3.5"
    assert seen.paths["database"] == str(layout.database)


def test_an_instance_file_that_cannot_be_read_is_told_and_not_guessed_around(
    root: Path, home: Path, definition: Definition
) -> None:
    layout = standinproduct.create(root, "main")
    layout.instance_file.write_text("port: [\n", "utf-8")
    with pytest.raises(SmenaError) as error:
        measure(definition, instance(), home)
    assert str(layout.instance_file) in repr(error.value.as_dict())
    seen = look(definition, instance(), home)
    assert {"paths.config", "paths.database", "paths.nodes", "settings.port", "version"} <= set(seen.unknown)
    assert seen.paths["versions"] == str(layout.versions)
    assert seen.top is None, "the folder of the instance files is not the instance's own"
    assert "line" in str(seen.unknown["paths.nodes"]), "the reason is that of the file, however long the chain"


def test_a_path_that_is_not_whole_is_refused(root: Path, home: Path, definition: Definition) -> None:
    layout = standinproduct.create(root, "main")
    edit(layout.instance_file, "db.workDir", "db.workDir: Database")
    with pytest.raises(ValueUnknown) as error:
        measure(definition, instance(), home)
    assert "'Database' is not a whole path" in str(error.value.why[0])
    assert "paths.nodes" in look(definition, instance(), home).unknown


SMALL = """
schema: 1
product: small
title: {{en: Small, ru: Малый}}
instance:
  settings: {{{settings}}}
  linux:
    paths: {{top: /srv/small{paths}}}
    {more}
"""


def small(settings: str = "", paths: str = "", more: str = "") -> Definition:
    return load(SMALL.format(settings=settings, paths=paths, more=more).encode(), "small.yaml")


def lookups(definition: Definition, home: Path, family: str = "debian", **more: object) -> Lookups:
    return Lookups(definition, Instance(name="n", product="small", **more), home, family)  # type: ignore[arg-type]


def test_of_data_that_lies_elsewhere_with_each_version_it_is_what_is_there(home: Path, tmp_path: Path) -> None:
    """A definition without a configuration that is always there: version 7 alone has no folder of 6."""
    old, new = tmp_path / "6", tmp_path / "7"
    definition = small(paths=f", old: {old}, new: {new}", more="\n  roles: {data: [old, new]}")
    tops = []
    for folder in (None, new, old):
        if folder is not None:
            folder.mkdir()
        tops.append(look(definition, Instance(name="one", product="small"), home).top)
    assert tops == [None, str(new), str(old)]


def test_a_long_chain_of_names_is_followed(home: Path) -> None:
    chain = ", ".join(f"p{number}: '${{paths.p{number + 1}}}'" for number in range(400))
    found = lookups(small(paths=f", {chain}, p400: /end"), home)
    assert found["paths.p0"] == "/end"


def test_what_was_never_set_is_named_with_what_to_do(home: Path) -> None:
    found = lookups(small(settings="key: {}"), home)
    with pytest.raises(ValueUnknown, match="the setting key of n") as error:
        found["settings.key"]
    assert "--set key" in str(error.value.hint)
    with pytest.raises(KeyError):
        found["settings.other"]


def test_values_of_a_family_are_those_of_this_system(home: Path) -> None:
    definition = small(more="os-family: {debian: {owner: www-data, group: g}, rpm: {owner: nginx}}")
    assert lookups(definition, home)["family.owner"] == "www-data"
    assert lookups(definition, home, "rpm")["family.owner"] == "nginx"
    for family, words in (("rpm", "no value for rpm"), ("alt", "no value for alt"), ("", "none of the families")):
        with pytest.raises(ValueUnknown) as error:
            lookups(definition, home, family)["family.group"]
        assert words in str(error.value.why[0])


def test_which_site_it_is_may_hang_on_a_setting_that_the_site_shows(home: Path) -> None:
    site = "{server: none, url: 'http://x/${settings.a}', probe: 'http://x/'}"
    definition = small("a: {}", more=f"site: {site}")
    found = lookups(definition, home, settings={"a": "1"})
    assert found["site.url"] == "http://x/1"
    definition = small("a: {}", more=f"site: {site}\n    site-instead: [{site[:-1]}, when: {{setting.a: '1'}}}}]")
    assert lookups(definition, home, settings={"a": "1"})["site.url"] == "http://x/1"


def test_a_product_that_does_not_run_here_is_refused(home: Path) -> None:
    with pytest.raises(NotOnThisPlatform, match="windows"):
        lookups_of(small(), Instance(name="n", product="small", platform="windows"), home)


def test_without_a_way_to_measure_it_the_version_is_unknown(home: Path) -> None:
    with pytest.raises(VersionUnmeasured) as error:
        measure(small(), Instance(name="n", product="small"), home)
    assert "does not say how" in str(error.value.why[0])


def test_the_real_comindware_definition_is_measured_on_a_host_laid_out_like_the_vendors(home: Path) -> None:
    """Nothing of it is on this machine: then everything has its default, and the version is unknown."""
    from smena.intake.definitions import find

    definition = find("comindware-platform")
    seen = look(definition, Instance(name="нет-такого", product="comindware-platform"), home)
    assert seen.paths["database"] == "/var/lib/comindware/нет-такого/Database"
    assert "bin is not there" in str(seen.unknown["version"])
    assert seen.top is None
