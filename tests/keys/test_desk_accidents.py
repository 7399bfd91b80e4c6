"""Deaths at the desk, backups put back, records cut or changed: nothing is granted twice, nothing is silent."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from smena.errors import AnswerLogBad, AuditBroken, DeskBehind
from smena.keys.codec import files
from smena.keys.desk import accounts, answerlog, audit, enrolling, recovering
from smena.keys.desk.answerlog import Mark
from smena.keys.exchange import asking
from smena.service import desk as service
from support.death import die, perform
from support.deskworld import NOW, DeskWorld, Office, known_of
from support.keyworld import SEVEN, SIX

POINTS = ("desk.committed", "desk.log-written", "desk.logged", "desk.signed", "desk.recorded")


def answering_it(world: DeskWorld, question: bytes) -> str:
    """A process of its own that answers."""
    return f"""
        from pathlib import Path
        from smena.keys.desk.answering import Ask, answer
        from smena.keys.desk.desk import opened
        with opened(Path({str(world.folder)!r}), "vera", {NOW}) as desk:
            print(answer(desk, [Ask(bytes.fromhex({question.hex()!r}))])[0].answer.hex())
    """


def log_of(world: DeskWorld) -> list[answerlog.Line]:
    return list(answerlog.lines(world.folder / "answers.log", Mark()))


@pytest.mark.parametrize("point", POINTS)
def test_killed_between_signing_and_recording(world: DeskWorld, office: Office, point: str) -> None:
    """And anywhere else: what was decided stays decided, so the same question gets the same bytes."""
    world.order(office.key)
    question = office.ask()
    die(answering_it(world, question), point)
    with world.open() as desk:
        decided = known_of(desk, office.key).account.inputs
        assert len(decided) == 1
    first, again = world.answer(question, now=NOW + 7), world.answer(question)
    assert first.answer == again.answer
    assert perform(answering_it(world, question)).stdout.strip() == first.answer.hex()
    logged = [line.entry.inputs for line in log_of(world) if isinstance(line.entry, answerlog.Answered)]
    assert [(one.question, one.new, one.serial) for one in logged] == [(question, decided[0].new, decided[0].serial)]
    world.confirm(office.apply(first.answer))
    assert office.licence == SIX


def test_an_answer_that_left_before_the_death_is_confirmed_all_the_same(world: DeskWorld, office: Office) -> None:
    """Signed, handed over, but not kept: the confirmation fits, because signing again gives the same bytes."""
    world.order(office.key)
    question = office.ask()
    die(answering_it(world, question), "desk.signed")
    shutil.copytree(world.folder, world.folder.parent / "before")
    answer = world.answer(question).answer
    shutil.rmtree(world.folder)
    (world.folder.parent / "before").rename(world.folder)
    assert not world.confirm(office.apply(answer)).again


def test_a_cut_last_line_is_written_again(world: DeskWorld, office: Office) -> None:
    """As by a power cut in the middle of the write: the line stands in the store already."""
    world.order(office.key)
    question = office.ask()
    die(answering_it(world, question), "desk.committed")
    log = world.folder / "answers.log"
    with log.open("ab") as file:
        file.write(b'{"what":"answered","num')
    world.answer(question)
    assert [line.after.number for line in log_of(world)] == [1, 2]
    assert log.read_bytes().endswith(b"\n")


# --- backups -----------------------------------------------------------------------------


def backup(world: DeskWorld) -> Path:
    return Path(shutil.copy2(world.folder / "desk.sqlite", world.folder.parent / "backup.sqlite"))


def put_back(world: DeskWorld, saved: Path) -> None:
    """The store from the backup; the answer log, on another disk, is as it was."""
    for name in ("desk.sqlite-wal", "desk.sqlite-shm"):
        (world.folder / name).unlink(missing_ok=True)
    shutil.copy2(saved, world.folder / "desk.sqlite")


def test_restored_from_a_backup_it_takes_only_epochs_above_its_log(world: DeskWorld, office: Office) -> None:
    world.order(office.key)
    saved = backup(world)
    question = office.ask()
    answer = world.answer(question).answer
    put_back(world, saved)
    with pytest.raises(DeskBehind):  # the key may have applied it, or not: nobody knows here
        world.answer(question)
    with pytest.raises(DeskBehind):
        world.order(office.key, SEVEN) and world.receive(question)
    office.apply(answer)
    seen = world.receive(office.ask())  # above the log: it has applied everything that the log knows
    assert (seen.received.account.licence.epoch, seen.received.healed) == (1, True)


def test_other_keys_are_served_meanwhile(world: DeskWorld, office: Office) -> None:
    other = Office(world)
    world.order(office.key)
    world.order(other.key)
    saved = backup(world)
    world.answer(office.ask())
    put_back(world, saved)
    world.confirm(other.apply(world.answer(other.ask()).answer))
    with pytest.raises(DeskBehind):
        world.answer(office.ask())
    assert [line.after.number for line in log_of(world)] == [1, 2, 3, 4]


def test_a_person_confirms_and_the_log_is_read_in(world: DeskWorld, office: Office) -> None:
    saved = backup(world)
    late = Office(world)
    for one in (office, late):
        one.exchange()
    world.order(office.key, SEVEN)
    question = office.ask()
    answer = world.answer(question).answer
    put_back(world, saved)
    assert service.behind(world.folder).keys == {office.name: 2, late.name: 1}
    service.recover(world.folder)
    assert service.behind(world.folder).lines == ()
    assert world.answer(question, now=NOW + 3).answer == answer
    world.confirm(office.apply(answer))
    late.exchange(SEVEN)
    serials = [line.entry.inputs.serial for line in log_of(world) if isinstance(line.entry, answerlog.Answered)]
    assert serials == sorted(set(serials))
    assert world.order(office.key, SIX).number > 3


def test_a_confirmation_for_a_desk_that_is_behind_says_so(world: DeskWorld, office: Office) -> None:
    world.order(office.key)
    saved = backup(world)
    confirmation = office.apply(world.answer(office.ask()).answer)
    put_back(world, saved)
    with pytest.raises(DeskBehind):
        world.confirm(confirmation)
    service.recover(world.folder)
    assert not world.confirm(confirmation).again


def test_a_log_that_is_cut_stops_everything_until_a_person_has_looked(world: DeskWorld, office: Office) -> None:
    office.exchange()
    office.exchange(SEVEN)
    log = world.folder / "answers.log"
    log.write_bytes(log.read_bytes().splitlines(keepends=True)[0])
    world.order(office.key, SIX)
    with pytest.raises(AnswerLogBad):
        world.answer(office.ask())
    service.recover(world.folder)
    assert [line.after.number for line in log_of(world)] == [1, 2, 3]


def test_a_changed_line_is_found(world: DeskWorld, office: Office) -> None:
    office.exchange()
    log = world.folder / "answers.log"
    log.write_bytes(log.read_bytes().replace(b'"customer":"ACME"', b'"customer":"ACNE"'))
    with pytest.raises(AnswerLogBad):
        service.proven(world.folder)


def test_a_log_and_a_store_that_went_different_ways_are_not_mixed(world: DeskWorld, office: Office) -> None:
    """Both were put back, at different times: what each tells is true, but not of one desk."""
    other = Office(world)
    for one in (office, other):
        world.order(one.key)
    shutil.copytree(world.folder, world.folder.parent / "copy")
    world.answer(office.ask())
    log = (world.folder / "answers.log").read_bytes()
    shutil.rmtree(world.folder)
    (world.folder.parent / "copy").rename(world.folder)
    world.answer(other.ask())
    (world.folder / "answers.log").write_bytes(log)
    with world.open() as desk, pytest.raises(AnswerLogBad):
        desk.ready()


# --- the audit chain -----------------------------------------------------------------------


def test_the_chain_holds_and_knows_old_heads(world: DeskWorld, office: Office) -> None:
    given = office.exchange()
    office.exchange(SEVEN)
    proven = service.proven(world.folder, given.head.hex()[:16])
    assert (proven.found, proven.lines, proven.strange) == (True, 3, ())
    assert service.proven(world.folder, "00" * 32).found is False


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit SET line=replace(line, 'invoice', 'present') WHERE number=3",
        "DELETE FROM audit WHERE number=3",
        "UPDATE audit SET hash=zeroblob(32) WHERE number=2",
    ],
)
def test_a_changed_chain_is_found(world: DeskWorld, office: Office, sql: str) -> None:
    office.exchange()
    with world.open() as desk:
        desk.store.write(sql)
    with pytest.raises(AuditBroken):
        service.proven(world.folder)


def test_a_chain_that_was_made_anew_does_not_know_the_log(world: DeskWorld, office: Office) -> None:
    """Whoever rewrites the whole chain cannot rewrite what stands in the log, and in mails."""
    given = office.exchange()
    with world.open() as desk:
        old = audit.entries(desk.store)
        desk.store.write("DELETE FROM audit")
        head = audit.Head()
        for entry in old[:-2]:
            head = audit.add(desk.store, head, "mallory", entry.what, entry.key, **entry.said)
    proven = service.proven(world.folder, given.head.hex())
    assert (proven.found, proven.strange) == (False, (1, 2))


def test_nothing_of_a_refused_enrolment_stays(world: DeskWorld, office: Office) -> None:
    before = log_of(world)
    with world.open() as desk, pytest.raises(Exception, match="enrolled already"):
        enrolling.enrol(desk, office.enrolment, enrolling.Said())
    assert log_of(world) == before


def test_a_key_of_the_log_that_nobody_knows_is_named(world: DeskWorld, office: Office) -> None:
    """Somebody took a key out of the store."""
    saved = backup(world)
    office.exchange()
    put_back(world, saved)
    with world.open() as desk:
        desk.store.write("DELETE FROM key")
    with world.open() as desk, pytest.raises(AnswerLogBad):
        recovering.recover(desk)
    carried = files.write(asking.enrol(office.key.token, world.realm, NOW))
    world.enrol(files.read(carried).message)
    service.recover(world.folder)
    with world.open() as desk:
        assert len(accounts.everyone(desk.store)) == 1
    office.exchange(SEVEN)
