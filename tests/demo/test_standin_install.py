"""Installing: everything lies where the vendor's installer puts it, below any root."""

from __future__ import annotations

import configparser
import os
from pathlib import Path

import pytest

from smena.demo.standin import install, packages, units
from smena.demo.standin.program.standin_product import instance, settings
from smena.errors import InstanceExists, VersionUnknown


def test_where_everything_lies(tmp_path: Path) -> None:
    install.create(tmp_path, "sales", "4.2", 8081)
    files = {
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if not path.is_dir() or path.is_symlink()
    }
    outside = {name for name in files if "/.cmw_version/" not in name}
    assert outside == {
        "usr/share/comindware/configs/instance/sales.yml",
        "etc/sysconfig/comindwaresales-env",
        *(f"var/www/sales/{name}" for name in (*instance.LINKS, *install.CONFIG_FILES)),
    }
    folders = ("Database", "Streams", "Temp", "LocalTemp", "Backup")
    assert all((tmp_path / "var/lib/comindware/sales" / name).is_dir() for name in folders)
    assert (tmp_path / "var/log/comindware/sales/Logs").is_dir()


def test_links_lead_into_the_version_below_the_same_root(tmp_path: Path) -> None:
    where = install.create(tmp_path, "sales", "4.7.2", 8081)
    for link in instance.LINKS:
        assert (where.config / link).readlink() == tmp_path / "var/www/.cmw_version/4.7.2" / link
    assert not (where.config / "Workers.config").exists()


def test_the_instances_file_names_every_path(tmp_path: Path) -> None:
    where = install.create(tmp_path, "sales", "5.0", 8081)
    found = settings.parse(where.instance_file.read_bytes(), "sales.yml")
    data = tmp_path / "var/lib/comindware/sales"
    assert found["clusterName"] == found["db.name"] == "sales"
    assert (found["version"], found["port"], found["fqdn"]) == ("5.0.13334.0", "8081", "localhost")
    assert found["db.workDir"] == str(data / "Database")
    assert found["userStorage.localDisk.path"] == str(data / "Streams")
    assert found["backup.defaultFolder"] == str(data / "Backup")
    assert found["backup.defaultFileName"] == "Backup"
    assert "${" not in where.instance_file.read_text("utf-8") + where.environment_file.read_text("utf-8")


def test_own_paths_and_own_settings(tmp_path: Path) -> None:
    own = {"db.workDir": str(tmp_path / "big/base"), "fqdn": "crm.example.org", "x.own": "1"}
    where = install.create(tmp_path, "sales", "4.2", 80, gateway_port=8090, settings=own)
    found = settings.parse(where.instance_file.read_bytes(), "sales.yml")
    assert {key: found[key] for key in own} == own
    assert (tmp_path / "big/base").is_dir()
    assert not where.database.exists()
    assert settings.parse((where.config / "apigateway.yml").read_bytes(), "x")["listen.port"] == "8090"


@pytest.mark.parametrize("file", ["adapterhost.yml", "apigateway.yml", "Ignite.config", "Workers.config"])
def test_configuration_is_the_default_to_the_byte(file: str, tmp_path: Path) -> None:
    where = install.create(tmp_path, "sales", "4.2", 8081)
    assert (where.config / file).read_bytes() == packages.default("4.2", file)


def test_only_the_log_folder_is_written_into_logs_config(tmp_path: Path) -> None:
    where = install.create(tmp_path, "sales", "4.2", 8081)
    default = packages.default("4.2", "logs.config").decode()
    assert (where.config / "logs.config").read_text("utf-8") == default.replace(
        "/var/log/comindware/Logs", str(where.logs)
    )
    assert instance.log_folder(str(where.config)) == str(where.logs)


def test_a_second_of_the_same_name_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    where = install.create(tmp_path, "sales", "4.2", 8081)
    before = where.instance_file.read_bytes()
    with pytest.raises(InstanceExists):
        install.create(tmp_path, "sales", "5.0", 8082)
    assert where.instance_file.read_bytes() == before
    assert sorted(path.name for path in where.versions.iterdir()) == ["4.2"]


def test_an_unknown_version_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(VersionUnknown):
        install.create(tmp_path, "sales", "9.9", 8081)
    assert not list(tmp_path.iterdir())


def test_a_version_that_is_there_is_left_alone(tmp_path: Path) -> None:
    folder = install.add_version(tmp_path, "4.2", padding=10)
    before = {path: path.stat().st_ino for path in folder.rglob("*")}
    assert install.add_version(tmp_path, "4.2") == folder
    assert {path: path.stat().st_ino for path in folder.rglob("*")} == before


def test_a_versions_folder_is_what_its_package_holds(tmp_path: Path) -> None:
    import tarfile

    folder = install.add_version(tmp_path / "host", "4.7.3")
    with tarfile.open(packages.make(tmp_path, "4.7.3")) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    unpacked = tmp_path / "unpacked/4.7.3"
    for path in folder.rglob("*"):
        other = unpacked / path.relative_to(folder)
        assert path.is_dir() == other.is_dir()
        if path.is_file():
            assert path.read_bytes() == other.read_bytes()
            assert os.access(path, os.X_OK) == os.access(other, os.X_OK)
    assert sum(1 for _ in folder.rglob("*")) == sum(1 for _ in unpacked.rglob("*"))


def test_the_vendors_switch_throws_the_administrators_changes_away(tmp_path: Path) -> None:
    where = install.create(tmp_path, "sales", "4.2", 80, gateway_port=8090)
    with (where.config / "adapterhost.yml").open("a", encoding="utf-8") as file:
        file.write("own: 1\n")
    install.switch(tmp_path, "sales", "4.7.2")
    assert (where.config / "adapterhost.yml").read_bytes() == packages.default("4.7.2", "adapterhost.yml")
    assert settings.parse((where.config / "apigateway.yml").read_bytes(), "x")["listen.port"] == "8090"
    assert "\nversion: 4.7.2\n" in where.instance_file.read_text("utf-8")
    assert "4.7.2" in str((where.config / "bin").readlink())


def test_an_empty_root_is_the_host_itself() -> None:
    where = install.layout("", "N")
    assert str(where.config) == "/var/www/N"
    assert str(where.instance_file) == "/usr/share/comindware/configs/instance/N.yml"
    assert str(where.database) == "/var/lib/comindware/N/Database"
    assert str(where.logs) == "/var/log/comindware/N/Logs"
    assert str(where.environment_file) == "/etc/sysconfig/comindwareN-env"


@pytest.mark.parametrize(
    ("family", "user", "site"),
    [
        ("debian", "www-data", "/etc/nginx/sites-available/comindwareN"),
        ("rpm", "nginx", "/etc/nginx/conf.d/comindwareN.conf"),
        ("alt", "_nginx", "/etc/nginx/sites-available.d/comindwareN.conf"),
    ],
)
def test_units_and_site(family: units.Family, user: str, site: str) -> None:
    made = units.units("", "N", family=family)
    assert {str(path) for path in made} == {
        f"/etc/systemd/system/{service}N.service" for service in ("comindware", "apigateway", "adapterhost")
    }
    for path, text in made.items():
        unit = configparser.ConfigParser(interpolation=None, strict=True)
        unit.optionxform = str  # type: ignore[assignment,method-assign]
        unit.read_string(text)
        service = path.name.removesuffix("N.service")
        assert unit["Service"]["User"] == user
        assert unit["Service"]["EnvironmentFile"] == "-/etc/sysconfig/comindwareN-env"
        start = f"/var/www/N/bin/{service} /usr/share/comindware/configs/instance/N.yml"
        assert unit["Service"]["ExecStart"] == start
        assert "stand-in" in unit["Unit"]["Description"]
    path, text = units.site("", "N", (80, 8090), family=family)
    assert str(path) == site
    assert "listen 80;" in text
    assert "proxy_pass http://127.0.0.1:8090;" in text


def test_the_environment_is_read_as_systemd_reads_it(tmp_path: Path) -> None:
    where = install.create(tmp_path, "sales", "4.7.2", 8081)
    with where.environment_file.open("a", encoding="utf-8") as file:
        file.write("STANDIN_PYTHON=/usr/bin/python3\n\n# X=1\nSINGLE='a b'\n")
    found = install.service_environment(tmp_path, "sales")
    assert found["JAVA_OPTS"] == "-Xms512m -Xmx4g"
    assert found["SINGLE"] == "a b"
    assert "X" not in found
    assert install.service_commands(tmp_path, "sales")["comindware"][0] == "/usr/bin/python3"
