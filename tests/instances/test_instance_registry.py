"""The registry keeps what was written, refuses what it cannot know, and survives death and other smenas."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from smena.errors import InstanceExists, InstanceUnfit, InstanceUnknown, LockBusy, StoreBroken, StoreTooNew
from smena.host.lock import Lock
from smena.instances import registry
from smena.instances.instance import Instance
from support.death import die, points


def main(**more: str) -> Instance:
    return Instance(name="main", product="standin-platform", **more)  # type: ignore[arg-type]


def test_what_is_added_is_found_again(tmp_path: Path) -> None:
    described = Instance(
        name="Тест_1.a",
        product="p",
        edition="team",
        components=("server",),
        settings={"port": "8080"},
        paths={"config": "/x/␛dcff"},
        driver="systemd",
        notes="заметка",
    )
    added = registry.add(tmp_path / "home", described)
    assert added.added.startswith("20")
    assert registry.get(tmp_path / "home", "Тест_1.a") == added
    assert registry.instances(tmp_path / "home") == [added]


def test_an_empty_home_has_no_instances_and_is_not_made_by_looking(tmp_path: Path) -> None:
    assert registry.instances(tmp_path / "home") == []
    with pytest.raises(InstanceUnknown) as error:
        registry.get(tmp_path / "home", "main")
    assert str(error.value.hint) == "smena instance discover"
    assert not (tmp_path / "home").exists()


def test_they_are_listed_by_name(tmp_path: Path) -> None:
    for name in ("second", "main", "third"):
        registry.add(tmp_path, Instance(name=name, product="p"))
    assert [instance.name for instance in registry.instances(tmp_path)] == ["main", "second", "third"]


def test_a_name_is_given_once(tmp_path: Path) -> None:
    registry.add(tmp_path, main(notes="first"))
    with pytest.raises(InstanceExists, match="main"):
        registry.add(tmp_path, main(notes="second"))
    assert registry.get(tmp_path, "main").notes == "first"


@pytest.mark.parametrize(
    "name", ["", "a/b", "../x", ".hidden", "-x", "a b", "a\0", "x" * 65, "x.", "имя\udcff", "${name}", "a\n"]
)
def test_names_that_would_lead_out_of_a_folder_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InstanceUnfit):
        registry.add(tmp_path / "home", Instance(name=name, product="p"))
    assert not (tmp_path / "home").exists()


def test_an_unknown_name_is_told_with_the_nearest(tmp_path: Path) -> None:
    registry.add(tmp_path, main())
    with pytest.raises(InstanceUnknown) as error:
        registry.get(tmp_path, "mian")
    assert "main" in str(error.value.why[0])
    assert str(error.value.hint) == "smena instance list"
    with pytest.raises(InstanceUnknown, match="␛dcff"):
        registry.get(tmp_path, "\udcff")


def test_update_changes_one_and_only_what_is_there(tmp_path: Path) -> None:
    registry.add(tmp_path, main())
    other = registry.add(tmp_path, Instance(name="other", product="p"))
    registry.update(tmp_path, main(notes="new"))
    assert registry.get(tmp_path, "main").notes == "new"
    assert registry.get(tmp_path, "other") == other
    with pytest.raises(InstanceUnknown):
        registry.update(tmp_path, Instance(name="nobody", product="p"))
    with pytest.raises(InstanceUnknown):
        registry.update(tmp_path, Instance(name="main", product="another"))


def test_remove_forgets(tmp_path: Path) -> None:
    registry.add(tmp_path, main())
    assert registry.remove(tmp_path, "main").name == "main"
    assert registry.find(tmp_path, "main") is None
    with pytest.raises(InstanceUnknown):
        registry.remove(tmp_path, "main")


def test_a_registry_of_a_newer_smena_is_refused_and_left_alone(tmp_path: Path) -> None:
    registry.add(tmp_path, main())
    with sqlite3.connect(tmp_path / registry.FILE) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    before = (tmp_path / registry.FILE).read_bytes()
    with pytest.raises(StoreTooNew, match="newer smena"):
        registry.instances(tmp_path)
    with pytest.raises(StoreTooNew, match="newer smena"):
        registry.add(tmp_path, Instance(name="x", product="p"))
    assert (tmp_path / registry.FILE).read_bytes() == before


def test_a_file_that_is_no_registry_is_told_so(tmp_path: Path) -> None:
    (tmp_path / registry.FILE).write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreBroken, match=r"instances\.sqlite"):
        registry.instances(tmp_path)


def test_a_damaged_entry_is_named(tmp_path: Path) -> None:
    registry.add(tmp_path, main())
    with sqlite3.connect(tmp_path / registry.FILE) as connection:
        connection.execute("UPDATE instance SET about='{\"name\": 5}'")
    connection.close()
    with pytest.raises(StoreBroken, match="main"):
        registry.instances(tmp_path)


def test_a_registry_whose_making_was_interrupted_is_made_up_by_the_next_reader(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / registry.FILE)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    assert registry.instances(tmp_path) == []
    assert registry.add(tmp_path, main()).name == "main"


def test_death_while_adding_leaves_it_added_or_not(tmp_path: Path) -> None:
    code = f"""
        from pathlib import Path
        from smena.instances import registry
        from smena.instances.instance import Instance
        registry.add(Path({str(tmp_path / "home")!r}), Instance(name="main", product="p"))
    """
    passed = points(code.replace("/home'", "/first'"), tmp_path / "log")
    assert any(point.startswith("registry.added") for point in passed)
    for point in passed:
        home = tmp_path / f"home-{point}"
        die(code.replace("/home'", f"/home-{point}'"), point)
        left = [instance.name for instance in registry.instances(home)]
        assert left == (["main"] if point.startswith("registry.added") else []), point
        if not left:
            registry.add(home, Instance(name="main", product="p"))
        assert [instance.name for instance in registry.instances(home)] == ["main"]


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    def add(number: int) -> None:
        registry.add(tmp_path, Instance(name=f"i{number:02}", product="p"))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(registry.instances(tmp_path)) == 16


def test_readers_do_not_wait_for_who_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry.add(tmp_path, main())
    monkeypatch.setattr(registry, "_PATIENCE", 0.1)
    with Lock(tmp_path / registry.LOCK, "a test"):
        assert registry.get(tmp_path, "main").name == "main"
        with pytest.raises(LockBusy, match=r"instances\.lock"):
            registry.add(tmp_path, Instance(name="other", product="p"))
