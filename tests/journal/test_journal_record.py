"""A run's journal: made whole or not at all, read by anyone, and usable where the disk is full."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smena.errors import DiskFull, RunUnknown, StoreOlder
from smena.host import reserve
from smena.host.paths import decode, encode
from smena.journal import schema
from smena.journal.journal import FILE, Journal
from smena.journal.rows import Header, NewStep
from smena.text import Text, _, plain, render
from support import death, disks


def header(run: str = "r1") -> Header:
    words = {"id": run, "kind": "upgrade", "instance": "main", "product": "p", "from_version": "1", "to_version": "2"}
    return Header(**words, plan=b"{}", plan_hash="h", options=b"{}", smena="0", who="me", host="here")


def made(folder: Path, *kinds: str) -> Journal:
    steps = [NewStep(kind=kind, params=b"{}", title=plain(kind)) for kind in kinds or ("one", "two")]
    return Journal.create(folder, header(), steps)


# --- making --------------------------------------------------------------------------


def test_a_new_run_has_touched_nothing_yet(tmp_path: Path) -> None:
    journal = made(tmp_path)
    run = journal.run()
    assert (run.state, run.recoveries, run.started, run.finished) == ("new", 0, None, None)
    assert [(step.seq, step.kind, step.status, step.attempts) for step in journal.steps()] == [
        (1, "one", "do", 0),
        (2, "two", "do", 0),
    ]
    assert journal.events() == []
    assert journal.kept() == []
    journal.close()


@pytest.mark.slow
def test_a_journal_has_its_name_only_when_the_whole_run_stands_in_it(tmp_path: Path) -> None:
    """Whoever dies while it makes a run leaves no run, never half a one."""
    code = f"""
        import sys
        sys.path[:0] = {[str(Path(__file__).parent), str(Path(__file__).parents[1])]!r}
        from pathlib import Path
        from smena import faults
        from smena.store import Store
        real = Store.write
        def write(self, sql, *values):
            faults.point("write")
            return real(self, sql, *values)
        Store.write = write
        from test_journal_record import made
        made(Path({str(tmp_path / "run")!r}))
    """
    (tmp_path / "run").mkdir()
    log = tmp_path / "points"
    before = [point for point in death.points(code, log) if not point.startswith("files.renamed")]
    assert len(before) > 8
    assert before[-1] == "journal.written@1"
    for number, point in enumerate(before):
        folder = tmp_path / f"run{number}"
        folder.mkdir()
        death.die(code.replace(str(tmp_path / "run"), str(folder)), point)
        assert not (folder / FILE).exists(), point
        with pytest.raises(RunUnknown):
            Journal.open(folder)


# --- what is written is what is read ---------------------------------------------------


def test_a_step_keeps_its_times_and_words_through_its_life(tmp_path: Path) -> None:
    journal = made(tmp_path)
    journal.begin(1, "doing")
    began = journal.step(1).started
    journal.begin(1, "doing")
    journal.settle(1, "failed", plain("because"))
    journal.settle(1, "undo")
    journal.begin(1, "undoing")
    journal.settle(1, "undone")
    step = journal.step(1)
    assert (step.attempts, step.started, str(step.why)) == (2, began, "because")
    assert step.finished is not None
    assert step.undone is not None
    assert journal.step(2).status == "do"
    with pytest.raises(RunUnknown):
        journal.step(3)
    journal.close()


@given(words=st.text(max_size=30), name=st.binary(min_size=1, max_size=12), number=st.integers(-(2**53), 2**53))
def test_law_every_word_and_every_path_comes_back(
    tmp_path_factory: pytest.TempPathFactory, words: str, name: bytes, number: int
) -> None:
    """File names need not be text, and secrets are no text either; the journal takes them all in their escaped form."""
    path = os.fsdecode(b"/srv/" + name.replace(b"/", b"_").replace(b"\0", b"_"))
    told: Text = _("{path} holds {words} and {number}", path=encode(path), words=encode(words), number=number)
    folder = tmp_path_factory.mktemp("law")
    journal = Journal.create(folder, header(), [NewStep(kind="one", params=b"{}", title=told)])
    journal.say(told, seq=1)
    kept = journal.register(1, encode(path), "file", b"\x00\xff")
    journal.lay(kept, encode(path))
    journal.record(1, msgspec.json.encode({"words": encode(words)}))
    journal.close()

    reader = Journal.read(folder)
    step, event, entry = reader.step(1), reader.events()[0], reader.kept_entry(kept)
    assert step.title == event.text == told
    assert render(step.title, "en") == str(told)
    assert decode(entry.path) == decode(entry.content or "") == path
    assert entry.detail == b"\x00\xff"
    assert step.record == msgspec.json.encode({"words": encode(words)})
    reader.close()


def test_kept_entries_are_found_by_step_and_path_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    journal = made(tmp_path)
    numbers = [journal.register(seq, path, "file") for seq, path in [(1, "/a"), (1, "/b"), (2, "/a")]]
    assert [entry.id for entry in journal.kept()] == numbers
    assert [entry.path for entry in journal.kept(1)] == ["/a", "/b"]
    found = journal.kept_at(2, "/a")
    assert found is not None
    assert found.id == numbers[2]
    assert journal.kept_at(2, "/b") is None
    journal.mark(numbers[0], "kept", b"detail")
    journal.mark(numbers[0], "put back")
    assert (journal.kept_entry(numbers[0]).state, journal.kept_entry(numbers[0]).detail) == ("put back", b"detail")
    with pytest.raises(RunUnknown):
        journal.kept_entry(99)
    journal.close()


def test_facts_of_two_moments_stand_side_by_side(tmp_path: Path) -> None:
    journal = made(tmp_path)
    journal.note_facts("before", {"version": b'"1"', "owner": b'"root"'})
    journal.note_facts("after", {"version": b'"2"'})
    journal.note_facts("after", {"version": b'"3"'})
    assert journal.facts("before") == {"owner": b'"root"', "version": b'"1"'}
    assert journal.facts("after") == {"version": b'"3"'}
    journal.close()


def test_readers_follow_the_events_while_the_run_writes(tmp_path: Path) -> None:
    journal = made(tmp_path)
    reader = Journal.read(tmp_path)
    journal.say(plain("one"))
    last = reader.events()[-1].id
    journal.say(plain("two"), seq=1, fraction=0.5)
    assert [str(event.text) for event in reader.events(after=last)] == ["two"]
    with journal.change():
        journal.begin(1, "doing")
        assert reader.step(1).status == "do", "what is not committed is nobody's to see"
    assert reader.step(1).status == "doing"
    reader.close()
    journal.close()


# --- other versions, other troubles ---------------------------------------------------------


def test_an_open_run_of_an_older_smena_is_refused_but_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path).close()
    newer = (*schema.MIGRATIONS, "ALTER TABLE run ADD COLUMN more TEXT")
    monkeypatch.setattr("smena.journal.journal.MIGRATIONS", newer)
    with pytest.raises(StoreOlder):
        Journal.open(tmp_path)
    reader = Journal.read(tmp_path)
    assert reader.run().id == "r1"
    reader.close()


def test_what_is_no_run_is_unknown(tmp_path: Path) -> None:
    with pytest.raises(RunUnknown):
        Journal.read(tmp_path / "nowhere")
    with pytest.raises(RunUnknown):
        Journal.open(tmp_path)
    assert list(tmp_path.iterdir()) == [], "asking makes nothing"


@pytest.mark.root
def test_a_run_is_taken_up_on_a_full_disk_by_giving_up_its_reserve(tmp_path: Path) -> None:
    with disks.tmpfs(tmp_path / "disk", "3m") as root:
        made(root).close()
        reserve.hold(root, 1_000_000)
        fill(root)
        reader = Journal.read(root)
        assert reader.run().state == "new"
        reader.close()
        journal = Journal.open(root)
        assert not reserve.held(root)
        assert journal.store.relieved
        journal.set_state("undoing")
        journal.close()
        fill(root)
        with pytest.raises(DiskFull):
            Journal.open(root)
        assert Journal.read(root).run().state == "undoing"


@pytest.mark.root
def test_a_run_that_finds_no_room_for_its_journal_is_no_run(tmp_path: Path) -> None:
    with disks.tmpfs(tmp_path / "disk", "1m") as root:
        fill(root)
        (root / "filling").write_bytes(b"f" * (root.joinpath("filling").stat().st_size - 40_000))
        with pytest.raises(DiskFull):
            made(root, *(["step"] * 4000))
        with pytest.raises(RunUnknown):
            Journal.read(root)


def fill(root: Path) -> None:
    with (root / "filling").open("ab", buffering=0) as file:
        try:
            while True:
                file.write(b"f" * 4096)
        except OSError:
            return


def test_death_while_the_journal_is_written_leaves_the_last_commit(tmp_path: Path) -> None:
    code = f"""
        import os, signal
        from pathlib import Path
        from smena.journal.journal import Journal
        from smena.text import plain
        journal = Journal.open(Path({str(tmp_path)!r}))
        with journal.change():
            journal.begin(1, "doing")
            journal.say(plain("committed"))
        with journal.change():
            journal.settle(1, "done")
            os.kill(os.getpid(), signal.SIGKILL)
    """
    made(tmp_path).close()
    assert death.perform(code).returncode == -signal.SIGKILL
    journal = Journal.open(tmp_path)
    assert journal.step(1).status == "doing"
    assert [str(event.text) for event in journal.events()] == ["committed"]
    journal.close()
