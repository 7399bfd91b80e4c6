"""What is the same for every command: languages, shared options, mistakes of usage, exit statuses, streams."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from smena import __version__, errors
from smena.cli import entry
from smena.cli.frame import Command, Frame, asks
from smena.cli.root import root
from smena.text import _

Smena = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize("arguments", [["--version"], ["--version", "--lang", "ru"]])
def test_version(smena: Smena, arguments: list[str]) -> None:
    done = smena(*arguments)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"smena {__version__}\n", "")


def test_version_for_programs(smena: Smena) -> None:
    assert json.loads(smena("--json", "--version").stdout) == {"version": __version__}


@pytest.mark.parametrize(
    ("env", "arguments", "russian"),
    [
        ({}, [], False),
        ({"LANG": "ru_RU.UTF-8"}, [], True),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": "C.UTF-8"}, [], False),
        ({"LANG": "C.UTF-8", "LC_MESSAGES": "ru_RU.UTF-8"}, [], True),
        ({"LC_ALL": "", "LANG": "ru"}, [], True),
        ({"LANG": "en_US.UTF-8", "SMENA_LANG": "ru"}, [], True),
        ({"LANG": "ru_RU.UTF-8", "SMENA_LANG": "en"}, [], False),
        ({"SMENA_LANG": "de", "LANG": "ru_RU.UTF-8"}, [], True),
        ({"SMENA_LANG": "ru"}, ["--lang", "en"], False),
        ({}, ["--lang=ru"], True),
        ({"LANGUAGE": "ru"}, ["--lang", "en"], False),
    ],
)
def test_language(smena: Smena, env: dict[str, str], arguments: list[str], russian: bool) -> None:
    shown = smena("--help", *arguments, env=env | {"PYTHONUTF8": "1"}).stdout
    assert ("Использование:" in shown) is russian
    assert ("Usage:" in shown) is not russian
    assert ("Команды:" in shown) is russian


def test_a_terminal_that_knows_no_cyrillic(environment: dict[str, str]) -> None:
    poor = environment | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "smena", "--lang", "ru"]
    done = subprocess.run([*command, "--help"], env=poor, capture_output=True, check=True)
    assert done.stdout.isascii()
    done = subprocess.run([*command, "product", "list", "--json"], env=poor, capture_output=True, check=True)
    assert "серверные редакции" in done.stdout.decode("utf-8")  # JSON is UTF-8 whatever the terminal speaks


def test_no_english_word_is_left_in_russian_help(smena: Smena) -> None:
    shown = smena("path", "--help", "--lang", "ru").stdout
    for word in ("Usage", "Options", "Examples", "arguments", "Show", "[OPTIONS]"):
        assert word not in shown


@pytest.mark.parametrize(
    ("arguments", "english", "russian"),
    [
        (["--verison"], "No such option '--verison'.", "Нет параметра '--verison'."),
        (["pth"], "Did you mean 'path'?", "Возможно, вы имели в виду 'path'?"),
        (["path"], "Missing argument 'PRODUCT'.", "Не хватает аргумента 'ПРОДУКТ'."),
        (["path", "a", "1", "2", "3"], "Got unexpected extra argument (3)", "Лишний аргумент (3)"),
        (["--lang"], "Option '--lang' requires an argument.", "Параметру '--lang' нужно значение."),
        (["--lang", "de"], "'de' is not one of 'en', 'ru'.", "'de' не подходит; можно: 'en', 'ru'."),
    ],
)
def test_wrong_usage_in_both_languages(smena: Smena, arguments: list[str], english: str, russian: str) -> None:
    for language, words in (("en", english), ("ru", russian)):
        done = smena(*arguments, env={"SMENA_LANG": language, "PYTHONUTF8": "1"})
        assert done.returncode == 2
        assert done.stdout == ""
        assert words in done.stderr
        assert "--help" in done.stderr


def test_wrong_usage_for_programs(smena: Smena) -> None:
    done = smena("path", "--json")
    assert (done.returncode, done.stderr) == (2, "")
    error = json.loads(done.stdout)["error"]
    assert error == {
        "code": "usage",
        "message": "Missing argument 'PRODUCT'.",
        "why": [],
        "hint": "smena path --help",
    }


def test_no_command_shows_the_help_and_is_wrong_usage(smena: Smena) -> None:
    done = smena()
    assert done.returncode == 2
    assert "Commands:" in done.stderr
    assert json.loads(smena("--json").stdout)["error"]["message"] == "Missing command."
    assert json.loads(smena("--json", "product").stdout)["error"]["message"] == "a command is missing"


@pytest.mark.parametrize("arguments", [["--json", "completion", "bash"], ["completion", "bash", "--json"]])
def test_shared_options_stand_on_either_side(smena: Smena, arguments: list[str]) -> None:
    assert json.loads(smena(*arguments).stdout)["shell"] == "bash"


def test_after_two_hyphens_nothing_is_an_option(smena: Smena) -> None:
    done = smena("completion", "--", "--json")
    assert done.returncode == 2
    assert "'--json'" in done.stderr


def test_stdout_that_nobody_reads_is_quiet(environment: dict[str, str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "smena", "--help"], env=environment, stdout=writer, stderr=subprocess.PIPE, text=True
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (entry.READER_GONE, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_behind_the_output_is_an_error_in_words(environment: dict[str, str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "smena", "--help"], env=environment, stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 1
    assert "cannot write the answer" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_closed_stdout_is_no_bug(environment: dict[str, str]) -> None:
    done = subprocess.run(
        ["sh", "-c", f"'{sys.executable}' -m smena --help >&-"], env=environment, stderr=subprocess.PIPE, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def in_terminal(environment: dict[str, str], *arguments: str) -> str:
    """What a terminal of 60 columns shows."""
    main, side = pty.openpty()
    subprocess.run(["stty", "cols", "60"], stdin=side, check=True)
    command = [sys.executable, "-m", "smena", *arguments]
    process = subprocess.Popen(command, env=environment, stdin=side, stdout=side, stderr=side)
    os.close(side)
    shown = b""
    while True:
        try:
            part = os.read(main, 4096)
        except OSError:  # how a terminal says that everybody has left
            break
        if not part:
            break
        shown += part
    process.wait(10)
    os.close(main)
    return shown.decode()


def test_colour_and_width_only_on_a_terminal(environment: dict[str, str], smena: Smena) -> None:
    shown = in_terminal(environment | {"TERM": "xterm"}, "--nothing")
    assert "\x1b[31m" in shown
    assert max(len(line) for line in in_terminal(environment, "--help").splitlines()) <= 60
    assert "\x1b" not in in_terminal(environment | {"TERM": "xterm", "NO_COLOR": "1"}, "--nothing")
    assert "\x1b" not in in_terminal(environment | {"TERM": "dumb"}, "--nothing")
    assert "\x1b" not in smena("--nothing").stderr


def test_ctrl_c(environment: dict[str, str], tmp_path: Path) -> None:
    waiting = tmp_path / "waiting.py"
    waiting.write_text(
        "import time, click\n"
        "from smena.cli.frame import Command\nfrom smena.cli.root import root\nfrom smena.text import _\n"
        "def wait():\n    print('ready', flush=True)\n    time.sleep(60)\n"
        "root.add_command(Command('wait', words=_('Wait.'), callback=wait))\n"
        "from smena.cli.entry import run\nraise SystemExit(run())\n"
    )
    process = subprocess.Popen(
        [sys.executable, str(waiting), "wait"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _out, words = process.communicate(timeout=10)
    assert process.returncode == 130
    assert "Traceback" not in words


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, click.Command]:
    """The table of commands, to put one of our own in; smena is then called in this process."""
    commands = dict(root.commands)
    monkeypatch.setattr(root, "commands", commands)
    monkeypatch.setenv("SMENA_LANG", "en")
    monkeypatch.setenv("LANGUAGE", "")
    monkeypatch.setenv("SMENA_HOME", str(tmp_path))
    monkeypatch.setattr(entry, "_tolerate_any_name", lambda: None)  # pytest holds the streams
    monkeypatch.setattr(entry, "_forget_output", lambda: None)
    return commands


def put(commands: dict[str, click.Command], callback: Callable[..., object]) -> None:
    commands["own"] = Command("own", words=_("Own."), callback=callback)


def test_every_error_has_the_exit_status_of_its_branch(
    commands: dict[str, click.Command], capsys: pytest.CaptureFixture[str]
) -> None:
    for kind in errors.all_errors():

        def refuse(kind: type[errors.SmenaError] = kind) -> None:
            raise kind(_("cannot do it"), why=[_("one"), _("two")], state=_("as before"), hint=_("smena doctor"))

        put(commands, refuse)
        assert entry.run(["own"]) == kind.exit
        shown = capsys.readouterr()
        assert shown.out == ""
        assert shown.err == "Error: cannot do it\n  - one\n  - two\nNow: as before\nNext: smena doctor\n"
        assert entry.run(["own", "--json"]) == kind.exit
        shown = capsys.readouterr()
        assert shown.err == ""
        assert json.loads(shown.out)["error"] == {
            "code": kind.code,
            "message": "cannot do it",
            "why": ["one", "two"],
            "state": "as before",
            "hint": "smena doctor",
        }


def test_a_bug_is_written_down_without_secrets_and_shown_without_traceback(
    commands: dict[str, click.Command], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def fail() -> None:
        raise RuntimeError("db.password=hunter2 is odd")

    put(commands, fail)
    assert entry.run(["own"]) == 70
    shown = capsys.readouterr().err
    assert "Traceback" not in shown
    assert "hunter2" not in shown
    [written] = (tmp_path / "bugs").iterdir()
    assert str(written) in shown
    assert written.stat().st_mode & 0o077 == 0
    details = written.read_text(encoding="utf-8")
    assert "RuntimeError" in details
    assert "hunter2" not in details
    assert entry.run(["own", "--json"]) == 70
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "bug"


def test_debug_shows_where(commands: dict[str, click.Command], capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise RuntimeError("odd")

    put(commands, fail)
    assert entry.run(["own", "--debug"]) == 70
    assert "RuntimeError: odd" in capsys.readouterr().err


def test_a_bug_without_a_writable_home_is_still_told(
    commands: dict[str, click.Command], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def fail() -> None:
        raise RuntimeError

    put(commands, fail)
    (tmp_path / "file").write_text("")
    assert entry.run(["own", "--home", str(tmp_path / "file")]) == 70
    assert "could not be written down" in capsys.readouterr().err


def test_a_question_without_a_terminal_needs_a_person(
    commands: dict[str, click.Command], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    @click.command("own", cls=Command, words=_("Own."))
    @asks()
    @click.pass_obj
    def ask(frame: Frame) -> None:
        answer = frame.confirmed(_("remove it?"))
        frame.out.show({"answer": answer}, lambda page: page.line(str(answer)))

    commands["own"] = ask
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        assert entry.run(["own"]) == 4
        assert "remove it?" in capsys.readouterr().err
        assert entry.run(["own", "--yes"]) == 0
        assert capsys.readouterr().out == "True\n"


def test_remarks_go_to_stderr_unless_quiet(
    commands: dict[str, click.Command], capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command("own", cls=Command, words=_("Own."))
    @click.pass_obj
    def remark(frame: Frame) -> None:
        frame.out.remark(_("by the way"))

    commands["own"] = remark
    assert entry.run(["own"]) == 0
    assert capsys.readouterr().err == "by the way\n"
    assert entry.run(["own", "--quiet"]) == 0
    assert capsys.readouterr().err == ""
