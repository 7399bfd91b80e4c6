"""What was installed without smena is found, measured, and told with everything that is in the way."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from smena.definition.load import load
from smena.definition.model import Definition
from smena.errors import InstanceElsewhere, InstanceExists, InstanceUnfit
from smena.instances import marker, registry, secrets, traces
from smena.instances.adopt import Wish, adopt, described
from smena.instances.discover import Find, discover
from smena.instances.finding import matches
from support import standinproduct
from support.death import die, perform, points

LATIN, CYRILLIC = "comindware", "сomindware"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "root"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def definition(root: Path) -> Definition:
    return standinproduct.definition(root)


def words(found: Find) -> str:
    return " ".join(map(str, found.why))


def test_all_that_is_there_is_found_with_version_and_paths(root: Path, home: Path, definition: Definition) -> None:
    layout = standinproduct.create(root, "main", "4.2")
    standinproduct.create(root, "second", "5.0", 8082)
    found = {find.name: find for find in discover(definition, home)}
    assert {name: find.look.version for name, find in found.items()} == {"main": "4.2", "second": "5.0.13334.0"}
    assert found["main"].look.paths["database"] == str(layout.database)
    assert found["main"].files == (str(layout.instance_file),)
    assert all(find.addable for find in found.values())
    assert not home.exists(), "looking changes nothing"


def test_a_host_without_any_has_none(home: Path, definition: Definition) -> None:
    assert discover(definition, home) == []


def test_what_is_registered_and_what_is_not_meant_is_passed_over(
    root: Path, home: Path, definition: Definition
) -> None:
    for name in ("main", "second", "template"):
        standinproduct.create(root, name)
    adopt(definition, Wish(name="main"), home)
    assert [find.name for find in discover(definition, home)] == ["second"]


def test_an_instance_file_in_the_other_spelling_is_found_and_what_is_missing_is_said(
    root: Path, home: Path, definition: Definition
) -> None:
    standinproduct.create(root, "main")
    share = root / "usr/share"
    shutil.copytree(share / LATIN, share / CYRILLIC)
    only_there = share / CYRILLIC / "configs/instance/lost.yml"
    only_there.write_text("port: 80\n", "utf-8")
    found = {find.name: find for find in discover(definition, home)}
    assert found["main"].addable, "of two files the one that the product reads counts"
    assert len(found["main"].files) == 2
    assert found["lost"].files == (str(only_there),)
    assert "“сomindware”" in str(found["main"].remarks[0])
    assert "CYRILLIC SMALL LETTER ES" in str(found["lost"].remarks[0])
    assert f"{share / LATIN}/configs/instance/lost.yml" in words(found["lost"]), "it is looked for in Latin letters"


def test_two_files_of_which_none_is_the_products_own_are_told(root: Path, home: Path, definition: Definition) -> None:
    layout = standinproduct.create(root, "main")
    share = root / "usr/share"
    for spelling in (CYRILLIC, "Comindware"):
        shutil.copytree(share / LATIN, share / spelling)
    layout.instance_file.unlink()
    (found,) = discover(definition, home)
    assert "found more than once" in words(found)


def test_one_file_reached_in_two_ways_counts_once(root: Path, home: Path, definition: Definition) -> None:
    standinproduct.create(root, "main")
    (root / "usr/share/Comindware").symlink_to(LATIN)
    (found,) = discover(definition, home)
    assert found.addable
    assert len(found.files) == 1


def test_a_name_that_is_no_text_is_told_and_cannot_be_added(root: Path, home: Path, definition: Definition) -> None:
    standinproduct.create(root, "main")
    folder = root / "usr/share/comindware/configs/instance"
    (folder / os.fsdecode(b"bad\xff.yml")).write_text("port: 80\n", "utf-8")
    (folder / "a b.yml").write_text("port: 80\n", "utf-8")
    found = {find.name: find for find in discover(definition, home)}
    assert set(found) == {"main", "bad␛dcff", "a b"}
    assert "cannot be the name" in words(found["bad␛dcff"])
    assert "cannot be the name" in words(found["a b"])


def test_broken_ones_are_listed_beside_the_good(root: Path, home: Path, definition: Definition) -> None:
    layout = standinproduct.create(root, "main")
    broken = standinproduct.create(root, "broken")
    no_version = standinproduct.create(root, "unversioned")
    broken.instance_file.write_text("[", "utf-8")
    (no_version.config / "bin").unlink()
    found = {find.name: find for find in discover(definition, home)}
    assert found["main"].addable
    assert str(broken.instance_file) not in words(found["main"])
    assert "paths.config" in words(found["broken"])
    assert str(broken.instance_file) in words(found["broken"])
    assert found["unversioned"].addable, "an unknown version keeps nobody from being registered"
    assert found["unversioned"].look.version is None
    assert layout.config.exists()


def test_what_another_home_manages_is_told(root: Path, home: Path, definition: Definition, tmp_path: Path) -> None:
    standinproduct.create(root, "main")
    other = tmp_path / "other"
    adopt(definition, Wish(name="main"), other)
    (found,) = discover(definition, home)
    assert str(other) in words(found)
    with pytest.raises(InstanceElsewhere) as error:
        adopt(definition, Wish(name="main"), home)
    assert str(home) in " ".join(map(str, error.value.why))
    assert registry.instances(home) == []


def test_it_can_be_taken_over(root: Path, home: Path, definition: Definition, tmp_path: Path) -> None:
    layout = standinproduct.create(root, "main")
    adopt(definition, Wish(name="main"), tmp_path / "other")
    adopt(definition, Wish(name="main"), home, take_over=True)
    marker.check(home, layout.config, "main")
    with pytest.raises(InstanceElsewhere):
        marker.check(tmp_path / "other", layout.config, "main")
    adopt(definition, Wish(name="main"), tmp_path / "other", take_over=True)
    marker.check(tmp_path / "other", layout.config, "main")


def test_adding_writes_down_what_was_said_and_stores_secrets_apart(
    root: Path, home: Path, definition: Definition
) -> None:
    standinproduct.create(root, "main")
    wish = Wish(name="main", settings={"mode": "loud"}, paths={"backup": "/mnt/b"}, driver="systemd", notes="n")
    added = adopt(definition, wish, home, hidden={"db-password": "word"})
    assert registry.get(home, "main") == added
    assert (added.product, added.settings, added.driver, added.components) == (
        "standin-platform",
        {"mode": "loud"},
        "systemd",
        ("platform",),
    )
    assert secrets.reveal(home, "main", "${secret:db-password}") == "word"
    assert b"word" not in (home / registry.FILE).read_bytes()
    with pytest.raises(InstanceExists):
        adopt(definition, wish, home)


def test_everything_that_is_wrong_is_said_at_once(root: Path, home: Path, definition: Definition) -> None:
    standinproduct.create(root, "main")
    wish = Wish(
        name="ma in",
        edition="team",
        components=("platfrom",),
        settings={"prot": "1", "port": "http", "mode": "laud", "fqdn": "${name}", "db-password": "x"},
        paths={"databse": "/x", "backup": "relative"},
    )
    with pytest.raises(InstanceUnfit) as error:
        adopt(definition, wish, home, hidden={"mode": "x"})
    said = "\n".join(map(str, error.value.why))
    for expected in (
        "“ma in”",
        "no edition team",
        "no component platfrom; right: platform",
        "no setting prot; right: port",
        "port: “http”",
        "mode: laud is not one of the choices; right: loud",
        "fqdn: nothing is looked up",
        "db-password is a secret",
        "no path databse; right: database",
        "backup: relative is not a whole path",
        "no secret mode",
    ):
        assert expected in said
    assert not home.exists()


@pytest.mark.parametrize("missing", ["config", "instance-file"])
def test_where_there_is_no_instance_none_is_added(root: Path, home: Path, definition: Definition, missing: str) -> None:
    layout = standinproduct.create(root, "main")
    (layout.config if missing == "config" else layout.instance_file).rename(root / "moved")
    with pytest.raises(InstanceUnfit) as error:
        adopt(definition, Wish(name="main"), home)
    assert "there is no configuration at" in str(error.value.why[0])
    assert str(error.value.hint) == "smena instance discover"
    assert registry.instances(home) == []


def test_one_folder_is_not_added_under_two_names(root: Path, home: Path, definition: Definition) -> None:
    layout = standinproduct.create(root, "main")
    adopt(definition, Wish(name="main"), home)
    paths = {"config": str(layout.config), "instance-file": str(layout.instance_file)}
    with pytest.raises(InstanceExists, match="belongs to the instance main"):
        adopt(definition, Wish(name="again", paths=paths), home)


EDITIONS = """
schema: 1
product: sold
title: {en: Sold, ru: Проданный}
editions:
  team: {title: {en: Team, ru: Team}, components: [server]}
  pro: {title: {en: Pro, ru: Pro}}
components:
  server: {title: {en: server, ru: сервер}}
  client: {title: {en: client, ru: клиент}}
  spare: {title: {en: spare, ru: запасной}, optional: yes}
instance: {settings: {key: {}}, linux: {paths: {top: /srv/sold}}}
"""


def test_what_no_file_says_has_to_be_said(home: Path) -> None:
    definition = load(EDITIONS.encode(), "sold.yaml")
    with pytest.raises(InstanceUnfit) as error:
        adopt(definition, Wish(name="n"), home)
    said = " ".join(map(str, error.value.why))
    assert "team" in said
    assert "pro" in said
    assert "the setting key has to be given" in said
    assert described(definition, Wish(name="n", edition="team")).components == ("server",)
    assert described(definition, Wish(name="n", edition="pro")).components == ("server", "client")


@pytest.mark.slow
def test_death_while_adding_leaves_it_to_be_added_again(root: Path, home: Path, tmp_path: Path) -> None:
    layout = standinproduct.create(root, "main")
    standinproduct.put_into(home, root)
    code = f"""
        from pathlib import Path
        from smena.instances.adopt import Wish, adopt
        from smena.intake.definitions import find
        home = Path({str(home)!r})
        adopt(find("standin-platform", home), Wish(name="main"), home, hidden={{"db-password": "x"}})
    """
    fresh = tmp_path / "fresh"

    def reset() -> None:
        marker.place(layout.config).unlink(missing_ok=True)
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(home, fresh)

    code = code.replace(str(home), str(fresh))
    reset()
    for point in points(code, tmp_path / "log"):
        reset()
        die(code, point)
        again = perform(code)
        assert again.returncode == 0 or "InstanceExists" in again.stderr, (point, again.stderr)
        assert [instance.name for instance in registry.instances(fresh)] == ["main"], point
        assert secrets.reveal(fresh, "main", "${secret:db-password}") == "x"
        marker.check(fresh, layout.config, "main")


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("{name}.yml", ["a", "b.c"]),
        ("pre-{name}-post.*", ["x"]),
        ("deep/{name}/conf/*.xml", ["one", "two"]),
        ("deep/**/{name}.xml", ["app", "app"]),
        ("[a]*.yml", ["a"]),
        ("none/{name}", []),
    ],
)
def test_patterns_name_what_they_find(tmp_path: Path, pattern: str, names: list[str]) -> None:
    for file in ("a.yml", "b.c.yml", ".yml", "pre-x-post.conf", "deep/one/conf/app.xml", "deep/two/conf/app.xml"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    assert [match.name for match in matches(f"{tmp_path}/{pattern}")] == names


# --- what an instance leaves besides its own file -----------------------------------------


@pytest.fixture
def traced(root: Path, monkeypatch: pytest.MonkeyPatch) -> Definition:
    """The same product, looked for by links, units and sites too."""
    monkeypatch.setattr(traces, "FOLDERS", (root / "units", root / "more-units"))
    more = f"""
      links: ['{root}/var/www/{{name}}/bin']
      services: ['comindware{{name}}']
      sites: ['{root}/sites/comindware{{name}}']
      """
    text = standinproduct.text(root).replace("discover: {files: [", "discover:\n      files: [")
    text = text.replace("{name}.yml'], not-named: [template]}", f"{{name}}.yml']{more}not-named: [template]")
    return load(text.encode(), "test.yaml")


def test_an_instance_whose_file_is_gone_is_told_by_what_it_left(root: Path, home: Path, traced: Definition) -> None:
    layout = standinproduct.create(root, "main")
    standinproduct.create(root, "second")
    for folder, name in (
        ("units", "main.service"),
        ("more-units", "only-a-unit.service"),
        ("sites", "main.conf"),
        ("sites", "a-site"),
    ):
        (root / folder).mkdir(exist_ok=True)
        (root / folder / f"comindware{name}").write_text("", "utf-8")
    (root / "units" / "comindware@template.service").write_text("", "utf-8")
    found = {find.name: find for find in discover(traced, home)}
    assert set(found) == {"main", "second", "only-a-unit", "a-site"}
    links, unit, site = layout.config / "bin", root / "units/comindwaremain.service", root / "sites/comindwaremain.conf"
    assert found["main"].traces == (str(links), str(unit), str(site))
    assert (found["main"].addable, found["second"].addable) == (True, True)
    layout.instance_file.unlink()
    gone = {find.name: find for find in discover(traced, home)}["main"]
    assert (gone.files, gone.addable) == ((), False)
    assert str(layout.instance_file) in words(gone)
    assert not found["only-a-unit"].addable
    assert not found["a-site"].addable


def test_a_link_that_leads_elsewhere_is_nobodys_trace(root: Path, home: Path, traced: Definition) -> None:
    standinproduct.create(root, "main")
    (root / "var/www/blog").mkdir()
    (root / "var/www/blog/bin").symlink_to("/usr/bin")
    assert [find.name for find in discover(traced, home)] == ["main"]


FOUND = """
schema: 1
product: sold
title: {{en: Sold, ru: Продан}}
editions: {{team: {{title: {{en: Team, ru: Team}}}}, pro: {{title: {{en: Pro, ru: Pro}}}}}}
instance:
  settings: {{key: {{}}}}
  linux: {{paths: {{top: '{root}/${{name}}'}}, discover: {{files: ['{root}/{{name}}/sold.yml']}}}}
"""


def test_what_only_a_person_can_tell_is_no_obstacle_and_stands_in_the_command(home: Path, tmp_path: Path) -> None:
    (tmp_path / "main").mkdir()
    (tmp_path / "main/sold.yml").touch()
    definition = load(FOUND.format(root=tmp_path).encode(), "sold.yaml")
    (found,) = discover(definition, home)
    assert (found.unsaid, found.addable, len(found.why)) == ("--edition team|pro --set key=…", False, 2)
    (told,) = discover(definition, home, {"key": "1"})
    assert told.unsaid == "--edition team|pro"
    marker.claim(tmp_path / "elsewhere", tmp_path / "main", "main")
    (taken,) = discover(definition, home)
    assert (taken.unsaid, len(taken.why)) == ("", 3), "another home has it: to say more is of no use"
