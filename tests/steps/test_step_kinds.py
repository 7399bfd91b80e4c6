"""What is special to each kind of step: what it refuses, what it asks, what it must not take for done."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import msgspec
import pytest

from smena.checks.check import Finding
from smena.definition.values import Localized
from smena.host import marks, reserve
from smena.journal.journal import Journal
from smena.journal.rows import RunRow, StepRow
from smena.plan import params as p
from smena.run.engine import Engine
from smena.run.status import State
from smena.steps.all import TABLE
from smena.steps.reserve import relieve
from smena.text import plain
from support import disks, stepcases
from support.forks import Forks
from support.stepworld import NAME, SECRET, Alone, Cancelled, Steps, StepWorld

WORK = "support.stepworld:carry"


@pytest.fixture
def world(quick: Path) -> Iterator[StepWorld]:
    made = StepWorld(quick).made()
    yield made
    made.close()


def carried(world: StepWorld, *steps: tuple[str, p.Params]) -> State:
    world.new_run(steps)
    return world.carry()


def run_of(world: StepWorld) -> RunRow:
    with closing(Journal.read(world.folder)) as journal:
        return journal.run()


def step_of(world: StepWorld, seq: int = 1) -> StepRow:
    with closing(Journal.read(world.folder)) as journal:
        return journal.step(seq)


def told(world: StepWorld) -> str:
    """Everything that the run said and knows, as one text."""
    with closing(Journal.read(world.folder)) as journal:
        events = " | ".join(str(event.text) for event in journal.events())
        return f"{journal.run().why} | {events}"


def everywhere(world: StepWorld) -> bytes:
    """Every byte of the run's own folder: what may end in a report."""
    files = [path for path in world.folder.rglob("*") if path.is_file() and "staged" not in path.parts]
    return b"".join(path.read_bytes() for path in files)


# --- packages -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["verify", "fetch", "run-vendor"])
def test_a_package_that_is_not_the_one_that_was_added_is_refused(world: StepWorld, kind: str) -> None:
    before = world.seen()
    params = {"verify": stepcases.verify, "fetch": stepcases.fetch, "run-vendor": stepcases.vendor}[kind](world)
    world.package.write_bytes(world.package.read_bytes() + b"x")
    assert carried(world, (kind, params)) == "undone"
    assert "is not the one that was added" in told(world)
    assert world.seen() == before
    assert not (world.home / "releases/toy" / world.package.name).exists(), "nothing of it got its name"


def test_a_versions_folder_is_whole_and_another_one_is_left_alone(world: StepWorld) -> None:
    target = world.root / "versions/new/4"
    assert carried(world, ("unpack", stepcases.unpack(world))) == "final"
    assert (target / "bin/program").read_text("utf-8") == "program 2"
    (target / "bin/program").write_text("changed by somebody", "utf-8")
    shutil.rmtree(world.folder)
    world.folder.mkdir()
    assert carried(world, ("unpack", stepcases.unpack(world))) == "undone"
    assert (target / "bin/program").read_text("utf-8") == "changed by somebody"


@pytest.mark.parametrize(("kind", "point"), [("unpack", "archive.synced"), ("fetch", "copy.entry")])
def test_a_half_that_nobody_comes_back_to_goes(world: StepWorld, forks: Forks, kind: str, point: str) -> None:
    """Killed in the middle, and cancelled before it was begun again; a disk that is full by then does the same."""
    world.new_run(stepcases.CASES[kind].steps(world))
    forks.die(WORK, world.root, point=point)
    assert halves(world)
    assert world.carry(control=Cancelled()) == "undone"
    assert not halves(world)


def halves(world: StepWorld) -> list[Path]:
    """Outside the run's own folder."""
    found = world.root.rglob(".*.smena-new")
    return [path for path in found if not path.is_relative_to(world.folder)]


# --- a vendor's program ---------------------------------------------------------------------------


def test_what_a_vendors_program_made_whole_stays_and_a_half_goes(world: StepWorld) -> None:
    """The next run must not take a half for a whole, nor make again what is whole and others may use."""
    made = world.root / "versions/5"
    assert carried(world, ("run-vendor", stepcases.vendor(world)), world.failing()) == "undone"
    assert (made / "whole").read_text("utf-8") == "hush\n"

    shutil.rmtree(made)
    shutil.rmtree(world.folder)
    world.folder.mkdir()
    failing = stepcases.vendor(world)
    assert isinstance(failing, p.RunVendor)
    program = p.RunVendor(
        command=("/bin/sh", "-c", f'mkdir "{made}"; echo half > "{made}/half"; echo oops >&2; exit 7'),
        package=failing.package,
        sha256=failing.sha256,
        creates=failing.creates,
    )
    assert carried(world, ("run-vendor", program)) == "undone"
    assert not made.exists()
    assert "status 7" in told(world)
    assert "oops" in told(world)
    assert len(list(world.root.glob(".smena/run/replaced-*/half"))) == 1, "it is kept, as everything is"


def test_a_vendors_program_that_was_killed_in_its_middle_left_nothing(world: StepWorld, forks: Forks) -> None:
    made = world.root / "versions/5"
    package = world.sha256(world.package)
    waits = f'mkdir "{made}"; kill -9 $PPID; sleep 1; echo late > "{made}/late"'
    program = p.RunVendor(
        command=("/bin/sh", "-c", waits), package=str(world.package), sha256=package, creates=str(made)
    )
    world.new_run([("run-vendor", program)])
    assert forks.perform(WORK, world.root).status == -9
    assert made.exists()
    assert world.carry() == "undone"
    assert not made.exists()


def test_what_is_there_already_need_not_be_made(world: StepWorld) -> None:
    (world.root / "versions/5").mkdir()
    assert carried(world, ("run-vendor", stepcases.vendor(world)), world.failing()) == "undone"
    assert (world.root / "versions/5").is_dir()
    assert not list((world.root / "versions/5").iterdir())


def test_a_vendors_program_has_its_time_and_its_secrets(world: StepWorld) -> None:
    slow = p.RunVendor(
        command=("/bin/sh", "-c", 'echo "it is $PASSWORD" >&2; sleep 30'),
        package=str(world.package),
        sha256=world.sha256(world.package),
        environment={"PASSWORD": SECRET},
        within=0.3,
    )
    assert carried(world, ("run-vendor", slow)) == "undone"
    assert b"hush" not in everywhere(world)

    shutil.rmtree(world.folder)
    world.folder.mkdir()
    says = p.RunVendor(
        command=("/bin/sh", "-c", 'echo "it is $PASSWORD" >&2; exit 1'),
        package=str(world.package),
        sha256=world.sha256(world.package),
        environment={"PASSWORD": SECRET},
    )
    assert carried(world, ("run-vendor", says)) == "undone"
    assert b"hush" not in everywhere(world)
    assert "it is" in told(world)

    shutil.rmtree(world.folder)
    world.folder.mkdir()
    shows = p.RunVendor(
        command=("/bin/sh", "-c", f'touch "{world.root}/ran"', SECRET), package=says.package, sha256=says.sha256
    )
    assert carried(world, ("run-vendor", shows)) == "undone"
    assert not (world.root / "ran").exists(), "every user of the host could read it there"


# --- configuration --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "make"),
    [
        ("edit-yaml", stepcases.edit_yaml),
        ("edit-xml", stepcases.edit_xml),
        ("render", stepcases.render),
    ],
)
def test_a_secret_comes_into_the_file_and_nowhere_else(
    world: StepWorld, kind: str, make: Callable[[StepWorld], p.Params]
) -> None:
    stepcases.template(world)
    assert carried(world, (kind, make(world))) == "final"
    assert any(b"hush" in path.read_bytes() for path in (world.inst / "conf").iterdir())
    assert b"hush" not in everywhere(world)


def test_an_edit_changes_what_it_says_and_no_other_byte(world: StepWorld) -> None:
    file = world.inst / "conf/site.yml"
    edit = p.EditYaml(file=str(file), set={"port": "8080"})
    assert carried(world, ("edit-yaml", edit)) == "final"
    assert file.read_bytes() == b"# of the administrator\nport: 8080\nname: 'old'\r\n"


def test_an_edit_of_what_is_so_already_keeps_nothing(world: StepWorld) -> None:
    before = world.seen()
    edit = p.EditYaml(file=str(world.inst / "conf/site.yml"), set={"port": "80"})
    assert carried(world, ("edit-yaml", edit)) == "final"
    assert world.seen() == before
    with closing(Journal.read(world.folder)) as journal:
        assert journal.kept() == []


def test_an_element_that_no_version_has_is_a_persons(world: StepWorld) -> None:
    before = world.seen()
    sets = (p.XmlSet(element=("a/x", "b/y"), value="1"),)
    edit = p.EditXml(file=str(world.inst / "conf/site.xml"), set=sets)
    assert carried(world, ("edit-xml", edit)) == "undone"
    assert "a/x, b/y" in told(world)
    assert world.seen() == before


@pytest.mark.parametrize("what", ["link", "folder", "nothing"])
def test_only_a_file_is_edited(world: StepWorld, what: str) -> None:
    file = world.inst / "conf/site.env"
    file.unlink()
    if what == "link":
        (world.inst / "conf/real.env").write_text("NAME=old\n", "utf-8")
        file.symlink_to("real.env")
    elif what == "folder":
        file.mkdir()
    before = world.seen()
    edit = p.EditEnv(file=str(file), set={"NAME": "new"})
    assert carried(world, ("edit-env", edit)) == "undone"
    assert world.seen() == before


def test_the_kept_copy_is_the_original_even_after_two_deaths(world: StepWorld, forks: Forks) -> None:
    file = world.inst / "conf/site.env"
    original = file.read_bytes()
    edits: Steps = [
        ("edit-env", p.EditEnv(file=str(file), set={"NAME": "one"})),
        ("edit-env", p.EditEnv(file=str(file), set={"NAME": "two"})),
        world.failing(),
    ]
    world.new_run(edits)
    forks.die(WORK, world.root, point="files.renamed@2")
    forks.die(WORK, world.root, point="run.after-do@1")
    assert world.carry() == "undone"
    assert file.read_bytes() == original


def test_a_file_that_has_another_name_now_keeps_its_owner_and_mode(world: StepWorld, forks: Forks) -> None:
    stepcases.staged(world)
    former = world.inst / "conf/three.conf"
    if os.geteuid() == 0:
        os.chown(former, 1234, 2345)
    wanted = (former.stat().st_mode, former.stat().st_uid, former.stat().st_gid)
    world.new_run([("place", stepcases.place(world))])
    forks.die(WORK, world.root, point="restore.moved@1")
    assert world.carry() == "final"
    new = (world.inst / "conf/renamed.conf").stat()
    assert (new.st_mode, new.st_uid, new.st_gid) == wanted
    assert not former.exists()


def test_where_both_names_are_there_the_new_one_keeps_what_it_is(world: StepWorld) -> None:
    stepcases.staged(world)
    new = world.inst / "conf/renamed.conf"
    new.write_text("there already", "utf-8")
    new.chmod(0o644)
    before = world.seen()
    assert carried(world, ("place", stepcases.place(world)), world.failing()) == "undone"
    assert world.seen() == before
    shutil.rmtree(world.folder)
    world.folder.mkdir()
    stepcases.staged(world)
    assert carried(world, ("place", stepcases.place(world))) == "final"
    assert new.stat().st_mode & 0o777 == 0o644
    assert new.read_text("utf-8") == "renamed=merged\n"


def test_a_merge_lies_beside_the_instance_and_is_nobody_elses_to_read(world: StepWorld) -> None:
    stepcases.defaults(world)
    before = world.seen()
    item = stepcases.merge_item(world)
    assert carried(world, ("merge", p.Merge(hop=1, items=(item,)))) == "final"
    staged, mine = world.folder / item.staged, "# of the administrator\nport: 80\n"
    assert staged.stat().st_mode & 0o777 == 0o600
    assert staged.read_text("utf-8") == f"{mine}name: 'new'\nmore: yes\n", "the administrator's, and the new default"
    assert world.seen() == before


def test_a_merge_that_comes_out_otherwise_than_shown_is_refused(world: StepWorld) -> None:
    stepcases.defaults(world)
    shown = stepcases.merge_item(world)
    item = msgspec.structs.replace(shown, sha256="0" * 64)
    assert carried(world, ("merge", p.Merge(hop=1, items=(item,)))) == "undone"
    assert "otherwise than the plan shows" in told(world)


def test_a_later_hop_goes_on_with_what_the_hop_before_came_to(world: StepWorld) -> None:
    stepcases.defaults(world)
    first = stepcases.merge_item(world)
    (world.root / "defaults/newer.yml").write_text("port: 8080\nname: 'newer'\nmore: no\n", "utf-8")
    newer = str(world.root / "defaults/newer.yml")
    second = msgspec.structs.replace(first, ours=first.staged, base=first.new, new=newer, staged="staged/2/site")
    merges = [("merge", p.Merge(hop=number, items=(item,))) for number, item in ((1, first), (2, second))]
    assert carried(world, *merges) == "final"
    assert (world.folder / "staged/2/site").read_text("utf-8").endswith("port: 80\nname: 'newer'\nmore: no\n")


# --- links and removals ---------------------------------------------------------------------------


def test_a_link_into_nothing_is_no_version(world: StepWorld) -> None:
    before = world.seen()
    links = {"bin": str(world.root / "versions/2/bin"), "conf": str(world.root / "versions/9")}
    assert carried(world, ("relink", p.Relink(folder=str(world.inst), links=links))) == "undone"
    assert "versions/9" in told(world)
    assert world.seen() == before


def test_what_is_removed_lies_in_the_restore_point_and_what_is_not_there_is_no_mistake(world: StepWorld) -> None:
    held = world.place.treasure()
    assert carried(world, ("remove", stepcases.remove(world))) == "final"
    assert not (world.inst / "data/deep").exists()
    assert not (world.inst / "link").is_symlink()
    assert (world.inst / "data/records").exists(), "what a link leads to stays"
    assert world.place.treasure() == held


def test_inside_a_kept_tree_that_the_new_version_restructured(world: StepWorld) -> None:
    """What a step took out of it has no folder to come back to, and need not have: the tree comes back whole."""
    data = world.inst / "data"
    before = world.seen()
    script = f'rm -r "{data}/deep"; echo new > "{data}/base"'
    convert = p.RunVendor(
        command=("/bin/sh", "-c", script),
        package=str(world.package),
        sha256=world.sha256(world.package),
        changes=(str(data),),
    )
    steps: Steps = [
        ("keep", stepcases.keep(data)),
        ("remove", p.Remove(folder=str(data), names=("deep/er",))),
        ("run-vendor", convert),
    ]
    assert carried(world, *steps, world.failing()) == "undone"
    assert world.seen() == before


# --- services -------------------------------------------------------------------------------------


def test_only_what_ran_is_started_again(world: StepWorld) -> None:
    world.start("front")
    assert carried(world, ("stop", stepcases.stop(world)), world.failing()) == "undone"
    assert world.running() == ["front"]


def test_a_stop_that_says_so_starts_nothing_again(world: StepWorld) -> None:
    world.start()
    assert carried(world, ("stop", stepcases.stop(world, back=False)), world.failing()) == "undone"
    assert world.running() == []


def test_a_service_that_will_not_stop_is_named_and_the_others_come_back(world: StepWorld) -> None:
    stubborn = p.ServiceSpec(
        name="base", command=("/bin/sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"), stop_within=0.3
    )
    world.services = (stubborn, world.services[1])
    world.start()
    assert carried(world, ("stop", stepcases.stop(world))) == "undone"
    assert "base did not stop" in told(world)
    assert world.running() == ["base", "front"]


def test_a_service_that_will_not_stop_is_killed_where_a_person_has_accepted_that(world: StepWorld) -> None:
    stubborn = p.ServiceSpec(
        name="base", command=("/bin/sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"), stop_within=0.3
    )
    world.services = (stubborn, world.services[1])
    world.start()
    assert carried(world, ("stop", stepcases.stop(world, kill=True))) == "final"
    assert world.running() == []


def test_a_start_that_fails_stops_what_it_had_started(world: StepWorld) -> None:
    broken = p.ServiceSpec(name="front", command=("/no/such/program",))
    world.services = (world.services[0], broken)
    assert carried(world, ("start", stepcases.start(world))) == "undone"
    assert world.running() == []


# --- waiting --------------------------------------------------------------------------------------


def wait_for(world: StepWorld, **more: object) -> p.Params:
    return p.AwaitLog(**{"glob": str(world.logs / "*.log"), "slot": "hop1", "last_line": "completed", **more})  # type: ignore[arg-type]


def log(world: StepWorld, text: str, name: str = "a.log", encoding: str = "utf-8") -> None:
    with (world.logs / name).open("ab") as file:
        file.write(text.encode(encoding))


def marked(world: StepWorld) -> None:
    marks.take(world.folder, "hop1", [str(world.logs / "*.log")])


def test_the_last_hops_words_do_not_count(world: StepWorld) -> None:
    log(world, "Upgrade completed\n")
    marked(world)
    assert carried(world, ("await-log", wait_for(world, within=0.3))) == "undone"
    assert "did not say within" in told(world)


@pytest.mark.parametrize("ending", ["\n", "", "\r\n", "\n\n  \n"])
def test_the_last_line_that_says_anything_counts(world: StepWorld, ending: str) -> None:
    marked(world)
    log(world, f"begun\nUpgrade completed{ending}")
    assert carried(world, ("await-log", wait_for(world, within=5.0))) == "final"


def test_words_in_the_middle_do_not_count_while_it_goes_on(world: StepWorld) -> None:
    marked(world)
    log(world, "Upgrade completed\nbut not all of it\n")
    assert carried(world, ("await-log", wait_for(world, within=0.3))) == "undone"


def test_a_log_that_grows_meanwhile_is_followed(world: StepWorld) -> None:
    marked(world)
    log(world, "begun\n")
    log(world, "1 %\n", "progress.txt")
    threading.Timer(0.4, lambda: log(world, "Upgrade comp")).start()
    threading.Timer(0.6, lambda: log(world, "leted")).start()
    wait = wait_for(world, within=10.0, follow=str(world.logs / "*.txt"))
    assert carried(world, ("await-log", wait)) == "final"
    assert told(world).count("progress.txt: 1 %") == 1, "the same words are told once"


@pytest.mark.parametrize("rotated", [False, True])
def test_a_log_that_was_rotated_or_cut_is_read_on(world: StepWorld, rotated: bool) -> None:
    log(world, "old words that are quite long\n")
    marked(world)
    if rotated:
        (world.logs / "a.log").rename(world.logs / "a.1.log")
    else:
        (world.logs / "a.log").write_bytes(b"")
    log(world, "Upgrade completed\n")
    assert carried(world, ("await-log", wait_for(world, within=5.0))) == "final"


def test_words_that_must_not_come_end_the_wait(world: StepWorld) -> None:
    marked(world)
    log(world, "Ошибка: нет места\nUpgrade completed\n", encoding="cp1251")
    wait = wait_for(world, never=("(?i)ошиб",), encoding="cp1251", within=5.0)
    assert carried(world, ("await-log", wait)) == "undone"
    assert "a.log says: Ошибка: нет места" in told(world)


def test_without_a_last_line_the_words_are_judged_once(world: StepWorld) -> None:
    marked(world)
    log(world, "all is well\n")
    wait = p.AwaitLog(glob=str(world.logs / "*.log"), slot="hop1", never=("(?i)error",))
    assert carried(world, ("await-log", wait)) == "final"


def test_a_service_that_ended_has_left_its_work_half_done(world: StepWorld) -> None:
    short = p.ServiceSpec(name="base", command=("/bin/sh", "-c", "echo dying; sleep 0.5; exit 1"))
    world.services = (short,)
    marked(world)
    wait = wait_for(world, services=world.services, within=20.0)
    assert carried(world, ("start", stepcases.start(world)), ("await-log", wait)) == "undone"
    assert "ended before its work was done" in told(world)
    assert "dying" in told(world)


def test_an_address_has_its_time(world: StepWorld) -> None:
    stepcases.serve(world)
    wait = p.AwaitHttp(url=stepcases.site(world), has="never this", within=0.3)
    assert carried(world, ("await-http", wait)) == "undone"
    assert "it answered 200" in told(world)


# --- people ---------------------------------------------------------------------------------------

TEXT = Localized(en="do it", ru="сделайте")
BACK = Localized(en="take it back", ru="верните")


def engine_of(world: StepWorld, journal: Journal) -> Engine[object]:
    return Engine(journal, TABLE, world.tools(journal), Alone())  # type: ignore[arg-type]


@pytest.mark.parametrize("undo", [None, BACK])
def test_a_person_is_asked_there_and_back(world: StepWorld, undo: Localized | None) -> None:
    world.new_run([("manual", p.Manual(text=TEXT, undo=undo)), world.failing()])
    with closing(Journal.open(world.folder)) as journal:
        engine = engine_of(world, journal)
        assert engine.carry() == "waiting"
        assert engine.carry() == "waiting"
        state = engine.carry(resume=True)
        if undo is not None:
            assert state == "parked"
            assert "take it back" in str(journal.run().why)
            assert engine.carry() == "parked"
            state = engine.carry(resume=True)
        assert state == "undone"


def test_what_nobody_was_told_nobody_takes_back(world: StepWorld, forks: Forks) -> None:
    world.new_run([("manual", p.Manual(text=TEXT, undo=BACK))])
    forks.die(WORK, world.root, point="run.before-do")

    class Cancelling(Alone):
        def asked(self, request: str) -> bool:
            return request == "cancel"

    with closing(Journal.open(world.folder)) as journal:
        engine = Engine(journal, TABLE, world.tools(journal), Cancelling())
        assert engine.carry() == "undone"


# --- asking ---------------------------------------------------------------------------------------


def asking(world: StepWorld, *findings: Finding) -> Callable[[Sequence[p.Asked]], list[Finding]]:
    return lambda _asked: list(findings)


ONE = Finding(check="one", blocking=True, text=plain("this is missing"), accept="one")
TWO = Finding(check="two", blocking=True, text=plain("that is broken"))
NOTE = Finding(check="three", blocking=False, text=plain("by the way"))


@pytest.mark.parametrize("kind", ["judge", "check", "probation"])
def test_everything_that_forbids_it_is_said_at_once(
    world: StepWorld, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world, "_ask", asking(world, ONE, TWO, NOTE))
    params = {
        "judge": p.Judge(hop=1, checks=(), accepted=("one",)),
        "check": p.Check(hop=1, checks=()),
        "probation": p.Probation(seconds=0.1, checks=()),
    }[kind]
    assert carried(world, (kind, params)) == "undone"
    assert ("one: this is missing" in told(world)) == (kind != "probation") or kind == "probation"
    assert "two: that is broken" in told(world)


def test_what_a_person_accepted_by_name_does_not_forbid(world: StepWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "_ask", asking(world, ONE, NOTE))
    assert carried(world, ("judge", p.Judge(hop=1, checks=(), accepted=("one",)))) == "final"
    assert "one: this is missing" in told(world), "accepted is not forgotten"


def test_probation_goes_on_until_its_end_or_until_a_person_ends_it(world: StepWorld) -> None:
    class Finishing(Alone):
        def asked(self, request: str) -> bool:
            return request == "finish"

    world.new_run([("probation", p.Probation(seconds=3600.0, checks=()))])
    with closing(Journal.open(world.folder)) as journal:
        assert Engine(journal, TABLE, world.tools(journal), Finishing()).carry() == "final"
    assert "a person ended the probation" in str(step_of(world).why)


def test_facts_are_written_down_for_the_report(world: StepWorld) -> None:
    assert carried(world, ("check", p.Check(hop=1, checks=(), facts=True))) == "final"
    with closing(Journal.read(world.folder)) as journal:
        assert journal.facts("after") == {"version": b'"1"'}


# --- room -----------------------------------------------------------------------------------------


def test_room_is_held_on_every_device_once_and_given_back_at_the_end(world: StepWorld) -> None:
    hold = p.Reserve(folders=(str(world.home), str(world.inst), str(world.inst / "not/there/yet")), bytes=1 << 20)
    places = [world.folder, world.root / ".smena/run"]
    world.new_run([("reserve", hold), ("manual", p.Manual(text=TEXT))])
    with closing(Journal.open(world.folder)) as journal:
        assert engine_of(world, journal).carry() == "waiting"
        assert all(reserve.held(place) for place in places)
        assert relieve(journal) is True
        assert relieve(journal) is False
        assert not any(reserve.held(place) for place in places)
        assert engine_of(world, journal).carry(resume=True) == "final"


@pytest.mark.root
def test_a_disk_that_is_full_already_refuses_the_run(tmp_path: Path) -> None:
    with disks.tmpfs(tmp_path / "disk", "24m") as root:
        world = StepWorld(root).made()
        before = world.seen()
        assert carried(world, ("reserve", p.Reserve(folders=(str(world.home),), bytes=64 << 20))) == "undone"
        assert world.seen() == before
        assert not reserve.held(world.folder)


# --- the disk is full in the middle ---------------------------------------------------------------


@pytest.mark.root
@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["keep", "first-copy", "backup", "place", "edit-yaml", "render", "relink", "remove", "merge"]
)
def test_a_disk_that_is_full_in_the_middle_of_a_step(tmp_path: Path, name: str) -> None:
    """Whatever room is left when the step begins: in the end it is done, or everything is as before."""
    ends = set()
    for room in (0, 2_000, 6_000, 20_000, 100_000, 700_000, 2_000_000):
        with disks.tmpfs(tmp_path / f"disk{room}", "40m") as root:
            world = StepWorld(root).made()
            case = stepcases.CASES[name]
            case.before(world)
            held = p.Reserve(folders=(str(world.home),), bytes=1 << 20)
            world.new_run([("reserve", held), ("manual", p.Manual(text=TEXT)), *case.steps(world)])
            with closing(Journal.open(world.folder)) as journal:
                journal.store.relief = partial(relieve, journal)
                engine = engine_of(world, journal)
                assert engine.carry() == "waiting"
                before = world.seen()
                _fill(root, room)
                ends.add(engine.carry(resume=True))
                if journal.state() == "undone":
                    assert world.seen() == before, room
            shutil.rmtree(world.folder)
    assert "undone" in ends


def _fill(root: Path, room: int) -> None:
    filling = root / "filling"
    with filling.open("ab", buffering=0) as file:
        try:
            while True:
                file.write(b"f" * 4096)
        except OSError:
            pass
    os.truncate(filling, max(0, filling.stat().st_size - room))


def test_a_notice_stands_in_the_journal(world: StepWorld) -> None:
    assert carried(world, ("notice", p.Notice(text=TEXT))) == "final"
    assert "do it" in told(world)
    assert run_of(world).state == "final"
    assert NAME
