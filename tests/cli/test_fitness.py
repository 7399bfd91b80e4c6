"""What smena refuses at its start: the wrong Python on Windows, and a caller who may not change the host."""

from __future__ import annotations

from pathlib import Path

import pytest

from smena.cli import entry
from smena.errors import NotElevated, NotOnThisPlatform
from smena.host.native import rights
from smena.service import fitness, turns

_NARROW, _WIDE = (1 << 31) - 1, (1 << 63) - 1


def test_a_narrow_python_is_refused_on_windows_only() -> None:
    fitness.refuse_interpreter("linux", _NARROW)
    fitness.refuse_interpreter("win32", _WIDE)
    with pytest.raises(NotOnThisPlatform, match="32-bit") as caught:
        fitness.refuse_interpreter("win32", _NARROW)
    assert "py -3-64" in str(caught.value.hint)
    assert caught.value.exit == 3


def test_every_command_that_has_a_home_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fitness.refuse_interpreter, "__defaults__", ("win32", _NARROW))
    assert entry.run(["--home", str(tmp_path), "instance", "list"]) == 3
    assert "32-bit Python" in capsys.readouterr().err
    assert entry.run(["--version"]) == 0
    assert list(tmp_path.iterdir()) == []


def test_nobody_takes_a_turn_without_rights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with turns.turn(tmp_path, "a", "trying"):
        pass
    monkeypatch.setattr(rights, "NEEDED", True)
    monkeypatch.setattr(rights, "everything", lambda: False)
    with pytest.raises(NotElevated) as caught, turns.turn(tmp_path / "other", "a", "trying"):
        pass
    assert str(caught.value.hint).endswith(fitness.ADMINISTRATOR)
    assert caught.value.exit == 3
    assert not (tmp_path / "other").exists()
    monkeypatch.setattr(rights, "everything", lambda: True)
    with turns.turn(tmp_path, "a", "trying"):
        pass
