"""What the built-in definitions read from real words: versions, paths, logs, package names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

import pytest

from smena.definition.model import Definition
from smena.definition.scalars import Id
from smena.definition.steps import AwaitLog, Relink, Remove, Step
from smena.definition.values import Read
from support.builtin import NAMES, builtin

FILES = r"C:\Program Files"


def steps_of(definition: Definition, procedure: str) -> Iterator[Step]:
    yield from definition.procedures[Id(procedure)]


def first_group(pattern: str | None, words: str) -> str | None:
    assert pattern
    found = re.search(pattern, words)
    return found[1] if found else None


@pytest.mark.parametrize(
    ("product", "software", "words", "version"),
    [
        ("comindware-platform", "openjdk", 'openjdk version "17.0.2" 2022-01-18', "17.0.2"),
        ("comindware-platform", "openjdk", 'java version "1.8.0_292"', "1.8.0"),
        ("comindware-platform", "dotnet", "AspNetCore.App 8.0.14\nMicrosoft.NETCore.App 8.0.15 [/usr]", "8.0.15"),
        ("comindware-platform", "dotnet", "Microsoft.NETCore.App 6.0.36 [/usr/lib]", None),
        ("comindware-platform", "mono", "Mono JIT compiler version 6.12.0.182 (tarball)", "6.12.0.182"),
        ("comindware-platform", "nginx", "nginx version: nginx/1.24.0 (Ubuntu)", "1.24.0"),
        ("loginom-server", "aspnet-core-runtime", r"Microsoft.AspNetCore.App 6.0.36 [C:\dotnet]", "6.0.36"),
        ("loginom-server", "aspnet-core-runtime", r"Microsoft.AspNetCore.App 8.0.15 [C:\dotnet]", None),
    ],
)  # fmt: skip
def test_software_versions(product: str, software: str, words: str, version: str | None) -> None:
    assert first_group(builtin(product).software[Id(software)].pattern, words) == version


def version_pattern(platform: str) -> str | None:
    instance = builtin("comindware-platform").instance
    spec = instance.linux if platform == "linux" else instance.windows
    assert spec
    assert spec.version
    assert isinstance(spec.version.value, Read)
    return spec.version.value.pattern


@pytest.mark.parametrize(
    ("platform", "target"),
    [
        ("linux", "/var/www/.cmw_version/5.0.13334.0/bin"),
        ("linux", "/var/www/.cmw_version/5.0.13334.0"),
        ("windows", r"C:\Program Files\Comindware\CBAP\5.0.13334.0\bin"),
        ("windows", r"\\?\C:\Program Files\Comindware\CBAP\5.0.13334.0"),
    ],
)
def test_comindware_version_from_the_link(platform: str, target: str) -> None:
    assert first_group(version_pattern(platform), target) == "5.0.13334.0"


@pytest.mark.parametrize(
    ("image", "program", "data"),
    [
        (r"C:\Program Files\BaseGroup\Loginom 6\Server\S.exe", rf"{FILES}\BaseGroup\Loginom 6", r"BaseGroup\Loginom 6"),
        (r"C:\Program Files\Loginom\Server\S.exe", rf"{FILES}\Loginom", "Loginom"),
        (r'"D:\Own\Server\S.exe"', r"D:\Own", None),
    ],
)  # fmt: skip
def test_loginom_is_found_by_its_service(image: str, program: str, data: str | None) -> None:
    instance = builtin("loginom-server").instance
    assert instance.windows
    paths = instance.windows.paths
    found, running = paths[Id("program")], paths[Id("service-program")]
    present = instance.settings[Id("present-data")].default
    assert isinstance(found, Read)
    assert isinstance(running, Read)
    assert isinstance(present, Read)
    assert first_group(found.pattern, image) == program
    assert first_group(running.pattern, image) == program + r"\Server\S.exe"
    assert first_group(present.pattern, image) == data


def logs(procedure: str) -> list[AwaitLog]:
    steps = steps_of(builtin("comindware-platform"), procedure)
    return [step.params for step in steps if isinstance(step.params, AwaitLog)]


@pytest.mark.parametrize("procedure", ["change-version", "change-version-and-caches"])
def test_each_log_has_its_own_last_words(procedure: str) -> None:
    ontology, upgrade = logs(procedure)
    files = ["UpgradeOntology.log", "UpgradeOntology_2026-11-21.log", "upgrade2026-11-21.log", "upgrade_2026-11-21.log"]
    lower = [name.lower() for name in files]  # Windows asks for no case
    globs = [log.files.rsplit("/", 1)[1].lower() for log in (ontology, upgrade)]
    matched = [[fnmatchcase(name, glob) for name in lower] for glob in globs]
    assert matched == [[True, True, False, False], [False, False, True, True]]
    assert ontology.last_line == "Upgrade of ontology completed successfully"
    assert upgrade.last_line == "Upgrade completed"
    assert not re.search(upgrade.last_line, "Upgrade of ontology completed successfully")


@pytest.mark.parametrize(
    ("procedure", "line", "bad"),
    [
        ("change-version", "2026-11-21 02:10:00 Error Something broke", True),
        ("change-version", "2026-11-21 02:10:00 Info Upgrade completed", False),
        ("change-version-and-caches", "unhandled error", True),
        ("change-old-version", "02:10 ERROR no such table", True),
        ("change-old-version", "02:10 Ошибка преобразования", True),
        ("change-old-version", "02:10 без ошибок", True),
        ("change-old-version", "02:10 Info converted", False),
    ],
)
def test_error_words(procedure: str, line: str, bad: bool) -> None:
    for log in logs(procedure):
        assert any(re.search(never, line) for never in log.never) is bad


def test_the_log_of_4_2_is_read_in_both_encodings() -> None:
    assert [log.encoding for log in logs("change-old-version")] == ["utf-8", "cp1251"]
    assert all(log.last_line is None for log in logs("change-old-version"))


def test_the_caches_that_go_and_those_that_stay() -> None:
    steps = steps_of(builtin("comindware-platform"), "change-version-and-caches")
    (names,) = [step.params.names for step in steps if isinstance(step.params, Remove)]
    folders = {
        "node1/cacheGroup-Main-TableIdentity": True,
        "node1/cacheGroup-Main-TableIdentityReplicated": True,
        "node2/cacheGroup-MainValue": True,
        "node2/cacheGroup-MainValueReplicated": True,
        "node1/cache-ignite-sys-cache": True,
        "node1/cp": True,
        "node1/metastorage": True,
        "node1/cacheGroup-Keys": True,
        "node1/cacheGroup-Main-Table": False,
        "node1/cache-other": False,
        "marshaller": False,
    }
    assert {folder: any(fnmatchcase(folder, name) for name in names) for folder in folders} == folders


def test_both_platforms_change_the_same_links() -> None:
    for procedure in builtin("comindware-platform").procedures.values():
        linux, windows = (step.params for step in procedure if isinstance(step.params, Relink))
        assert set(linux.links) == {*windows.links, *windows.optional}
        assert "bin" in windows.links


@pytest.mark.parametrize(
    ("product", "component", "key", "file"),
    [
        ("comindware-platform", "platform", "linux", "5.0-release-ru-5.0.13334.0.astra.tar.gz"),
        ("comindware-platform", "prerequisites", "linux", "5.0-release-ru-5.0.13334.0.prerequisites.astra.tar.gz"),
        ("comindware-platform", "platform", "windows", "5.0-release-ru-5.0.13334.0.windows.zip"),
        ("comindware-platform", "platform-msi", "windows", "ComindwarePlatform_3.5.1058.0.msi"),
        ("loginom-server", "server", "team", "LoginomTeam_7.1.0.msi"),
        ("loginom-server", "server", "enterprise", "LoginomEnterprise_6.5.1.msi"),
        ("loginom-server", "integrator", "any", "LoginomIntegrator_7.1.0.msi"),
        ("loginom-desktop", "desktop", "personal", "LoginomPersonal_6.5.1_x64.msi"),
        ("loginom-desktop", "desktop", "community", "LoginomCommunity_7.1.0.msi"),
    ],
)
def test_package_names(product: str, component: str, key: str, file: str) -> None:
    pattern = builtin(product).components[Id(component)].files[Id(key)]
    assert fnmatchcase(file, pattern.replace("{version}", "[0-9]*"))


def test_the_longest_pattern_tells_required_software_from_the_platform() -> None:
    components = builtin("comindware-platform").components
    for key in (Id("linux"), Id("windows")):
        assert len(components[Id("prerequisites")].files[key]) > len(components[Id("platform")].files[key])


@pytest.mark.parametrize("name", NAMES)
def test_what_foreign_code_may_change_is_named_or_beside_the_old(name: str) -> None:
    """An installer of Loginom, and a start that converts, must name what they change: it is kept before."""
    definition = builtin(name)
    for procedure, steps in definition.procedures.items():
        kinds = [step.kind for step in steps]
        for step in steps:
            if step.kind == "start" or (step.kind == "install-package" and name.startswith("loginom")):
                assert step.params.changes, (procedure, step.line)  # type: ignore[attr-defined]
            if step.kind in ("run-vendor", "install-package") and not step.params.changes:  # type: ignore[attr-defined]
                assert steps.index(step) < kinds.index("stop"), (procedure, step.line)
