"""Programs: run to the end, within limits, ended with all they started, and their secrets never shown."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from smena import clock
from smena.errors import AccessDenied, FileFailed, ProgramFailed, ProgramMissing, ProgramTooSlow
from smena.host.native import processes
from smena.host.output import Kept, masked, tail
from smena.host.ports import Identity
from smena.host.process import Command, checked, environment, run, spawn, survivors


def python(code: str, **more: object) -> Command:
    return Command((sys.executable, "-S", "-c", code), environment(), **more)  # type: ignore[arg-type]


def test_status_and_both_streams() -> None:
    outcome = run(python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(7)"))
    assert (outcome.status, outcome.out, outcome.err) == (7, "out\n", "err\n")


def test_a_signal_is_a_negative_status() -> None:
    assert run(python("import os; os.kill(os.getpid(), 9)")).status == -signal.SIGKILL


def test_arguments_reach_the_program_as_they_are() -> None:
    odd = ("two words", "$HOME", "; rm -rf /", "", "\udcff", "строка", "a\nb", "*")
    code = "import sys, os; sys.stdout.buffer.write(b'|'.join(map(os.fsencode, sys.argv[1:])))"
    outcome = run(Command((sys.executable, "-S", "-c", code, *odd), environment(), encoding="latin-1"))
    assert outcome.out.encode("latin-1") == b"|".join(map(os.fsencode, odd))


def test_the_environment_is_only_what_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_CALLER", "x")
    code = "import os; print(os.environ.get('SECRET_OF_THE_CALLER'), os.environ.get('GIVEN'))"
    assert run(Command((sys.executable, "-S", "-c", code), environment(GIVEN="yes"))).out == "None yes\n"


def test_input_and_folder(tmp_path: Path) -> None:
    code = "import sys, os; print(len(sys.stdin.read()), os.getcwd())"
    assert run(python(code, input=b"x" * 300_000, cwd=tmp_path)).out == f"300000 {tmp_path}\n"


def test_a_program_that_does_not_read_its_input() -> None:
    assert run(python("", input=b"x" * 300_000)).status == 0


def test_a_flood_is_kept_in_bounds() -> None:
    code = "import sys\nfor n in range(200_000): sys.stdout.write(f'line {n}\\n')"
    outcome = run(python(code, keep=10_000))
    assert len(outcome.out) < 80_000
    assert outcome.out.startswith("line 0\n")
    assert outcome.out.endswith("line 199999\n")
    assert "\n[... " in outcome.out


def test_output_in_another_encoding() -> None:
    code = "import sys; sys.stdout.buffer.write('Служба запущена'.encode('cp866'))"
    assert run(python(code, encoding="cp866")).out == "Служба запущена"
    assert "\\x" in run(python(code)).out


def test_a_missing_program_and_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(ProgramMissing, match="no-such-program"):
        run(Command(("no-such-program",), environment()))
    with pytest.raises(FileFailed, match="cannot run"):
        run(python("", cwd=tmp_path / "missing"))
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(AccessDenied, match="cannot run"):
        run(Command((str(tmp_path / "file"),), environment()))


# -- time ----------------------------------------------------------------------------

FAMILY = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""


def test_too_slow_is_ended_with_all_that_it_started() -> None:
    began = clock.ticks()
    with pytest.raises(ProgramTooSlow, match="did not end within") as caught:
        run(python(FAMILY, limit=0.5, patience=0.5))
    assert clock.ticks() - began < 5
    child = int(str(caught.value.why[0]))
    assert not processes.runs(child)


def test_one_that_ignores_being_asked_is_ended() -> None:
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
    )
    who: list[Identity] = []
    with pytest.raises(ProgramTooSlow):
        run(python(code, limit=0.5, patience=0.2), who.append)
    assert not processes.alive(who[0])


def test_who_runs_is_told_before_anything_is_waited_for(tmp_path: Path) -> None:
    """It ends only once it was told of: of one that has ended nobody needs to know."""
    heard, told = tmp_path / "heard", list[Identity]()
    code = f"import os, time\nwhile not os.path.exists({str(heard)!r}): time.sleep(0.01)\nprint(os.getpid())"

    def hear(who: Identity) -> None:
        told.append(who)
        heard.touch()

    outcome = run(python(code), hear)
    assert told[0].pid == int(outcome.out)
    assert not processes.alive(told[0])


def test_what_a_program_leaves_running_does_not_hold_us() -> None:
    """It ended, but its child still holds the pipe: we wait a moment for more output, not for ever."""
    code = FAMILY.replace("sleep(600)", "sleep(6)").rpartition("time.sleep")[0]
    began = clock.ticks()
    outcome = run(python(code))
    assert clock.ticks() - began < 4
    os.kill(int(outcome.out), signal.SIGKILL)


def test_an_exception_on_our_side_ends_the_program() -> None:
    told: list[Identity] = []

    def fail(who: Identity) -> None:
        told.append(who)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(python(FAMILY), fail)
    assert not processes.alive(told[0])


# -- secrets and messages ---------------------------------------------------------------


def test_secrets_are_masked_in_every_message() -> None:
    secrets = ("hunter2", "hunter2-and-more")
    code = "import sys; print('using hunter2-and-more', sys.argv[1]); sys.exit('denied for hunter2')"
    command = Command((sys.executable, "-S", "-c", code, "hunter2"), environment(), secrets=secrets)
    with pytest.raises(ProgramFailed) as caught:
        checked(command)
    with pytest.raises(ProgramTooSlow) as slow:
        run(
            Command(
                (*command.args[:3], "import time; print('hunter2', flush=True); time.sleep(9)", "hunter2"),
                environment(),
                limit=0.4,
                patience=0.0,
                secrets=secrets,
            )
        )
    with pytest.raises(ProgramMissing) as missing:
        run(Command(("hunter2-no", "hunter2"), environment(), secrets=("hunter2",)))
    for error in (caught.value, slow.value):
        assert "hunter2" not in str(error.as_dict())
    assert "hunter2" not in repr(command)
    assert str(missing.value) == "cannot find the program hunter2-no"
    assert "denied for ***" in str(caught.value.why[0])


def test_the_last_words_are_the_last() -> None:
    with pytest.raises(ProgramFailed) as caught:
        checked(python("import sys\nfor n in range(99): print(n, file=sys.stderr)\nsys.exit('the reason')"))
    assert str(caught.value.why[0]).endswith("98\nthe reason")
    assert "\n1\n" not in str(caught.value.why[0])


def test_a_good_status_may_be_another() -> None:
    assert checked(python("import sys; sys.exit(3)"), good=(0, 3)).status == 3


def test_helpers() -> None:
    assert masked("ab a b", ["a", "ab", ""]) == "*** *** b"
    assert tail("\n\n1\n\n2\n") == "1\n2"
    kept = Kept(10)
    for _number in range(3):
        kept.add(b"0123456789")
    assert kept.text("ascii").startswith("01234\n[...")
    assert kept.text("ascii").endswith("56789")


# -- outliving us -------------------------------------------------------------------------


def sleeper(tmp_path: Path) -> Identity:
    return spawn(python("import time; print('up', flush=True); time.sleep(600)"), tmp_path / "log", tmp_path / "note")


def test_a_spawned_one_is_nobodys_child_and_leads_its_session(tmp_path: Path) -> None:
    who = sleeper(tmp_path)
    try:
        assert os.getsid(who.pid) == who.pid
        with pytest.raises(ChildProcessError):
            os.waitpid(who.pid, os.WNOHANG)
        assert processes.members(who) == [who]
    finally:
        assert survivors(who, 5.0, force=True) == []


def test_a_program_that_cannot_start_leaves_no_note(tmp_path: Path) -> None:
    with pytest.raises(ProgramMissing):
        spawn(Command(("no-such-program",), environment()), tmp_path / "log", tmp_path / "note")
    assert not (tmp_path / "note").exists()
    with pytest.raises(FileFailed):
        spawn(python(""), tmp_path / "no" / "log", tmp_path / "note")
    with pytest.raises(ProgramFailed):
        spawn(python(""), tmp_path / "log", tmp_path / "no" / "note")


def test_a_number_given_to_another_is_not_the_process(tmp_path: Path) -> None:
    """Ours, this very test's, stands for the stranger: asked to end the old one, nothing may happen to it."""
    me = processes.identity(os.getpid())
    assert me is not None
    assert processes.alive(me)
    for old in (Identity(me.pid, me.start - 1, me.boot), Identity(me.pid, me.start, "another boot")):
        assert not processes.alive(old)
        processes.end(old, force=True)
        assert processes.members(old) == []
        assert survivors(old, 0.1, force=True) == []


def test_a_dead_one_that_nobody_collected_is_dead(tmp_path: Path) -> None:
    child = os.fork()
    if not child:
        os._exit(0)
    deadline = clock.ticks() + 5
    while processes.runs(child) and clock.ticks() < deadline:
        clock.sleep(0.01)
    try:
        assert not processes.runs(child)
        assert processes.identity(child) is None
    finally:
        os.waitpid(child, 0)


def test_a_name_with_blanks_and_brackets_is_read_right(tmp_path: Path) -> None:
    program = tmp_path / "a) R (b"
    program.symlink_to("/bin/sleep")
    who: list[Identity] = []
    stopper = threading.Timer(0.3, lambda: processes.end(who[0], force=True))
    stopper.start()
    run(Command((str(program), "60"), environment()), who.append)
    assert who[0].start > 0
