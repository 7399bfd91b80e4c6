"""Tasks of Windows' scheduler as text: written, given back by Windows in its own words, compared by meaning."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from smena.drivers.task_text import Action, meaning, text

_ACTION = Action(r"C:\Program Files\Python\python.exe", r'-c "a & b < c" run "C:\вход"', r"C:\ProgramData\smena\runs\a")


def written(*, at_boot: bool = False, action: Action = _ACTION) -> str:
    return text(action, "smena: a", at_boot=at_boot).decode("utf-16")


def test_what_a_task_of_ours_says() -> None:
    raw = text(_ACTION, "smena: a", at_boot=False)
    assert raw.startswith(b"\xff\xfe")  # the scheduler wants UTF-16 with its mark
    said = raw.decode("utf-16")
    for part in (
        "<UserId>S-1-5-18</UserId>",
        "<RunLevel>HighestAvailable</RunLevel>",
        "<ExecutionTimeLimit>PT0S</ExecutionTimeLimit>",
        "<MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>",
        "<DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>",
        "<StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>",
        "<StopOnIdleEnd>false</StopOnIdleEnd>",
        r"<Command>C:\Program Files\Python\python.exe</Command>",
        "a &amp; b &lt; c",
    ):
        assert part in said
    assert "BootTrigger" not in said
    assert "<BootTrigger>" in written(at_boot=True)


@pytest.mark.parametrize("at_boot", [False, True])
def test_it_means_what_was_meant(at_boot: bool) -> None:
    found = meaning(written(at_boot=at_boot))
    assert (found.at_boot, found.enabled, found.user) == (at_boot, True, "S-1-5-18")
    assert found.action.program == _ACTION.program
    assert found.action.arguments == r'-c "a & b < c" run "C:\????"'


def test_as_windows_gives_it_back() -> None:
    """It says UTF-16 and comes in the console's bytes, has an address of its own, leaves out what is usual."""
    told = written(at_boot=True)
    told = told.replace("<Author>smena</Author>", "<Author>smena</Author><URI>\\smena\\recover</URI>")
    told = re.sub(r"\s*<(Hidden|WakeToRun|AllowHardTerminate)>\w+</\1>", "", told)
    told = told.replace("</Settings>", "<UseUnifiedSchedulingEngine>true</UseUnifiedSchedulingEngine></Settings>")
    told = told.replace("вход", "????").replace("S-1-5-18", "SYSTEM").replace("\n", "\r\n")
    assert meaning(told) == meaning(written(at_boot=True))


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        ("PT0S", "PT72H"),
        ("S-1-5-18", "S-1-5-21-1-2-3-500"),
        ("HighestAvailable", "LeastPrivilege"),
        ("<StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>", ""),
        ("<Enabled>true</Enabled>", "<Enabled>false</Enabled>"),
        ("python.exe", "other.exe"),
        ("<BootTrigger>", "<LogonTrigger>"),
        ("<StopOnIdleEnd>false", "<StopOnIdleEnd>true"),
    ],
)
def test_another_task_is_another(there: str, instead: str) -> None:
    told = written(at_boot=True)
    changed = told.replace(there, instead).replace(
        "</BootTrigger>", f"</{'Logon' if 'Logon' in instead else 'Boot'}Trigger>"
    )
    assert changed != told
    assert meaning(changed) != meaning(told)


def test_what_is_no_task() -> None:
    for told in ("", "ERROR: Access is denied.", "<Task"):
        with pytest.raises(ValueError):
            meaning(told)


def test_no_entity_is_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden", "ascii")
    told = f'<!DOCTYPE t [<!ENTITY e SYSTEM "{secret.as_uri()}">]>' + written().split("?>", 1)[1].replace(
        "smena: a", "&e;"
    )
    assert "hidden" not in str(meaning(told))
