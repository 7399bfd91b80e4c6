"""Windows programs through Wine: every word arrives as it was, and the whole exit status comes back."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from smena.errors import ProgramFailed
from smena.host import drives, programs
from support import wine

_SOURCE = Path(wine.__file__).parent / "windows" / "args.c"
_TELLS = r"C:\tell args.exe"
_STARTER = """#!/bin/sh
if [ -s {left} ]; then
    sed -i 1d {left}
    {failure}
fi
exec {real} "$@"
"""


@pytest.fixture(scope="module")
def told(shared_prefix: Path, built: Path) -> Path:
    made = wine.build(_SOURCE, built / "args.exe")
    shutil.copy(made, shared_prefix / "drive_c" / "tell args.exe")
    return shared_prefix


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("status", [0, 1, 67, 1603, 3010, -1])
def test_the_whole_exit_status(status: int) -> None:
    assert programs.run([_TELLS, str(status)]).status == status


@pytest.mark.usefixtures("told")
def test_every_word_arrives() -> None:
    words = [
        "a b",
        "",
        'q"uo\\"te',
        "C:\\Program Files\\",
        "%PATH%",
        "%SystemDrive%\\inetpub\\%x%",
        "100%",
        "!PATH!",
        "a&b",
        "a^b|c>d<e",
        "(x)",
        "Логин №1 & ко",
        "/name:Сайт",
        "start=",
        "'",
        "*.cfg",
    ]
    outcome = programs.run([_TELLS, "0", *words])
    assert outcome.out.splitlines() == [f"[{word}]" for word in ["0", *words]]


@pytest.mark.usefixtures("told")
def test_a_status_that_is_not_good_is_an_error_without_secrets() -> None:
    with pytest.raises(ProgramFailed) as caught:
        programs.run([_TELLS, "1603", "TOKEN=s3cret"], good=[0, 3010], secrets=["s3cret"])
    told = str(caught.value.message) + "".join(str(line) for line in caught.value.why)
    assert "1603" in told
    assert "s3cret" not in told


@pytest.mark.usefixtures("told")
def test_a_program_that_is_missing_has_a_status_too() -> None:
    assert programs.run(["no-such-program.exe"]).status == 9009


@pytest.mark.usefixtures("told")
def test_windows_own_programs_answer() -> None:
    outcome = programs.run(["reg", "query", r"HKLM\SYSTEM\CurrentControlSet\Services\Schedule", "/v", "Start"])
    assert "REG_DWORD" in outcome.out
    assert outcome.status == 0


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("failure", ["echo ShellExecuteEx failed: Internal error.; exit 1", "SMENA_COMMAND=nothing"])
@pytest.mark.parametrize("failures", [0, 2, 3])
def test_what_wine_did_not_bring_up_is_begun_again(
    failures: int, failure: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wine's own starter fails now and then; a program that has begun is never run a second time."""
    real, left = shutil.which("wine"), tmp_path / "left"
    left.write_text("x\n" * failures, "ascii")
    (tmp_path / "wine").write_text(_STARTER.format(left=left, real=real, failure=failure), "ascii")
    (tmp_path / "wine").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    if failures < 3:
        assert programs.run([_TELLS, "7", "once"]).out.splitlines() == ["[7]", "[once]"]
    elif "exit" in failure:
        with pytest.raises(ProgramFailed) as caught:
            programs.run([_TELLS, "7"])
        assert "Internal error" in str(caught.value.why[0])
    else:
        assert programs.run([_TELLS, "7"]).status == 9009


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["sc", "query", "loginom"], "sc query loginom"),
        ([r"C:\a b\c.exe", "/x"], r'"C:\a b\c.exe" /x'),
        (["msiexec", "INSTALLDIR=C:\\a b\\"], 'msiexec INSTALLDIR="C:\\a b\\\\"'),
        (["p", "50%"], 'p "50"%""'),
        (["p", 'a"b'], r'p "a\"b"'),
    ],
)
def test_the_command_line(args: list[str], line: str) -> None:
    assert programs.line(args) == line


def test_without_a_prefix_programs_run_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(drives.VARIABLE, raising=False)
    assert programs.run(["sh", "-c", "printf '\\217\\343\\342\\354'; exit 3"])[:2] == (3, "Путь")
